/** What the scripts of child processes share: compiled code, rules over planted rows, and the run loop's needs on a store. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const NEEDED = [
  'lib/clock.js',
  'state/runner-lock.js',
  'state/sqlite-store.js',
  'run/turn.js',
  'run/schedule.js',
  'run/clock/our-service-clock.js',
  'sources/quota/quota-meter.js',
  'run/windows.js',
  'outbox/delivery-loop.js',
  'lib/log.js',
];

/** Paths of the compiled modules that a script needs, for `named`. */
export const neededOf = (dist) => NEEDED.map((name) => join(dist, name));

/** The compiled modules that a script needs, by name. */
export function named([lib, locks, stores, turns, schedules, clocks, meters, windows, loops, logs]) {
  return { lib, locks, stores, turns, schedules, clocks, meters, windows, loops, log: logs.silentLog };
}

export async function loadCompiled(dist) {
  const load = (name) => import(pathToFileURL(join(dist, name)).href);
  return { load, ...named(await Promise.all(NEEDED.map(load))) };
}

function plantedSource({ rows, columns }, clock) {
  return {
    api: 'graph',
    maxRows: 100_000,
    retentionMs: 30 * 86_400_000,
    retiresOn: null,
    quota: {
      callsPerMinute: null,
      callsPerHour: null,
      runSecondsPerHour: null,
      runSecondsPerDay: null,
      concurrency: 3,
    },
    query: async ({ query }, sink) => {
      const [, from, to] =
        /ingestion_time\(\) >= datetime\(([^)]+)\) and ingestion_time\(\) < datetime\(([^)]+)\)/.exec(query);
      const found = rows.filter(
        ({ ingested }) => ingested <= clock.now() && ingested >= Date.parse(from) && ingested < Date.parse(to),
      );
      sink.schema(columns);
      for (const { row } of found) sink.row(row);
      return { rows: found.length, truncated: false, bytes: 0, elapsedMs: 1, serviceTime: clock.now() };
    },
    check: async () => [],
    close: async () => undefined,
  };
}

/** Runs one rule: its due turn and then its backlog, on this store. */
export function createRuns(compiled, { orders, store, clock, targets, committed, newRunId }) {
  const { turns, schedules, clocks, meters, windows, log } = compiled;
  const source = plantedSource(orders, clock);
  const deps = {
    store,
    clock,
    log,
    settings: windows.DEFAULT_WINDOW_SETTINGS,
    waysOf: () => targets.map((target) => ({ target })),
    healthTargets: targets,
    newRunId,
    committed,
  };
  const about = { tenant: 'default', api: 'graph', limits: source.quota };
  const meter = meters.createQuotaMeter({ ...about, store: store.quota, clock, serviceNow: clock.now });
  const tenant = { name: 'default', source, meter, serviceClock: clocks.ourServiceClock(clock), rules: [] };
  return async (given) => {
    const place = () => ({ line: 1, column: 1 });
    const rule = { ...given, map: { file: 'rule.yaml', place, placeOf: place } };
    const timetable = schedules.timetableOf(rule);
    const options = { admit: async () => clock.now(), signal: new AbortController().signal, dryRun: false };
    const due = { tenant, rule, timetable, kind: 'due', scheduledAt: timetable.latest(clock.now()) };
    await turns.takeTurn(due, options, deps);
    const backlog = { ...due, kind: 'backlog', scheduledAt: null };
    while (await turns.takeTurn(backlog, options, deps));
  };
}
