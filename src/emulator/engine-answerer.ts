import type { Limits } from '../engine/budget.ts';
import { createKqlEngine } from '../engine/kql-engine.ts';
import { defenderSchema } from '../kql/defender.ts';
import type { Answer, Answerer, Question } from './answer.ts';
import type { EventStore } from './event-store.ts';
import { queryFaultOf } from './query-fault.ts';

export interface EngineAnswererOptions {
  /** Monotonic milliseconds, for the time a query may take. */
  readonly elapsed: () => number;
  readonly limits?: Partial<Limits>;
}

/** Rows beyond what any of the APIs returns are not made. */
const MOST_ROWS = 500_001;

/**
 * Runs every query over the events that have arrived by the stand-in's clock, which is also the query's now(). One query at a time:
 * the events stand still while it runs. Queries that the service would refuse reject with a QueryFault in its words.
 */
export function createEngineAnswerer(events: EventStore, { elapsed, limits = {} }: EngineAnswererOptions): Answerer {
  const state = { now: 0 };
  const engine = createKqlEngine({
    schema: defenderSchema(),
    tables: events.tables,
    now: () => state.now,
    elapsed,
    limits,
  });
  const run = async ({ query, now, signal }: Question): Promise<Answer> => {
    signal.throwIfAborted();
    state.now = now;
    events.advance(now);
    try {
      const result = await engine.run(query, { signal });
      return { columns: result.columns, rows: firstOf(result.rows(), MOST_ROWS) };
    } catch (thrown) {
      throw queryFaultOf(thrown, query);
    }
  };
  let last: Promise<unknown> = Promise.resolve();
  return {
    answer(question) {
      const answer = last.then(() => run(question));
      last = answer.catch(() => undefined);
      return answer;
    },
  };
}

function firstOf<Item>(items: Iterable<Item>, most: number): readonly Item[] {
  const taken: Item[] = [];
  for (const item of items) {
    if (taken.length >= most) break;
    taken.push(item);
  }
  return taken;
}
