import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Alert } from '../../src/alerts/alert.ts';
import { addressOf, type DatabaseClient, openClient } from '../../src/state/postgres/connection.ts';
import { countTakeovers, listMachines } from '../../src/state/postgres/machines.ts';
import { postgres } from '../lib/postgres.ts';
import { documentOf, eventOf, MINUTE, openStage, ruleText, type Stage } from './stage.ts';

/** Worker threads and child processes need compiled code; `npm test` builds it first. */
const MAIN = join(resolve(process.env.HUNTWIRE_DIST ?? 'dist'), 'main.js');
const HITS = 10;
const TENANTS = ['north', 'south', 'west'];
/** Each tenant, the target, and the chores. */
const PARTS = TENANTS.length + 2;

postgres.describe('processes on one state in Postgres', () => {
  const schema = postgres.freshSchema();
  let stage: Stage;
  let watching: DatabaseClient & { readonly end: () => Promise<void> };
  let children: ChildProcess[];
  let over: AbortController;
  /** While set, the receiver takes what it is sent and answers nothing. */
  let isHolding: boolean;
  /** Hits that it has taken. */
  let taken: Set<string>;
  beforeEach(async () => {
    const url = await schema.url();
    const now = Date.now();
    [children, over, isHolding, taken] = [[], new AbortController(), false, new Set()];
    stage = await openStage({
      start: now,
      factor: 1,
      events: Array.from({ length: HITS }, (_, at) => eventOf('one', at, now - 20 * MINUTE)),
      answer: ({ body }, response) => {
        if (isHolding) return;
        taken.add(hitOf(JSON.parse(body) as Alert));
        response.end();
      },
      env: { DATABASE: url },
    });
    stage.write('huntwire.yaml', sharedConfig(stage));
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
  /** What each process has, by its number. */
  const shares = async (): Promise<ReadonlyMap<number, readonly string[]>> => {
    const seen = await listMachines(watching);
    return new Map(seen.map(({ pid, leases }) => [pid, leases.map(({ kind, name }) => `${kind} ${name}`)]));
  };
  /** All of the work is divided among these, and each has some tenant. */
  const untilShared = (...among: readonly ChildProcess[]) =>
    until(async () => {
      const seen = await shares();
      const pids = among.map(({ pid = 0 }) => pid);
      const has = pids.map((pid) => seen.get(pid) ?? []);
      return seen.size === pids.length && has.flat().length === PARTS && has.every((one) => one.some(isTenant));
    });
  const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
    while (!(await isSo())) await sleep(20, undefined, { signal: over.signal });
  };
  it('once tells what it finds, once', async () => {
    const first = documentOf(await stage.cli('once', '--format', 'json'));
    expect(first).toMatchObject({ runs: TENANTS.map((tenant) => ({ tenant, outcome: 'ok', alerts: HITS })) });
    expect((await stage.cli('once', '--format', 'json')).code).toBe(0);
    expect(stage.alerts()).toHaveLength(HITS * TENANTS.length);
  });

  it('share the work, and go on where one was killed, or froze; nothing is lost, and nothing told under two ids', async () => {
    isHolding = true;
    const first = await start();
    await until(() => stage.alerts().length > 0);
    await untilShared(first);
    const [second, third] = [await start(), await start()];
    await untilShared(first, second, third);
    expect(await stage.cli('once')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('"huntwire run" (process '),
    });
    const status = documentOf(await stage.cli('status', '--format', 'json'));
    expect(status).toMatchObject({ runnerState: 'alive', standby: { machines: [], takeovers: 0 } });
    expect(status.standby).toHaveProperty('sharing.length', 3);
    first.kill('SIGKILL');
    await until(async () => (await countTakeovers(watching)) === 1);
    const before = stage.alerts().length;
    await until(() => stage.alerts().length > before);
    await untilShared(second, third);
    second.kill('SIGSTOP');
    isHolding = false;
    await until(async () => (await countTakeovers(watching)) === 2);
    await until(() => taken.size === HITS * TENANTS.length);
    await untilShared(third);
    second.kill('SIGCONT');
    await untilShared(second, third);
    const { stdout } = await stage.cli('status');
    expect(stdout).toContain('Within the last hour one had to take over from another 2 times.');
    expect(await Promise.all([end(third), end(second)])).toEqual([
      [0, null],
      [0, null],
    ]);
    expect(await shares()).toEqual(new Map());
    expect(idsByHit(stage.alerts())).toEqual(Array(HITS * TENANTS.length).fill(1));
  });
});

/** Three tenants, and a target that gets everything. */
function sharedConfig(stage: Stage): string {
  const { baseUrl, authority, application } = stage.emulator;
  const source = `{api: graph, baseUrl: "${baseUrl}", limits: {callsPerMinute: 1000}}`;
  const auth = `{tenantId: ${application.tenantId}, clientId: ${application.clientId}, clientSecret: "\${env:EMULATOR_SECRET}", authority: "${authority}"}`;
  return `
tenants:
${TENANTS.map((name) => `  - {name: ${name}, source: ${source}, auth: ${auth}}`).join('\n')}
rules: [rules/]
targets:
  soar: {type: webhook, url: "\${env:HOOK}"}
defaultTargets: [soar]
state: {url: "\${env:DATABASE}"}
`;
}

function isTenant(part: string): boolean {
  return part.startsWith('tenant ');
}

function hitOf({ tenant, evidence }: Alert): string {
  return `${tenant} ${evidence[0]?.ReportId}`;
}

function idsByHit(alerts: readonly Alert[]): readonly number[] {
  const ids = new Map<string, Set<string>>();
  for (const alert of alerts) ids.set(hitOf(alert), (ids.get(hitOf(alert)) ?? new Set()).add(alert.id));
  return [...ids.values()].map((one) => one.size);
}
