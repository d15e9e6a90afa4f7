import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { action } from '../../src/cli/action.ts';
import { audit } from '../../src/cli/audit.ts';
import { runCli } from '../../src/cli/cli.ts';
import { once } from '../../src/cli/once.ts';
import { sendTest } from '../../src/cli/send-test.ts';
import { silence } from '../../src/cli/silence.ts';
import { createManualClock } from '../../src/lib/clock.ts';
import { openSqliteStore } from '../../src/state/sqlite-store.ts';
import { createFakeWorld } from './fake-world.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const clock = createManualClock(NOW);
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'audit-test-'));
  writeFileSync(join(folder, 'huntwire.yaml'), 'source: {api: local, path: .}\nstate: {path: state.db}\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

async function call(...argv: readonly string[]) {
  const world = { ...createFakeWorld(folder), clock };
  const code = await runCli(argv, world, [audit, silence, once, sendTest, action]);
  return { code, out: world.out(), err: world.err() };
}

describe('huntwire audit', () => {
  it('tells who changed what with a verb, and narrows it', async () => {
    const store = openSqliteStore({ path: join(folder, 'state.db'), clock });
    expect(await call('audit')).toMatchObject({ code: 0, out: expect.stringContaining('Nobody') });
    const reload = { action: 'reload', subject: 'configuration', before: null, after: { outcome: 'applied' } };
    await store.noteAudit({ ...reload, who: 'signal', at: NOW - 3_600_000 });
    await store.close();
    const words = ['--id', 's1', '--match', 'rule="x"', '--reason', 'known', '--owner', 'ann', '--for', '1h'];
    expect((await call('silence', 'add', ...words)).code).toBe(0);
    const entries = async (...more: readonly string[]) =>
      JSON.parse((await call('audit', '--format', 'json', ...more)).out).entries;
    const [first, second] = await entries();
    expect(first).toEqual({ at: '2026-03-01T11:00:00.000Z', who: 'signal', ...reload });
    expect(second).toMatchObject({
      who: expect.stringMatching(/./),
      action: 'add_silence',
      subject: 's1',
      before: null,
    });
    expect(await entries('--action', 'reload')).toEqual([first]);
    expect(await entries('--who', 'signal', '--since', '2h')).toEqual([first]);
    expect(await entries('--since', '10m', '--limit', '1')).toEqual([second]);
    expect((await call('audit')).out).toMatch(/signal +reload +configuration/);
    for (const wrong of ['0', '10001', 'all']) expect((await call('audit', '--limit', wrong)).code).toBe(2);
    expect((await call('audit', '--since', 'once')).code).toBe(2);
  });

  it('tells tests of targets and runs of all rules, those of a schedule once an hour', async () => {
    const lines = [
      'source: {api: local, path: .}',
      'rules: [r.yaml]',
      'targets: {copy: {type: file, path: copy.jsonl}}',
    ];
    writeFileSync(
      join(folder, 'asked.yaml'),
      [...lines, 'state: {path: asked.db}', 'defaultTargets: [copy]'].join('\n'),
    );
    writeFileSync(
      join(folder, 'r.yaml'),
      'id: r1\nname: R\nseverity: low\nquery: DeviceInfo\nschedule: {every: 1h}\nalert: {title: T}\n',
    );
    const asked = async (...argv: readonly string[]) => (await call(...argv, '--config', 'asked.yaml')).code;
    expect(await asked('send-test', 'copy')).toBe(0);
    expect(existsSync(join(folder, 'asked.db'))).toBe(false);
    expect(await asked('once', '--dry-run')).toBe(0);
    for (let time = 0; time < 3; time += 1) {
      expect(await asked('once')).toBe(0);
      await clock.advance(45 * 60_000);
    }
    expect(await asked('send-test', 'copy', '--resolve')).toBe(0);
    writeFileSync(join(folder, 'input.json'), '{"target": "copy"}');
    expect(await asked('action', 'send_test_alert', '--input', 'input.json')).toBe(0);
    const { out } = await call('audit', '--format', 'json', '--config', 'asked.yaml');
    expect(JSON.parse(out).entries).toMatchObject([
      { action: 'run_rule', subject: 'all rules', at: '2026-03-01T12:00:00.000Z' },
      { action: 'run_rule', subject: 'all rules', at: '2026-03-01T13:30:00.000Z' },
      { action: 'send_test_alert', subject: 'copy', after: { resolve: true } },
      { action: 'send_test_alert', subject: 'copy', after: null },
    ]);
  });
});
