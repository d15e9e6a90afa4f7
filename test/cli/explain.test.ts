import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCli } from '../../src/cli/cli.ts';
import { explain } from '../../src/cli/explain.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createArrivalBook } from '../../src/run/arrivals/arrival-book.ts';
import { openSqliteStore } from '../../src/state/sqlite-store.ts';
import { ruleText } from '../rules/rule-text.ts';
import { createFakeWorld } from './fake-world.ts';

const CONFIG = `source: {api: graph}
auth: {tenantId: t, clientId: c, clientSecret: "\${env:NOT_SET}"}
rules: [rules/]
overlays: [overlays/]
targets: {soar: {type: stdout, digest: {every: 1h}, escalate: {after: 15m, to: [pager]}}, pager: {type: file, path: p}}
defaultTargets: [soar]
redact: {columns: [AccountUpn], how: hash}
`;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'explain-test-'));
  for (const name of ['rules', 'overlays']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'huntwire.yaml'), CONFIG);
  writeFileSync(join(folder, 'rules/a.yaml'), ruleText({ name: '"Odd \\e[31m name"' }));
  writeFileSync(join(folder, 'overlays/o.yaml'), 'overlays: [{match: {ids: [some-rule]}, set: {suppress: 4h}}]\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...words: readonly string[]) {
  const world = createFakeWorld(folder);
  const exitCode = await runCli(['explain', ...words], world, [explain]);
  return { exitCode, out: world.out(), err: world.err() };
}

