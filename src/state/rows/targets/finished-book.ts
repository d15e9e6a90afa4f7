import { setImmediate } from 'node:timers/promises';
import { HOUR_MS } from '../../../lib/duration.ts';
import type { Database } from '../../steps/database.ts';
import { all, type RowSteps } from '../../steps/steps.ts';
import { db } from '../../steps/tables.ts';
import { highestId } from '../order-rows.ts';
import type { OutboxTime } from '../outbox-time.ts';
import { countPending } from './count-pending.ts';

/** What is known of the entries that a target was asked to take and is done with. */
export interface FinishedOf {
  /** Id of the newest; null: there is none. */
  readonly newest: number | null;
  /** null: nobody has looked yet. */
  readonly hasDelivered: boolean | null;
}

export interface FinishedBook {
  of(targets: readonly string[]): Promise<ReadonlyMap<string, FinishedOf>>;
  /** What was found the last time. */
  remembered(targets: readonly string[]): ReadonlyMap<string, FinishedOf>;
}

interface FinishedFound extends FinishedOf {
  readonly hasDelivered: boolean;
}

interface Remembered extends FinishedFound {
  /** From this id on there may be something new. */
  readonly from: number;
  /** Outbox time. */
  readonly until: number;
}

/** Entries that one step goes through. */
const AT_ONCE = 20_000;

/**
 * The state has no index of what is finished, as every delivery would have to write to it. So entries are gone through from the newest
 * back until all targets are found, step by step, with room for other work between; what was seen once is remembered for an hour.
 */
export function createFinishedBook(database: Database, time: OutboxTime): FinishedBook {
  const book = new Map<string, Remembered>();
  return {
    of: async (targets) => {
      const { highest, firsts } = await database.read(readEnds);
      const known = new Map(targets.map((target) => [target, usable(book.get(target), highest, time.now())]));
      const found = await lookBack(database, known, highest);
      for (const [target, finished] of found) {
        const from = Math.min(highest + 1, firsts.get(target)?.first ?? Number.POSITIVE_INFINITY);
        book.set(target, { ...finished, from, until: known.get(target)?.until ?? time.now() + HOUR_MS });
      }
      return found;
    },
    remembered: (targets) => new Map(targets.map((target) => [target, book.get(target) ?? UNSEEN])),
  };
}

const UNSEEN: FinishedOf = { newest: null, hasDelivered: null };

function* readEnds() {
  return { highest: yield* highestId('outbox'), firsts: yield* countPending() };
}

/** Ids begin anew in a state that has become empty. */
function usable(remembered: Remembered | undefined, highest: number, now: number): Remembered | null {
  return remembered && remembered.until > now && remembered.from <= highest + 1 ? remembered : null;
}

type Known = ReadonlyMap<string, Remembered | null>;

async function lookBack(database: Database, known: Known, highest: number): Promise<Map<string, FinishedFound>> {
  const found = new Map<string, FinishedFound>();
  const isOpen = (target: string, to: number): boolean => {
    const { newest = null, hasDelivered = false } = found.get(target) ?? {};
    return to >= (known.get(target)?.from ?? 1) && (newest === null || !hasDelivered);
  };
  for (let to = highest; to > 0; to -= AT_ONCE) {
    const open = [...known.keys()].filter((target) => isOpen(target, to));
    if (open.length === 0) break;
    const range = { above: Math.max(0, to - AT_ONCE), to };
    for (const [target, step] of await database.read(() => readStep(open, range))) {
      const before = found.get(target);
      const newest = before?.newest ?? step.newest;
      found.set(target, { newest, hasDelivered: before?.hasDelivered || step.hasDelivered });
    }
    await setImmediate();
  }
  return new Map(
    [...known].map(([target, before]) => {
      const { newest = null, hasDelivered = false } = found.get(target) ?? {};
      return [
        target,
        { newest: newest ?? before?.newest ?? null, hasDelivered: hasDelivered || before?.hasDelivered === true },
      ];
    }),
  );
}

interface Step {
  readonly above: number;
  readonly to: number;
}

function* readStep(targets: readonly string[], step: Step): RowSteps<ReadonlyMap<string, FinishedFound>> {
  const newest = yield* all(newestIn(targets, step).where('attempts', '>', 0));
  const found = new Map<string, FinishedFound>(
    newest.map(({ target, id }) => [target, { newest: id, hasDelivered: false }]),
  );
  // Whoever buries an entry writes an answer, which stays when the dead letter is dropped.
  const delivered = yield* all(newestIn([...found.keys(), ''], step).where('answer', 'is', null));
  for (const { target } of delivered) found.set(target, { newest: found.get(target)?.newest ?? 0, hasDelivered: true });
  return found;
}

function newestIn(targets: readonly string[], { above, to }: Step) {
  return db
    .selectFrom('outbox')
    .select(['target', (select) => select.fn.max<number>('id').as('id')])
    .where('id', '>', above)
    .where('id', '<=', to)
    .where('target', 'in', targets)
    .where('settled_at', 'is not', null)
    .groupBy('target');
}
