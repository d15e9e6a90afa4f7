import { describe, expect, it } from '@jest/globals';
import { call, member } from '../../../src/kql/parser/foreign.ts';
import { buildGlobals, withParameters } from '../../../src/kql/parser/globals.ts';
import { prepareQuery } from '../../../src/kql/prepare-query.ts';
import type { ParamValue } from '../../../src/kql/prepared.ts';

const schema = () => ({ tables: { T: [{ name: 'A', type: 'long' as const }] }, functions: [] });

it('a view has its maps before the first analysis, whose copy would make its own', async () => {
  const globals = await buildGlobals(schema());
  const copy = call(globals, 'WithCache');
  expect(copy).not.toBe(globals);
  for (const map of [
    'functionsMap',
    'aggregatesMap',
    'pluginMap',
    'operatorMap',
    'reverseClusterMap',
    'reverseDatabaseMap',
  ]) {
    expect(member(globals, map)).toEqual(expect.any(Object));
    expect(member(copy, map)).toBe(member(globals, map));
  }
});

describe('a view with names from outside', () => {
  it('is taken again for the same names of the same types, and for no others', async () => {
    const globals = await buildGlobals(schema());
    const view = await withParameters(globals, { x: 'long' });
    expect(await withParameters(globals, { x: 'long' })).toBe(view);
    expect(await withParameters(globals, { x: 'string' })).not.toBe(view);
    expect(await withParameters(globals, { y: 'long' })).not.toBe(view);
    expect(await withParameters(await buildGlobals(schema()), { x: 'long' })).not.toBe(view);
    expect(await withParameters(globals, { x: 'long' })).toBe(view);
  });

  it('is made anew after a hundred queries, so that what it notes of them does not pile up', async () => {
    const globals = await buildGlobals(schema());
    const view = await withParameters(globals, { x: 'long' });
    for (let use = 1; use < 100; use += 1) expect(await withParameters(globals, { x: 'long' })).toBe(view);
    expect(await withParameters(globals, { x: 'long' })).not.toBe(view);
  });

  it('lets no query see what another one declared', async () => {
    const options = { basis: 'ingestion', tables: {}, shape: null, keepFilters: 'never', lookbackMs: null } as const;
    const codes = async (text: string, params: Record<string, ParamValue> = {}): Promise<readonly string[]> =>
      (await prepareQuery(text, { ...options, params })).findings.map(({ code }) => code);
    expect(await codes('let mine = DeviceEvents | extend Own = 1; mine | where Own == 1')).toEqual([]);
    expect(await codes('DeviceEvents | where Own == 1')).toEqual(['KS142']);
    expect(await codes('DeviceEvents | where DeviceName == given', { given: 'pc' })).toEqual([]);
    expect(await codes('DeviceEvents | where DeviceName == given')).toEqual(['KS142']);
    expect(await codes('let f = (T: (*)) { T | extend Own = 1 }; f(DeviceEvents) | where Own == 1')).toEqual([]);
    expect(await codes('let f = (T: (*)) { T | extend Other = 1 }; f(DeviceEvents) | where Own == 1')).toEqual([
      'KS142',
    ]);
  });
});