describe('explain', () => {
  it('prints one document with what the rule is, its targets and overlays, without secrets', async () => {
    const { exitCode, out } = await run('some-rule', '--format', 'json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      rule: 'some-rule',
      shape: 'stream',
      tenants: ['default'],
      targets: [
        {
          target: 'soar',
          because: 'a default target, as no route matches',
          digest: { every: '1h' },
          escalate: { after: '15m', to: ['pager'] },
        },
      ],
      overlays: [{ path: 'alert.suppress', file: join(folder, 'overlays/o.yaml'), value: '4h' }],
      mapping: { suppress: '4h' },
      history: null,
    });
  });

  it('tells what becomes of a row on standard input, for each tenant or the one that is named', async () => {
    const world = createFakeWorld(folder);
    const words = ['explain', 'some-rule', '--row', '-', '--format', 'json', '--tenant', 'default'];
    const given = { ...world, readInput: async () => '{"Timestamp": "2026-01-01T00:00:00Z", "FileName": "none.exe"}' };
    expect(await runCli(words, given, [explain])).toBe(0);
    const { row } = JSON.parse(world.out());
    expect(row).toEqual([
      expect.objectContaining({ tenant: 'default', time: '2026-01-01T00:00:00.000Z', alert: null }),
    ]);
    const { exitCode, err } = await run('some-rule', '--row', 'nowhere.json');
    expect([exitCode, err]).toEqual([2, expect.stringContaining('--row: nowhere.json cannot be read')]);
    expect((await run('some-rule', '--tenant', 'defautl')).err).toContain('Did you mean "default"?');
  });

  it('tells what the state knows of a time, where there is one', async () => {
    expect((await run('some-rule', '--at', '1h')).out).not.toContain('What tenant');
    const state = join(folder, 'data/huntwire.db');
    await openSqliteStore({ path: state, clock: systemClock }).close();
    const { out } = await run('some-rule', '--at', '1h', '--format', 'json');
    const says = expect.arrayContaining([expect.stringContaining('knows nothing of this rule')]);
    expect(JSON.parse(out).history).toMatchObject([{ tenant: 'default', says, runs: [], ledger: [] }]);
    expect((await run('some-rule', '--at', '1h')).out).toContain('\nWhat tenant default knows of ');
    rmSync(join(folder, 'data'), { recursive: true });
  });

  it('asks for rows without ingestion time as runs do: not once a look has found none', async () => {
    const { out: before } = await run('some-rule');
    expect(before).toContain('isnull(ingestion_time())');
    const state = join(folder, 'data/huntwire.db');
    const store = openSqliteStore({ path: state, clock: systemClock });
    const now = systemClock.now();
    const note = { countedTo: now, probedAt: now - 1000, stampedSince: now - 9 * 86_400_000 };
    await createArrivalBook('default', 'graph', store.cache).keep('DeviceProcessEvents', note);
    await store.close();
    const { out } = await run('some-rule');
    expect(out).not.toContain('isnull(ingestion_time())');
    expect(out).toContain('ingestion_time() >= ');
    rmSync(join(folder, 'data'), { recursive: true });
  });

  it('lays overlays over a rule that is named by its file, too, and prints for people', async () => {
    const { exitCode, out } = await run('rules/a.yaml');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/alert\.suppress +"4h" +overlays\/o\.yaml:1/);
    expect(out).toContain('\ntenants: default\n');
    expect(out).toContain('// huntwire some-rule');
    expect(out).toContain('no route matches; in a digest every 1h; not acknowledged: to pager after 15m each');
    expect(out).toContain('96 calls a day');
    expect(out).not.toContain('\u001b');
  });

  it('names what the rule, by an overlay, and the configuration redact', async () => {
    const overlay = '{match: {ids: [some-rule]}, set: {redact: {columns: [DeviceName, Title], how: drop}}}';
    writeFileSync(join(folder, 'overlays/p.yaml'), `overlays: [${overlay}]\n`);
    const { out } = await run('some-rule');
    rmSync(join(folder, 'overlays/p.yaml'));
    expect(out).toContain('redacted by the rule: DeviceName, Title (drop)');
    expect(out).toContain('redacted by the configuration: AccountUpn (hash)');
    expect(JSON.parse((await run('some-rule', '--format', 'json')).out).mapping).toMatchObject({
      ...{ redact: null, redacted: [{ columns: ['AccountUpn'], how: 'hash', by: 'configuration' }] },
    });
  });

  it('explains the run that follows another time, on the clocks of its zone', async () => {
    const at = (time: string) => run('rules/a.yaml', '--at', time, '--format', 'json');
    const { out } = await at('2026-03-28T12:00:00+01:00');
    const told = JSON.parse(out);
    expect(told.at).toBe('2026-03-28T11:00:00.000Z');
    expect(Date.parse(told.next[0]) - Date.parse(told.at)).toBeLessThanOrEqual(15 * 60_000);
    expect(told.window.to < told.next[0]).toBe(true);
    expect(told.query).toContain('2026-03-28T1');
    const wrong = await at('yesterday');
    expect([wrong.exitCode, JSON.parse(wrong.out).error.message]).toEqual([
      2,
      expect.stringContaining('--at: "yesterday" is no time'),
    ]);
  });

  it('names the tenants that run the rule, and says so where none does', async () => {
    mkdirSync(join(folder, 'other'));
    writeFileSync(join(folder, 'other/b.yaml'), ruleText({ id: 'b' }));
    const tenant = (name: string, rules: string): string =>
      `  - {name: ${name}, source: {api: local, path: .}, rules: [${rules}]}\n`;
    const tenants = ['contoso', 'fabrikam', 'tailwind'].map((name, at) => tenant(name, at === 2 ? 'other/' : 'rules/'));
    writeFileSync(join(folder, 'two.yaml'), `tenants:\n${tenants.join('')}targets: {soar: {type: stdout}}\n`);
    const tenantsOf = async (rule: string, config: string): Promise<unknown> =>
      JSON.parse((await run(rule, '--config', config, '--format', 'json')).out).tenants;
    expect(await tenantsOf('some-rule', 'two.yaml')).toEqual(['contoso', 'fabrikam']);
    expect(await tenantsOf('rules/a.yaml', 'two.yaml')).toEqual(['contoso', 'fabrikam']);
    expect(await tenantsOf('other/b.yaml', 'two.yaml')).toEqual(['tailwind']);
    expect(await tenantsOf('other/b.yaml', 'huntwire.yaml')).toEqual([]);
    expect((await run('other/b.yaml')).out).toContain('no tenant runs it\n');
  });

  it('exits 2 where there is no such rule, and names the nearest', async () => {
    const { exitCode, err } = await run('some-rul');
    expect(exitCode).toBe(2);
    expect(err).toContain('Did you mean "some-rule"?');
  });
});
