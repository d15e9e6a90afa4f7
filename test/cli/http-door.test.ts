import { describe, expect, it } from '@jest/globals';
import { request } from 'undici';
import type { Host } from '../../src/app/host.ts';
import type { App } from '../../src/app.ts';
import { backfillThroughRunner, runnerOf } from '../../src/cli/backfill/through-runner.ts';
import { openActionDesk } from '../../src/cli/run/action-desk.ts';
import { createFigures } from '../../src/cli/run/figures.ts';
import { createHttpDoor } from '../../src/cli/run/http-door.ts';
import type { HttpConfig } from '../../src/config/config.ts';
import { silentLog } from '../../src/lib/log.ts';
import { Secret } from '../../src/lib/secret.ts';
import { createErrands } from '../../src/run/desk/errands.ts';
import { runSchedule } from '../../src/run/scheduler.ts';
import { openBench } from '../run/bench.ts';
import { makeRule } from '../run/make-rule.ts';
import { plantedSource } from '../run/planted-source.ts';
import { COLUMNS, HOUR, MINUTE, T0 } from '../run/story.ts';

const SOAR = { name: 'soar', token: new Secret('soar-0123456789ab'), scopes: ['read', 'run', 'write'] } as const;
const CONFIG = { host: '127.0.0.1', port: 0, basePath: '/', tokens: [SOAR] };
const APP_CONFIG = {
  file: '/huntwire.yaml',
  tenants: [{ name: 'default', source: { api: 'graph' } }],
  ...{ targets: new Map(), fallbacks: new Map(), heartbeat: null },
  silences: [],
  functions: [],
  watchlists: {},
  links: { alert: null },
};

/** A tenant with one rule, whose runs go on until `end`, and what listens. */
async function openDoor(config: HttpConfig = CONFIG) {
  const bench = openBench({
    start: T0,
    source: (clock) => plantedSource({ columns: COLUMNS, rows: () => [], now: clock.now }),
  });
  const { clock } = bench;
  const process = { verb: 'run', pid: 1, machine: 'm1' };
  const host = { clock, log: silentLog, version: '1.2.3', process } as unknown as Host;
  const figures = createFigures(host);
  const door = createHttpDoor(config, host, figures);
  const tenant = { ...bench.tenant, rules: [makeRule()], errands: createErrands() };
  const runs = { ...bench.deps, journal: figures.metrics.note, beat: door.pulse.beat };
  const deliveries = { poke: () => undefined };
  const parts = { config: APP_CONFIG, tenants: [tenant], targets: [], store: bench.store, runs, deliveries };
  const reload = async (trigger: string) => ({ at: T0, trigger, outcome: 'unchanged', changes: [], problems: [] });
  const app = parts as unknown as App;
  figures.of(app);
  const desk = openActionDesk(app, host, { reload } as never);
  const http = await door.open(app, desk);
  const stop = new AbortController();
  const going = runSchedule(tenant, runs, stop.signal);
  const ask = async (path: string, input?: object) => {
    const headers = { authorization: 'Bearer soar-0123456789ab', 'content-type': 'application/json' };
    const how = input ? { method: 'POST' as const, body: JSON.stringify(input) } : {};
    const { statusCode, body } = await request(`http://127.0.0.1:${http.port}${path}`, { headers, ...how });
    return { status: statusCode, text: await body.text() };
  };
  const end = async (): Promise<void> => {
    stop.abort();
    await clock.advance(0);
    await going;
  };
  const close = async (): Promise<void> => {
    await desk.close();
    await http.close();
  };
  return { clock, ask, end, close, port: http.port };
}

