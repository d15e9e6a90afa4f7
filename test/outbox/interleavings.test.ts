import { describe, expect, it } from '@jest/globals';
import fc, { type Scheduler } from 'fast-check';
import type { ManualClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { createDeliveryLoop } from '../../src/outbox/delivery-loop.ts';
import { timetableOf } from '../../src/run/schedule.ts';
import { runSchedule } from '../../src/run/scheduler.ts';
import { type Connection, openConnection } from '../../src/state/sqlite/connection.ts';
import { makeLayout } from '../../src/state/sqlite/migrate.ts';
import { createSqlStore, raiseFence } from '../../src/state/sqlite/sql-store.ts';
import { db } from '../../src/state/steps/tables.ts';
import type { Store } from '../../src/state/store.ts';
import type { DeliveryResult, Target } from '../../src/targets/target.ts';
import { openBench } from '../run/bench.ts';
import { makeRule } from '../run/make-rule.ts';
import { plantedSource } from '../run/planted-source.ts';
import { COLUMNS, EVENT, MINUTE, T0 } from '../run/story.ts';
import { planted } from '../run/turn-bench.ts';
import { tries } from '../tries.ts';
import { tooMany } from './limiters.ts';
import { again, BLOCKED, DELIVERED, REFUSED } from './scene.ts';

const QUARTER = 15 * MINUTE;
const TARGETS = ['soar', 'siem'];
/** Two rows of one device in each window: with its dedup column, alerts of one order key follow one another. */
const ROWS = Array.from({ length: 5 }, (_, id) =>
  planted(id, T0 + id * QUARTER - 5 * MINUTE, { device: `pc${id % 2}` }),
);
const RULE = makeRule(
  {
    schedule: { kind: 'every', everyMs: QUARTER, lookbackMs: null },
    lookbackMs: QUARTER,
    alert: { ...makeRule().alert, dedupColumns: ['DeviceId'], suppressMs: 0 },
  },
  { identity: EVENT },
);
const TIMETABLE = timetableOf(RULE);
/** How far behind the service's clock a stream asks. */
const DELAY = 2 * MINUTE;
/** Steps of a life that is not killed; after so many it never ends. */
const LONGEST_LIFE = 20_000;

interface Play {
  readonly scheduler: Scheduler;
  readonly connection: Connection;
  readonly answers: DeliveryResult[];
  /** What the targets were handed, and what they said, in that order. */
  readonly heard: { readonly target: string; readonly message: string; readonly answer: DeliveryResult }[];
}

interface Life {
  isDead: boolean;
}

const NEVER = new Promise<never>(() => undefined);

/** Every call of the store may be overtaken before and behind; of a dead life none comes back. */
function scheduled(store: Store, { scheduler }: Play, life: Life): Store {
  const around =
    (name: string, work: (...given: never[]) => Promise<unknown>) =>
    async (...given: never[]) => {
      await scheduler.schedule(Promise.resolve(), `before ${name}`);
      if (life.isDead) return NEVER;
      const result = await work(...given);
      await scheduler.schedule(Promise.resolve(), `behind ${name}`);
      return life.isDead ? NEVER : result;
    };
  const names = Object.keys(store).filter(
    (name) => typeof store[name as keyof Store] === 'function' && name !== 'outboxNow' && name !== 'close',
  );
  const wrapped = names.map((name) => [
    name,
    around(name, store[name as keyof Store] as (...given: never[]) => Promise<unknown>),
  ]);
  return { ...store, ...Object.fromEntries(wrapped) } as Store;
}

function targetOf(name: string, { scheduler, answers, heard }: Play, life: Life): Target {
  return {
    name,
    type: 'fake',
    traits: { concurrency: 2, ratePerSecond: null },
    deliver: async ({ messageId }) => {
      await scheduler.schedule(Promise.resolve(), `to ${name}`);
      if (life.isDead) return NEVER;
      const answer = answers.shift() ?? DELIVERED;
      heard.push({ target: name, message: messageId, answer });
      await scheduler.schedule(Promise.resolve(), `from ${name}`);
      return life.isDead ? NEVER : answer;
    },
    check: async () => [],
    close: async () => undefined,
  };
}

/** One life: both loops on one store, until they are killed behind so many steps, or until all is told and delivered. */
async function live(play: Play, start: number, killAfter: number | null): Promise<void> {
  const { scheduler, connection } = play;
  const life: Life = { isDead: false };
  let raw: Store | null = null;
  const open = (clock: ManualClock): Store => {
    raw = createSqlStore(connection, clock, raiseFence(connection));
    return scheduled(raw, play, life);
  };
  const source = (clock: ManualClock) => plantedSource({ columns: COLUMNS, rows: () => ROWS, now: clock.now });
  const bench = openBench({ start, source, openStore: open, targets: TARGETS });
  const loop = createDeliveryLoop({
    store: bench.store,
    clock: bench.clock,
    log: silentLog,
    targets: TARGETS.map((name) => targetOf(name, play, life)),
    random: () => 0,
    healthTargets: TARGETS,
    tenant: 'default',
  });
  const stop = new AbortController();
  const ended = { runs: false, deliveries: false, failure: null as unknown };
  const fail = (thrown: unknown): void => {
    ended.failure ??= thrown;
  };
  const deps = { ...bench.deps, committed: loop.poke };
  runSchedule({ ...bench.tenant, rules: [RULE] }, deps, stop.signal).then(() => (ended.runs = true), fail);
  loop.run(stop.signal).then(() => (ended.deliveries = true), fail);
  for (let steps = 0; !ended.runs || !ended.deliveries; steps += 1) {
    if (ended.failure) throw ended.failure;
    if (steps > LONGEST_LIFE) throw new Error('something is stuck');
    if (steps === killAfter) {
      life.isDead = true;
      return;
    }
    if (scheduler.count() > 0) await scheduler.waitOne();
    else await bench.clock.advance(500);
    await new Promise((resolve) => setImmediate(resolve));
    if (scheduler.count() === 0 && isAllDone(connection, bench.clock.now())) stop.abort();
  }
}

/** Everything that is due by now has been asked for, told and delivered. */
function isAllDone(connection: Connection, now: number): boolean {
  const waiting = connection.all(db.selectFrom('ledger').select('id').where('outcome', '=', 'pending').compile());
  if (pendingIn(connection) + waiting.length > 0) return false;
  const [row] = connection.all(db.selectFrom('rule').select('state').compile());
  const { frontier } = JSON.parse(row?.state ?? '{"frontier":0}') as { readonly frontier: number };
  return frontier >= (TIMETABLE.latest(now) ?? 0) - DELAY;
}

function pendingIn(connection: Connection): number {
  return connection.all(db.selectFrom('outbox').select('id').where('settled_at', 'is', null).compile()).length;
}

/** What is wrong behind the last life. */
function complaints({ connection, heard }: Play): string[] {
  const entries = connection.all(
    db
      .selectFrom('outbox')
      .select(['id', 'message_id', 'target', 'order_key', 'settled_at', 'dead_at'])
      .orderBy('id')
      .compile(),
  );
  const told = new Set(
    connection
      .all(db.selectFrom('health').select(['code', 'subject']).compile())
      .map((row) => `${row.code} ${JSON.parse(row.subject)}`),
  );
  const found: string[] = [];
  const finalOf = (target: string, message: string): number =>
    heard.findIndex(
      (one) => one.target === target && one.message === message && ['delivered', 'refused'].includes(one.answer.kind),
    );
  const firstOf = (target: string, message: string): number =>
    heard.findIndex((one) => one.target === target && one.message === message);
  for (const { message_id, target, settled_at, dead_at } of entries) {
    if (settled_at === null) found.push(`${message_id} is stuck`);
    if (dead_at !== null && !told.has(`dead-letter ${target}`)) found.push(`${message_id} is dead and nobody was told`);
    const isTaken = heard.some(
      (one) => one.target === target && one.message === message_id && one.answer.kind === 'delivered',
    );
    if (dead_at === null && !isTaken) found.push(`${message_id} was not delivered to ${target}`);
  }
  for (const [index, later] of entries.entries()) {
    for (const earlier of entries.slice(0, index)) {
      if (earlier.target !== later.target || earlier.order_key !== later.order_key) continue;
      const first = firstOf(later.target, later.message_id);
      if (first >= 0 && first < finalOf(earlier.target, earlier.message_id))
        found.push(`${later.message_id} overtook ${earlier.message_id}`);
    }
  }
  const documents = connection.all(db.selectFrom('alert').select(['alert_id', 'document']).compile());
  for (const { row } of ROWS) {
    const ids = documents.filter(({ document }) => {
      const { evidence } = JSON.parse(document) as { evidence: { ReportId: unknown }[] };
      return evidence.some((one) => one.ReportId === row.ReportId);
    });
    const distinct = new Set(ids.map(({ alert_id }) => alert_id)).size;
    if (distinct !== 1) found.push(`row ${row.ReportId} has ${distinct} ids`);
  }
  return found;
}

const answer = fc.oneof(
  { weight: 5, arbitrary: fc.constant(DELIVERED) },
  { weight: 2, arbitrary: fc.constant(again()) },
  { weight: 1, arbitrary: fc.constant(REFUSED) },
  { weight: 1, arbitrary: fc.constant(BLOCKED) },
  { weight: 1, arbitrary: fc.constant(tooMany(2000)) },
);

describe('the run loop and the delivery loop on one store', () => {
  it('lose, double and reorder nothing, however their steps interleave and between whichever two they are killed', async () => {
    const kills = fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 3 });
    const answers = fc.array(answer, { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), kills, answers, async (scheduler, killed, given) => {
        const connection = openConnection(':memory:');
        makeLayout(connection);
        const play: Play = { scheduler, connection, answers: [...given], heard: [] };
        // What lies before the first run is nobody's business: it must not be the one that dies.
        await live(play, T0, null);
        let start = T0 + QUARTER;
        for (const killAfter of killed) {
          await live(play, start, killAfter);
          start += 20 * MINUTE;
        }
        await live(play, Math.max(start, T0 + 5 * QUARTER), null);
        expect(complaints(play)).toEqual([]);
        connection.close();
      }),
      { numRuns: Number(process.env.HUNTWIRE_INTERLEAVINGS ?? tries(10, 25)) },
    );
  });
});
