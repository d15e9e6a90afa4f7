import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, expect, it } from '@jest/globals';
import { addressOf, type DatabaseClient, openClient } from '../../src/state/postgres/connection.ts';
import { listMachines } from '../../src/state/postgres/machines.ts';
import { freePort } from '../lib/free-port.ts';
import { postgres } from '../lib/postgres.ts';
import { documentOf, eventOf, MINUTE, openStage, ruleText, type Stage } from './stage.ts';

/** Worker threads and child processes need compiled code; `npm test` builds it first. */
const MAIN = join(resolve(process.env.HUNTWIRE_DIST ?? 'dist'), 'main.js');
const TENANTS = ['north', 'south', 'west', 'east'];
const TOKEN = 'a-token-of-the-test-long-enough';

postgres.describe('processes on one state in Postgres, by HTTP', () => {
  const schema = postgres.freshSchema();
  let stage: Stage;
  let watching: DatabaseClient & { readonly end: () => Promise<void> };
  let [stop, running, ports]: [AbortController, Promise<unknown[]>[], number[]] = [new AbortController(), [], []];
  beforeEach(async () => {
    const now = Date.now();
    const url = await schema.url();
    const events = [eventOf('one', 1, now - 20 * MINUTE)];
    stage = await openStage({ start: now, factor: 1, events, env: { DATABASE: url, TOKEN } });
    stage.write('rules/one.yaml', ruleText('one'));
    watching = await openClient(addressOf(url));
    [stop, running, ports] = [new AbortController(), [], [await freePort(), await freePort()]];
    for (const port of ports) {
      const name = stage.write(`${port}.yaml`, sharedConfig(stage, port));
      const env = { ...process.env, DATABASE: url, TOKEN, HOOK: stage.receiver.url };
      const own = { ...env, EMULATOR_SECRET: stage.emulator.application.clientSecret };
      const child = spawn(process.execPath, [MAIN, 'run', '--config', name], { env: own, stdio: 'ignore' });
      stop.signal.addEventListener('abort', () => child.kill('SIGTERM'));
      running.push(once(child, 'close'));
    }
    const failed = Promise.race(running).then(([code]) => {
      throw new Error(`a process ended with ${code}`);
    });
    while (!(await isDivided())) await Promise.race([sleep(50), failed]);
    failed.catch(() => undefined);
  });
  afterEach(async () => {
    stop.abort();
    const ended = await Promise.all(running);
    await Promise.all([watching.end(), stage.close()]);
    await schema.drop();
    expect(ended).toEqual([
      [0, null],
      [0, null],
    ]);
  });
  afterAll(schema.drop);

  const isDivided = async (): Promise<boolean> => {
    const seen = await listMachines(watching);
    const many = seen.map(({ leases }) => leases.filter(({ kind }) => kind === 'tenant').length);
    return many.length === 2 && many.every((count) => count === TENANTS.length / 2);
  };
  const ask = async (
    port: number | undefined,
    slug: string,
    input: unknown,
  ): Promise<{ status: number; body: unknown }> => {
    const answer = await fetch(`http://127.0.0.1:${port}/v1/actions/${slug}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify(input),
    });
    return { status: answer.status, body: await answer.json() };
  };

  it('each does what is asked about any tenant, and a reload reaches all', async () => {
    const [port] = ports;
    const kql = 'DeviceEvents | project DeviceId, ReportId';
    for (const tenant of TENANTS) {
      const answer = await ask(port, 'run_query', { tenant, kql });
      expect(answer).toMatchObject({ status: 200, body: { rows: [{ ReportId: 1 }], source: 'graph' } });
    }
    const wrong = await ask(port, 'run_query', { tenant: 'north', kql: 'DeviceEvents | wher x' });
    const same = await ask(ports[1], 'run_query', { tenant: 'north', kql: 'DeviceEvents | wher x' });
    expect([wrong, wrong.status]).toEqual([same, 422]);
    const runs = TENANTS.map((tenant) => expect.objectContaining({ tenant, rule: 'one', outcome: 'ok' }));
    const ran = await ask(port, 'run_rule', { rule: ['one'] });
    expect(ran.body).toMatchObject({ runs: expect.arrayContaining(runs), deliveries: [] });
    // A tenant for whose service no second has gone by since has nothing to ask.
    const rehearsed = await ask(port, 'run_rule', { dryRun: true });
    expect(rehearsed).toMatchObject({ status: 200, body: { alerts: [] } });
    for (const run of documentRuns(rehearsed.body)) expect(runs).toContainEqual(run);
    const from = new Date(Date.now() - 3_600_000).toISOString();
    for (const tenant of TENANTS) {
      const backfill = await ask(port, 'backfill_rule', { rule: 'one', tenant, from, wait: '1m' });
      expect(backfill).toMatchObject({ status: 200, body: { tenant, done: true } });
    }
    stage.write('rules/two.yaml', ruleText('two'));
    const reloaded = await ask(ports[1], 'reload', {});
    expect(reloaded.body).toMatchObject({
      outcome: 'applied',
      processes: [{ outcome: 'applied' }, { outcome: 'applied' }],
    });
    const audit = documentOf(await stage.cli('audit', '--config', `${port}.yaml`, '--format', 'json'));
    const entries = JSON.stringify(audit);
    expect(
      ['run_rule', 'run_query', 'backfill_rule', 'reload'].map((action) => entries.split(`"${action}"`).length - 1),
    ).toEqual([1, 0, TENANTS.length, 2]);
    expect((await watching.query({ text: 'SELECT id FROM relay' })).rows).toEqual([]);
  });
});

function documentRuns(body: unknown): readonly unknown[] {
  return (body as { readonly runs: readonly unknown[] }).runs;
}

/** Tenants that ask one stand-in, and a target that gets everything. */
function sharedConfig({ emulator: { baseUrl, authority, application } }: Stage, port: number): string {
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
http: {port: ${port}, tokens: [{name: soar, token: "\${env:TOKEN}", scopes: [read, run, write]}]}
`;
}