describe('a process that listens', () => {
  it('tells its runs as figures, and is ready while they keep up', async () => {
    const { clock, ask, end, close } = await openDoor();
    await clock.advance(HOUR);
    const { text } = await ask('/metrics');
    const [, runs] = /^huntwire_rule_runs_total\{tenant="default",rule="rule",outcome="ok"\} (\d+)$/m.exec(text) ?? [];
    expect(Number(runs)).toBeGreaterThan(1);
    expect(text).toContain('huntwire_build_info{version="1.2.3"');
    expect(await ask('/readyz')).toEqual({ status: 200, text: '{"ready":true,"reasons":[]}' });
    await end();
    await close();
  });

  it('has pages for people where it is configured, and else none', async () => {
    const bare = await openDoor();
    expect((await bare.ask('/console/')).status).toBe(404);
    await bare.end();
    await bare.close();
    const { clock, ask, end, close, port } = await openDoor({ ...CONFIG, console: true });
    await clock.advance(HOUR);
    expect((await ask('/console/')).status).toBe(200);
    expect((await request(`http://127.0.0.1:${port}/console/`)).statusCode).toBe(401);
    const { headers } = await request(`http://127.0.0.1:${port}/console/sign-in`, {
      method: 'POST',
      body: 'token=soar-0123456789ab',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
    });
    const cookie = String(headers['set-cookie']).split(';')[0] ?? '';
    const page = await request(`http://127.0.0.1:${port}/console/`, { headers: { cookie } });
    expect(await page.body.text()).toContain('All clear: 1 rule.');
    await end();
    await close();
  });

  it('does actions on its own state, with its own rules, and asks its tenant within the quota', async () => {
    const { clock, ask, end, close } = await openDoor();
    await clock.advance(HOUR);
    expect(JSON.parse((await ask('/v1/rules')).text)).toMatchObject({ rules: [{ tenant: 'default', id: 'rule' }] });
    const silence = { match: ['rule="rule"'], owner: 'ann', reason: 'known', for: '1h', id: 'mine' };
    expect((await ask('/v1/actions/add_silence', silence)).status).toBe(200);
    expect((await ask('/v1/actions/list_silences', {})).text).toContain('"mine"');
    expect(JSON.parse((await ask('/v1/alerts?limit=5')).text)).toMatchObject({ alerts: [], more: false });
    const asked = await ask('/v1/actions/run_query', { kql: 'DeviceProcessEvents | take 1' });
    expect([asked.status, JSON.parse(asked.text)]).toEqual([
      200,
      expect.objectContaining({
        rows: [],
        truncated: false,
        quota: { room: null, callsLastHour: 2, runSecondsLastHour: 0 },
      }),
    ]);
    const dry = JSON.parse((await ask('/v1/actions/run_rule', { dryRun: true })).text);
    expect(dry).toMatchObject({ runs: [{ rule: 'rule', outcome: 'ok' }], deliveries: [], alerts: [] });
    const run = JSON.parse((await ask('/v1/actions/run_rule', { rule: ['rule'] })).text);
    expect(run).toMatchObject({ runs: [{ rule: 'rule', outcome: 'ok', lane: 'due' }], deliveries: [] });
    expect(JSON.parse((await ask('/v1/actions/run_rule', { rule: ['none'] })).text).error.code).toBe('USAGE');
    expect(JSON.parse((await ask('/v1/actions/reload', {})).text)).toMatchObject({
      outcome: 'unchanged',
      problems: [],
    });
    expect((await ask('/v1/actions/run_query', { kql: '// a comment\n .drop table X' })).status).toBe(400);
    await end();
    await close();
  });

  it('has a rule search past time for a command line beside it', async () => {
    const { clock, ask, end, close, port } = await openDoor();
    await clock.advance(HOUR);
    const http = { ...CONFIG, port };
    const wish = { from: T0 - 10 * HOUR, to: T0 - 4 * HOUR, noLimit: false, retell: false };
    const asked = { tenant: 'default', rule: 'rule', wish, onProgress: () => undefined };
    const runner = runnerOf({ http }, 'the state file /state.db');
    const { signal } = new AbortController();
    const found = await backfillThroughRunner({ signal }, asked, runner);
    expect(found).toMatchObject({ rule: 'rule', running: false, done: true, error: null, dryRun: false });
    expect(found.windows.asked).toBe(found.windows.planned);
    const ahead = ask('/v1/actions/backfill_rule', { rule: 'rule', from: '2030-01-01', to: '2030-01-02' });
    expect(JSON.parse((await ahead).text).error.code).toBe('USAGE');
    const stranger = { ...SOAR, token: new Secret('other-0123456789ab') };
    const refused = runnerOf({ http: { ...http, tokens: [stranger] } }, 'the state file /state.db');
    await expect(refused({})).rejects.toMatchObject({ code: 'STATE_LOCKED' });
    await end();
    await close();
    await expect(runner({})).rejects.toThrow('nobody answers');
  });

  it('is alive while its runs go on, and no longer some minutes after they have ended', async () => {
    const { clock, ask, end, close } = await openDoor();
    await clock.advance(HOUR);
    expect((await ask('/livez')).status).toBe(200);
    await end();
    await clock.advance(6 * MINUTE);
    expect(await ask('/livez')).toEqual({ status: 503, text: '{"alive":false,"silent":["runs of default"]}' });
    await clock.advance(4 * HOUR);
    expect((await ask('/readyz')).status).toBe(503);
    await close();
  });
});
