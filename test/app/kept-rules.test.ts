import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type LoadedFiles, loadRuleFiles } from '../../src/app/app-rules.ts';
import { runnerKeeping } from '../../src/cli/kept/keeping.ts';
import { readConfig } from '../../src/cli/read-config.ts';
import { silentLog } from '../../src/lib/log.ts';
import type { FileKeeping } from '../../src/rules/kept/kept-reader.ts';
import type { Rule } from '../../src/rules/rule.ts';
import { createFakeWorld } from '../cli/fake-world.ts';

const CONFIG =
  'source: {api: local, path: data}\nrules: [rules/]\noverlays: [o.yaml]\ntargets: {out: {type: stdout}}\ndefaultTargets: [out]\nstate: {path: s.db}\n';
const OVERLAY = 'overlays: [{match: {ids: [one]}, set: {severity: high}}]\n';
const ruleText = (id: string, rest = ''): string =>
  `# ${id}\nid: ${id}\nname: R\nseverity: low\nparams: {big: 9007199254740993}\nquery: |\n  DeviceEvents\n  | where FileName == "${id}"\nschedule: {every: 1h}\n${rest}`;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kept-rules-'));
  mkdirSync(join(folder, 'rules'));
  write('huntwire.yaml', CONFIG);
  write('o.yaml', OVERLAY);
  write('rules/one.yaml', ruleText('one'));
  write('rules/two.yaml', ruleText('two', 'tests: [{name: t, rows: [{A: 1}], alerts: []}]\n'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);

/** Loads the rules as a runner of this build does, and counts what it need not read again. */
async function load(build: string | null): Promise<LoadedFiles & { readonly known: number }> {
  let known = 0;
  const counting = (kept: FileKeeping): FileKeeping => ({
    ...kept,
    cache: {
      ...kept.cache,
      get: async (key) => {
        const value = await kept.cache.get(key);
        if (value !== null) known += 1;
        return value;
      },
    },
  });
  const keepsRules = (state: string): FileKeeping | null => {
    const kept = build === null ? null : runnerKeeping(state, build);
    return kept && counting(kept);
  };
  const config = readConfig(createFakeWorld(folder), 'huntwire.yaml');
  const loaded = await loadRuleFiles(config, { log: silentLog, place: 'in-process', keepsRules });
  return { ...loaded, known };
}

/** All that a rule says, and where. */
function told({ rules }: LoadedFiles): unknown {
  const placesOf = ({ map, query }: Rule): unknown => [
    map.file,
    map.folds,
    ...[...query].map((_, offset) => map.place(offset)),
    map.placeOf(['schedule', 'every']),
    map.textPlace(['name'], 0),
    map.comments?.('o'),
    map.overlaid?.map(({ path, kind, at }) => [path, kind, at]),
  ];
  return rules.map((rule) => [{ ...rule, map: null }, placesOf(rule)]);
}

describe('rules that a runner has read before', () => {
  it('are the same to the last place, and are not read again', async () => {
    const anew = told(await load(null));
    const first = await load('build');
    first.keep();
    const second = await load('build');
    second.keep();
    expect([first.known, second.known]).toEqual([0, 2]);
    expect(told(first)).toEqual(anew);
    expect(told(second)).toEqual(anew);
  });

  it('are read again where they were edited, and all of them by another build', async () => {
    (await load('build')).keep();
    write('rules/one.yaml', ruleText('one').replace('low', 'medium'));
    write('o.yaml', OVERLAY.replace('one', 'two'));
    const edited = await load('build');
    expect(edited.known).toBe(1);
    expect(edited.rules.map(({ severity }) => severity)).toEqual(['medium', 'high']);
    expect((await load('other build')).known).toBe(0);
    edited.keep();
  });

  it('leave nothing behind where one of them is broken', async () => {
    write('rules/two.yaml', ruleText('one'));
    await expect(load('build')).rejects.toMatchObject({ code: 'RULE_INVALID' });
    expect(existsSync(join(folder, 's.db.rules'))).toBe(false);
  });
});
