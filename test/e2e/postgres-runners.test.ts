import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Alert } from '../../src/alerts/alert.ts';
import { addressOf, type DatabaseClient, openClient } from '../../src/state/postgres/connection.ts';
import { countTakeovers, listMachines } from '../../src/state/postgres/machines.ts';
import { postgres } from '../lib/postgres.ts';
import { configText, documentOf, eventOf, MINUTE, openStage, ruleText, type Stage } from './stage.ts';

/** Worker threads and child processes need compiled code; `npm test` builds it first. */
const MAIN = join(resolve(process.env.HUNTWIRE_DIST ?? 'dist'), 'main.js');
const HITS = 10;

postgres.describe('processes on one state in Postgres', () => {
  const schema = postgres.freshSchema();
  let stage: Stage;
  let watching: DatabaseClient & { readonly end: () => Promise<void> };
  let children: ChildProcess[];
  let over: AbortController;
  /** While set, the receiver takes what it is sent and answers nothing. */
  let isHolding: boolean;
  beforeEach(async () => {
    const url = await schema.url();
    const now = Date.now();
    [children, over, isHolding] = [[], new AbortController(), false];
    stage = await openStage({
      start: now,
      factor: 1,
      events: Array.from({ length: HITS }, (_, at) => eventOf('one', at, now - 20 * MINUTE)),
      answer: (_, response) => void (isHolding || response.end()),
      env: { DATABASE: url },
    });
    stage.write('huntwire.yaml', configText(stage).replace('{path: state.db}', '{url: "${env:DATABASE}"}'));
    stage.write('rules/one.yaml', ruleText('one'));
    watching = await openClient(addressOf(url));
  });
  afterEach(async () => {
    over.abort();
    for (const child of children) child.kill('SIGKILL');
    await Promise.all([watching.end(), stage.close()]);
    await schema.empty();
  });
  afterAll(schema.drop);

  const start = async (): Promise<ChildProcess> => {
    const own = { EMULATOR_SECRET: stage.emulator.application.clientSecret, HOOK: stage.receiver.url };
    const env = { ...process.env, ...own, DATABASE: await schema.url() };
    const child = spawn(process.execPath, [MAIN, 'run'], { cwd: stage.folder, env, stdio: 'ignore' });
    children.push(child);
    return child;
  };
  const end = async (child: ChildProcess): Promise<unknown[]> => {
    const ended = once(child, 'close');
    child.kill('SIGTERM');
    return ended;
  };
  const machines = async () => (await listMachines(watching)).map(({ runs, pid }) => ({ pid, runs }));
  const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
    while (!(await isSo())) await sleep(20, undefined, { signal: over.signal });
  };
  /** The other one stands by. */
  const untilTwo = () => until(async () => (await machines()).length === 2);

  it('once tells what it finds, once', async () => {
    const first = documentOf(await stage.cli('once', '--format', 'json'));
    expect(first).toMatchObject({ runs: [{ outcome: 'ok', alerts: HITS }] });
    expect((await stage.cli('once', '--format', 'json')).code).toBe(0);
    expect(stage.alerts()).toHaveLength(HITS);
  });

  it('one goes on where another was killed, or froze; nothing is lost, and nothing told under two ids', async () => {
    isHolding = true;
    const first = await start();
    await until(() => stage.alerts().length > 0);
    const second = await start();
    await untilTwo();
    expect(await machines()).toEqual([
      { pid: first.pid, runs: true },
      { pid: second.pid, runs: false },
    ]);
    const ended = await stage.cli('once');
    expect(ended).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`"huntwire run" (process ${first.pid} on`),
    });
    const status = documentOf(await stage.cli('status', '--format', 'json'));
    expect(status).toMatchObject({
      runner: { pid: first.pid },
      standby: { machines: [{ pid: second.pid, verb: 'run' }], takeovers: 0 },
    });
    first.kill('SIGKILL');
    await until(async () => (await countTakeovers(watching)) === 1);
    const before = stage.alerts().length;
    await until(() => stage.alerts().length > before);
    const third = await start();
    await untilTwo();
    second.kill('SIGSTOP');
    await until(async () => (await countTakeovers(watching)) === 2);
    isHolding = false;
    await until(
      () =>
        new Set(
          stage
            .alerts()
            .slice(before)
            .map(({ id }) => id),
        ).size === HITS,
    );
    second.kill('SIGCONT');
    await untilTwo();
    const { stdout } = await stage.cli('status');
    expect(stdout).toContain(`(pid ${second.pid} on`);
    expect(stdout).toContain('Within the last hour one had to take over from another 2 times.');
    expect(await machines()).toEqual([
      { pid: third.pid, runs: true },
      { pid: second.pid, runs: false },
    ]);
    expect(await Promise.all([end(third), end(second)])).toEqual([
      [0, null],
      [0, null],
    ]);
    expect(await machines()).toEqual([]);
    expect(idsByReport(stage.alerts())).toEqual(Array(HITS).fill(1));
  });
});

function idsByReport(alerts: readonly Alert[]): readonly number[] {
  const ids = new Map<unknown, Set<string>>();
  for (const { id, evidence } of alerts) {
    const report = evidence[0]?.ReportId;
    ids.set(report, (ids.get(report) ?? new Set()).add(id));
  }
  return [...ids.values()].map((one) => one.size);
}
