import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Alert } from '../../src/alerts/alert.ts';
import { loadRuleFiles } from '../../src/app/app-rules.ts';
import { runCli } from '../../src/cli/cli.ts';
import { once } from '../../src/cli/once.ts';
import { readConfig } from '../../src/cli/read-config.ts';
import { silentLog } from '../../src/lib/log.ts';
import { createFakeWorld } from '../cli/fake-world.ts';

const GOOD = 'id: good\nname: G\nseverity: low\nquery: DeviceEvents\nschedule: {every: 1h}\n';
const CONFIG =
  'source: {api: local, path: data}\nrules: [rules/]\ntargets: {out: {type: stdout}}\ndefaultTargets: [out]\nstate: {path: s.db}\n';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'skip-broken-'));
  mkdirSync(join(folder, 'rules'));
  write('huntwire.yaml', CONFIG);
  write('rules/good.yaml', GOOD);
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);

async function loaded(skipsBroken: boolean) {
  const told: string[] = [];
  const log = { ...silentLog, error: (_message: string, fields?: object) => told.push(JSON.stringify(fields)) };
  const { rules } = await loadRuleFiles(readConfig(createFakeWorld(folder), 'huntwire.yaml'), {
    ...{ log, skipsBroken, place: 'in-process' },
  });
  return { ids: rules.map(({ id }) => id), told };
}

describe('a host that skips what is broken', () => {
  it('leaves a broken rule out and tells it, and an id that is there twice', async () => {
    write('rules/broken.yaml', GOOD.replace('good', 'broken').replace('schedule', 'schedul'));
    write('rules/twice.yaml', GOOD);
    const { ids, told } = await loaded(true);
    expect(ids).toEqual(['good']);
    expect(told.join('\n')).toContain('Unknown key \\"schedul\\"');
    expect(told.join('\n')).toContain('The id \\"good\\" is already taken by');
    await expect(loaded(false)).rejects.toMatchObject({ code: 'RULE_INVALID' });
  });

  it.each([
    [
      'an overlay',
      () => write('huntwire.yaml', `${CONFIG}overlays: [o.yaml]\n`),
      () => write('o.yaml', 'overlays: 5\n'),
    ],
    [
      'a path that leads nowhere',
      () => write('huntwire.yaml', CONFIG.replace('rules/]', 'rules/, no/]')),
      () => undefined,
    ],
    ['all there is', () => write('rules/good.yaml', GOOD.replace('schedule', 'schedul')), () => undefined],
  ])('does not start where it is %s', async (_, one, other) => {
    one();
    other();
    await expect(loaded(true)).rejects.toMatchObject({ code: 'RULE_INVALID' });
  });
});

/** Counts of one host are told, and told again when it is over. */
const COUNTED = GOOD.replace(
  'query: DeviceEvents\nschedule: {every: 1h}',
  'query: DeviceEvents | summarize n = count() by DeviceName\nschedule: {every: 1h, lookback: 2h}\nalert: {per: run}',
);

describe('once that skips what is broken', () => {
  const told = (): readonly Alert[] =>
    existsSync(join(folder, 'out.jsonl'))
      ? readFileSync(join(folder, 'out.jsonl'), 'utf8')
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line))
      : [];
  const titles = (): readonly string[] => told().map(({ title, revision }) => `${revision} ${title}`);
  const runOnce = (...more: readonly string[]): Promise<number> =>
    runCli(['once', ...more], createFakeWorld(folder), [once]);

  it('runs the others, tells each file until it is mended, and ends no alert of a rule that it cannot read', async () => {
    write('huntwire.yaml', CONFIG.replace('{type: stdout}', '{type: file, path: out.jsonl}'));
    mkdirSync(join(folder, 'data'));
    const at = new Date(Date.now() - 30 * 60_000).toISOString();
    write('data/DeviceEvents.jsonl', `${JSON.stringify({ Timestamp: at, DeviceName: 'pc1' })}\n`);
    write('rules/counted.yaml', COUNTED.replace('id: good', 'id: counted').replace('name: G', 'name: C'));
    expect(await runOnce()).toBe(0);
    expect(titles().filter((title) => title === '0 C')).toHaveLength(1);

    write('rules/counted.yaml', 'id: counted\nname: C\nquery: [');
    expect(await runOnce()).toBe(2);
    expect(await runOnce('--skip-broken', '--dry-run')).toBe(0);
    const before = told().length;
    expect(await runOnce('--skip-broken')).toBe(0);
    expect(await runOnce('--skip-broken')).toBe(0);
    const [left, ...others] = told().slice(before);
    expect(others).toEqual([]);
    expect(left).toMatchObject({ kind: 'health', severity: 'high', status: 'firing' });
    expect(left?.title).toMatch(/^Broken rule is left out: .*counted\.yaml$/);
    expect(left?.description).toContain('counted.yaml:');

    rmSync(join(folder, 'rules/counted.yaml'));
    expect(await runOnce()).toBe(0);
    const last = told().slice(before + 1);
    expect(last.map(({ kind, status, revision }) => [kind, status, revision])).toEqual([
      ['detection', 'resolved', 1],
      ['health', 'resolved', 1],
    ]);
    expect(last[1]?.id).toBe(left?.id);
  });
});
