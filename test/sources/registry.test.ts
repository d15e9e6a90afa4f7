import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { SOURCES } from '../../src/sources/registry.ts';
import type { Source } from '../../src/sources/source.ts';
import { depsOf, makeSource, secretAuth } from './stand-in.ts';

const AUTH = secretAuth('http://127.0.0.1:1');

/** The settings with their defaults, as the configuration would fill them in. */
function withDefaults(api: string, settings: object = {}): Record<string, unknown> {
  const ajv = new Ajv2020({ strict: false, useDefaults: true, formats: { password: true } });
  const filled = { api, ...settings };
  const validate = ajv.compile(SOURCES.get(api)?.configSchema ?? {});
  if (!validate(filled)) throw new Error(ajv.errorsText(validate.errors));
  return filled;
}

async function traitsOf(api: string, settings: object = {}): Promise<Source> {
  const source = makeSource(api, withDefaults(api, settings), depsOf(AUTH));
  await source.close();
  return source;
}

describe('SOURCES', () => {
  it('names every plugin as it names itself', () => {
    for (const [name, plugin] of SOURCES) expect(plugin.name).toBe(name);
    expect([...SOURCES.keys()]).toEqual(expect.arrayContaining(['graph', 'xdr', 'mde']));
  });

  it.each(['graph', 'xdr', 'mde'])('%s refuses settings that it does not know, and empty ones', (api) => {
    expect(() => withDefaults(api, { timeout: 5 })).toThrow('additional properties');
    expect(() => withDefaults(api, { limits: { rows: 5 } })).toThrow('additional properties');
    expect(() => withDefaults(api, { limits: { maxRows: 0 } })).toThrow('>= 1');
    expect(() => withDefaults(api, { cloud: 'china' })).toThrow('allowed values');
  });

  it('gives mde the limits that its page states, less the room we leave', async () => {
    const { quota, maxRows, retentionMs, retiresOn } = await traitsOf('mde');
    expect({ quota, maxRows, retentionMs, retiresOn }).toEqual({
      quota: {
        callsPerMinute: 40,
        callsPerHour: 1400,
        runSecondsPerHour: 600,
        runSecondsPerDay: 10_800,
        concurrency: 3,
      },
      maxRows: 100_000,
      retentionMs: 30 * 86_400_000,
      retiresOn: '2027-02-01',
    });
    expect(withDefaults('mde')).toMatchObject({
      cloud: 'public',
      timeoutSeconds: 240,
      limits: { maxBytes: 124_000_000 },
    });
  });

  it('limits no run time of graph and xdr, and only xdr ends', async () => {
    const [graph, xdr] = await Promise.all([traitsOf('graph'), traitsOf('xdr')]);
    expect([graph.quota.runSecondsPerHour, xdr.quota.runSecondsPerDay]).toEqual([null, null]);
    expect([graph.retiresOn, xdr.retiresOn]).toEqual([null, '2027-02-01']);
  });

  it('takes regions for the older APIs only', () => {
    expect(withDefaults('mde', { region: 'eu' })).toMatchObject({ region: 'eu' });
    expect(() => withDefaults('graph', { region: 'eu' })).toThrow('additional properties');
  });

  it('does not make a source without credentials', () => {
    expect(() => makeSource('graph', {}, depsOf(null))).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});
