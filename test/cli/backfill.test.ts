import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { backfill } from '../../src/cli/backfill.ts';
import { runCli } from '../../src/cli/cli.ts';
import { takeRunnerLock } from '../../src/state/runner-lock.ts';
import { openSqliteStore } from '../../src/state/sqlite-store.ts';
import { ruleText } from '../rules/rule-text.ts';
import { createFakeWorld } from './fake-world.ts';

const HOUR = 3_600_000;
const ago = (hours: number) => new Date(Date.now() - hours * HOUR).toISOString();

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'backfill-test-'));
  mkdirSync(join(folder, 'data'));
  writeFileSync(join(folder, 'rule.yaml'), ruleText({ query: 'DeviceProcessEvents', schedule: '{every: 1h}' }));
  const event = { Timestamp: ago(30), DeviceId: 'd', DeviceName: 'pc', ReportId: 1, FileName: 'x.exe' };
  writeFileSync(
    join(folder, 'data/DeviceProcessEvents.jsonl'),
    `${JSON.stringify({ ...event, _ingested: ago(30) })}\n`,
  );
  writeFileSync(
    join(folder, 'huntwire.yaml'),
    'source: {api: local, path: data}\nrules: [rule.yaml]\ntargets: {out: {type: file, path: out.jsonl}}\ndefaultTargets: [out]\nstate: {path: state.db}\n',
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

async function call(...argv: readonly string[]) {
  const world = createFakeWorld(folder);
  const code = await runCli(['backfill', ...argv], world, [backfill]);
  return { code, out: world.out(), err: world.err() };
}

describe('huntwire backfill', () => {
  it('says what it costs and asks nothing with --dry-run, beside a process that runs, too', async () => {
    const lock = takeRunnerLock(join(folder, 'state.db'));
    try {
      const { code, out, err } = await call('some-rule', '--from', '2d', '--to', '1d', '--dry-run', '--format', 'json');
      expect([code, err]).toEqual([0, expect.stringMatching(/^some-rule: \d+ windows. No quota is spent.\n$/)]);
      expect(JSON.parse(out)).toMatchObject({ rule: 'some-rule', dryRun: true, done: false, windows: { asked: 0 } });
      const refused = await call('some-rule', '--from', '2d', '--to', '1d');
      expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('STATE_LOCKED')]);
    } finally {
      lock.release();
    }
  });

  it('tells what is new and delivers it, once', async () => {
    const range = ['--from', ago(48), '--to', ago(24), '--format', 'json'];
    const first = await call('some-rule', ...range);
    expect([first.code, JSON.parse(first.out)]).toEqual([
      0,
      expect.objectContaining({
        alerts: 1,
        rows: expect.any(Number),
        done: true,
        error: null,
        deliveries: [{ target: 'out', delivered: 1, pending: 0, dead: 0 }],
      }),
    ]);
    // At the end of a window the next one reads it again: which that is depends on the time of the day.
    expect([1, 2]).toContain(JSON.parse(first.out).rows);
    const again = await call('some-rule', ...range);
    expect([again.code, JSON.parse(again.out).alerts]).toEqual([0, 0]);
    const store = openSqliteStore({ path: join(folder, 'state.db'), clock: createFakeWorld().clock });
    expect((await store.ruleState('default', 'some-rule'))?.frontier).toBeNull();
    await store.close();
  });

  it.each([
    [['some-rule', '--from', '1d', '--to', '2d'], '--from must lie before --to'],
    [['some-rule', '--from', 'soon'], 'is no time'],
    [['some-rule', '--from', '2d', '--retell', 'quiet'], 'what can is: excepted'],
    [['other-rule', '--from', '2d'], 'There is no rule file and no rule "other-rule"'],
    [['rule.yaml', '--from', '2d'], 'name the rule by its id, some-rule'],
    [['some-rule', '--from', '2d', '--tenant', 'x'], 'There is no tenant "x"'],
    [['some-rule'], '--from'],
  ])('refuses %j', async (argv, message) => {
    const { code, err } = await call(...argv);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });
});
