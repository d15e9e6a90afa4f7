import { DELIVERED } from '../delivery-result.ts';
import type { DeliveryResult } from '../target.ts';
import type { Entry } from './carrier.ts';

/** Entries that were written in one piece. */
interface Batch {
  readonly entries: readonly Entry[];
  readonly bytes: number;
  /** Bytes taken on the connection with this batch; NaN until the kernel has taken it. */
  end: number;
  takenAt: number;
}

/** When messages in flight count as delivered; times in ms on the monotonic scale of the clock. */
export interface FlightRules {
  /** A fresh connection must have lived this long: a refused client certificate is told only after the first writes. */
  readonly probationMs: number;
  /** So long ago a message must have been taken. */
  readonly proofMs: number;
  /** Or so many bytes must have been taken behind it. */
  readonly proofBytes: number;
}

/**
 * Messages in flight on one connection, oldest first. A write that was taken by the kernel is no delivery: the message
 * may still wait in a buffer when the receiver dies. It counts as delivered once the connection is out of probation and
 * has stayed whole for a while behind it.
 */
export interface Flight {
  readonly batches: Batch[];
  readonly rules: FlightRules;
  taken: number;
}

export function createFlight(rules: FlightRules): Flight {
  return { batches: [], rules, taken: 0 };
}

export function launch(flight: Flight, entries: readonly Entry[], bytes: number): Batch {
  const batch: Batch = { entries, bytes, end: Number.NaN, takenAt: Number.NaN };
  flight.batches.push(batch);
  return batch;
}

/** The kernel has taken a batch. */
export function take(flight: Flight, batch: Batch, now: number): void {
  flight.taken += batch.bytes;
  batch.end = flight.taken;
  batch.takenAt = now;
}

/**
 * Resolves what counts as delivered at `now`. While the connection is stalled, time proves nothing: only the bytes
 * behind a message count.
 */
export function confirmDelivered(flight: Flight, now: number, openedAt: number, stalled: boolean): void {
  const { probationMs, proofMs, proofBytes } = flight.rules;
  if (now - openedAt < probationMs) return;
  let count = 0;
  for (const batch of flight.batches) {
    const passed = flight.taken - batch.end >= proofBytes;
    if (!passed && (stalled || !(now - batch.takenAt >= proofMs))) break;
    count += 1;
  }
  if (count > 0) resolveAll(flight.batches.splice(0, count), DELIVERED);
}

/** Ends the flight: every entry in it gets this result. */
export function land(flight: Flight, result: DeliveryResult): void {
  resolveAll(flight.batches.splice(0), result);
}

function resolveAll(batches: readonly Batch[], result: DeliveryResult): void {
  for (const batch of batches) {
    for (const entry of batch.entries) entry.resolve(result);
  }
}
