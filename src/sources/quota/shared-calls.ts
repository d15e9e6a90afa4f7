import { MINUTE_MS } from '../../lib/duration.ts';
import type { MeteredCall, NumberedCall } from '../source.ts';

/** Calls that other processes record in the same state, as they are known so far. */
export interface SharedCalls {
  /** Numbers of this process's calls, the latest ones. */
  readonly own: Set<number>;
  /** Those that may still change: what they take, or whether they were made at all. By their numbers. */
  young: ReadonlyMap<number, SeenCall>;
  /** Whatever has a number up to this one is known for good. */
  upTo: number;
}

export interface SeenCall extends MeteredCall {
  /** As the other process recorded it, epoch ms of the service's clock. */
  readonly recordedAt: number;
}

/** Two processes may take the service's time to be so different without noticing: each goes by answers that were on their way for a while. */
export const KNOWN_TO_MS = MINUTE_MS;
/** Longer than a query lasts. */
const YOUNG_MS = 10 * MINUTE_MS;

export function noSharedCalls(): SharedCalls {
  return { own: new Set(), young: new Map(), upTo: 0 };
}

/** Monotonic `now`, and the service's time in epoch ms; null: not known. */
export interface Instant {
  readonly now: number;
  readonly service: number | null;
}

/**
 * Takes in all calls behind `shared.upTo` as the store has them, and returns those of others that will not change any more. Each has its
 * place in monotonic time where it was first seen, or before: as late as it may have been.
 */
export function takeShared(
  shared: SharedCalls,
  rows: readonly NumberedCall[],
  instant: Instant,
): readonly MeteredCall[] {
  const settled: MeteredCall[] = [];
  const young = new Map<number, SeenCall>();
  let last = shared.upTo;
  for (const row of rows) {
    last = Math.max(last, row.number);
    if (shared.own.has(row.number)) continue;
    const call = placed(row, shared.young.get(row.number), instant);
    if (instant.now - call.at < YOUNG_MS) young.set(row.number, call);
    else settled.push(call);
  }
  shared.young = young;
  shared.upTo = Math.max(shared.upTo, Math.min(last, ...[...young.keys()].map((number) => number - 1)));
  return settled;
}

function placed({ at, runMs }: NumberedCall, seen: SeenCall | undefined, { now, service }: Instant): SeenCall {
  const first = seen && seen.recordedAt === at ? seen.at : now;
  const latest = service === null ? first : now - Math.max(0, service - at - KNOWN_TO_MS);
  return { at: Math.min(first, latest), runMs, recordedAt: at };
}

/** As many as are made in the time for which others' calls are read again, and more. */
const MOST_OWN = 2000;

export function addOwn({ own }: SharedCalls, number: number): void {
  own.add(number);
  const [oldest] = own;
  if (own.size > MOST_OWN && oldest !== undefined) own.delete(oldest);
}

/** The call was not made: its number may go to another. */
export function dropOwn(shared: SharedCalls, number: number): void {
  shared.own.delete(number);
  shared.upTo = Math.min(shared.upTo, number - 1);
}

/** Calls of others that may still change; of those, only such as were recorded before `number`. */
export function youngBefore({ young }: SharedCalls, number: number): readonly MeteredCall[] {
  if (young.size === 0) return [];
  return [...young].filter(([one]) => one < number).map(([, call]) => call);
}
