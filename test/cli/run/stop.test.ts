import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type App, openApp } from '../../../src/app.ts';
import { createHost } from '../../../src/cli/host.ts';
import { readWithBlocked } from '../../../src/cli/read-config.ts';
import { runApp } from '../../../src/cli/run-app.ts';
import { HuntwireError } from '../../../src/lib/errors.ts';
import { silentLog } from '../../../src/lib/log.ts';
import { createDeliveryLoop } from '../../../src/outbox/delivery-loop.ts';
import { stepThrough } from '../../../src/run/backfill/run-backfill.ts';
import { type AskedTenant, createErrands } from '../../../src/run/desk/errands.ts';
import type { Source } from '../../../src/sources/source.ts';
import { takeRunnerLock } from '../../../src/state/runner-lock.ts';
import type { Target } from '../../../src/targets/target.ts';
import { makeRule } from '../../run/make-rule.ts';
import { EVENT, HOUR, MINUTE, T0 } from '../../run/story.ts';
import { planted, setUp } from '../../run/turn-bench.ts';
import { sampleAlert, sampleMessage } from '../../state/samples.ts';
import { createFakeWorld } from '../fake-world.ts';

/** What a stop may take. */
const STOP_MS = 25_000;
const STREAM = makeRule({ id: 'stream' }, { identity: EVENT });
/** Of a backfill, and how many of its windows are answered. */
const [FROM, TO] = [T0 - 40 * HOUR, T0 - 4 * HOUR];
const ANSWERED = 3;
const SET = makeRule(
  { id: 'set', effectiveShape: 'set', lookbackMs: 2 * HOUR },
  { shape: 'set', identity: { kind: 'columns', columns: ['DeviceId'] } },
);

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = (): void => reject(new HuntwireError('ABORTED', 'stopped'));
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
  });
}

/** A process over a bench whose source and target answer until they hang; then only an abort ends what they were asked. */
function openProcess() {
  const { bench } = setUp([planted(1, T0 - 30 * HOUR)]);
  const hang = { after: Number.POSITIVE_INFINITY, target: false, asked: 0 };
  const { query } = bench.tenant.source;
  const source: Source = {
    ...bench.tenant.source,
    query: async (request, sink) => {
      hang.asked += 1;
      return hang.asked > hang.after ? untilAborted(request.signal) : query(request, sink);
    },
  };
  const target: Target = {
    name: 'soar',
    type: 'webhook',
    traits: { concurrency: 2, ratePerSecond: null },
    deliver: (_, signal) => (hang.target ? untilAborted(signal) : Promise.resolve({ kind: 'delivered' })),
    check: async () => [],
    close: async () => undefined,
  };
  const errands = createErrands();
  const tenant: AskedTenant = { ...bench.tenant, source, rules: [STREAM, SET], errands };
  const app = {
    config: {
      heartbeat: { everyMs: HOUR, target: 'soar' },
      tenants: [],
      targets: new Map(),
      events: null,
      state: { path: 'none' },
    },
    targets: [],
    tenants: [tenant],
    runs: bench.deps,
    deliveries: createDeliveryLoop({
      store: bench.store,
      targets: [target],
      clock: bench.clock,
      log: silentLog,
      random: () => 0.5,
      healthTargets: [],
      tenant: 'default',
    }),
  } as unknown as App;
  const stop = new AbortController();
  const state = { ended: false };
  const done = runApp(app, silentLog, stop.signal).finally(() => {
    state.ended = true;
  });
  const backfill = (from: number, to: number) => {
    const wish = { from, to, noLimit: false, retell: false };
    const step = (one: typeof wish | undefined) =>
      errands.ask({ ruleId: 'stream', kind: 'backfill', ...(one && { wish: one }) }, stop.signal);
    const options = { signal: stop.signal, onWindow: () => undefined };
    return stepThrough(step, wish, options, { clock: bench.clock }).catch((error: unknown) => error);
  };
  return { bench, hang, stop, done, state, backfill };
}

describe('a process that is stopped', () => {
  it('ends within 25 s beside a source and a target that hang, a backlog and a backfill, and keeps where each was', async () => {
    const { bench, hang, stop, done, state, backfill } = openProcess();
    const { clock, store } = bench;
    await clock.advance(16 * MINUTE);
    const before = await store.ruleState('default', 'stream');
    hang.after = hang.asked + ANSWERED;
    hang.target = true;
    const filling = backfill(FROM, TO);
    const alert = sampleAlert('a1');
    await store.commitHealth({ alerts: [alert], messages: [sampleMessage(alert, 'soar')], health: [] });
    await clock.advance(40 * MINUTE);
    const asked = hang.asked;
    stop.abort();
    await clock.advance(STOP_MS);
    expect(state.ended).toBe(true);
    await done;
    expect(await filling).toMatchObject({ code: 'ABORTED' });
    expect(hang.asked).toBe(asked);
    const { frontier = null, backfill: filled } = (await store.ruleState('default', 'stream')) ?? {};
    expect(filled?.doneTo).toBeGreaterThan(FROM);
    expect(filled?.doneTo).toBeLessThan(TO);
    // What was missed meanwhile lies behind the frontier, for whoever goes on.
    expect(frontier).toBe(before?.frontier);
    expect((await store.targetCounts()).find(({ target }) => target === 'soar')).toMatchObject({ dead: 0 });
    expect((await store.alertsById(alert.id)).length).toBe(1);
    expect(await store.isWaiting(alert.id, 'soar')).toBe(true);
  });
});

describe('a process that is stopped before it runs', () => {
  it('analyzes nothing more, and leaves no lock', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'huntwire-stop-'));
    const world = createFakeWorld(folder);
    writeFileSync(
      join(folder, 'r.yaml'),
      'id: one\nname: One\nseverity: low\nquery: DeviceEvents\nschedule: {every: 1h}\n',
    );
    writeFileSync(
      join(folder, 'huntwire.yaml'),
      'source: {api: local, path: .}\nrules: [r.yaml]\ntargets: {out: {type: stdout}}\ndefaultTargets: [out]\nstate: {path: s.db}\n',
    );
    world.stop();
    const config = readWithBlocked(world, 'huntwire.yaml');
    const host = { ...createHost(world, config, 'in-process', 'run'), signal: world.signal };
    await expect(openApp(config, host)).rejects.toMatchObject({ code: 'ABORTED' });
    takeRunnerLock(join(folder, 's.db')).release();
    rmSync(folder, { recursive: true });
  });
});
