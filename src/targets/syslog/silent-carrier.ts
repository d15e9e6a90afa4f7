import type { Clock } from '../../lib/clock.ts';
import type { Carrier, Moment } from './carrier.ts';
import { confirmDelivered, createFlight, type FlightRules, land, launch, take } from './flight.ts';

/** A full buffer that empties within this time is the normal course of a fast sender and no stall. */
const BRIEF_MS = 50;

/** Messages one after another (RFC 6587, RFC 5425): the receiver says nothing, so that only time and bytes behind a message prove it. */
export function createSilentCarrier(rules: FlightRules, clock: Clock): Carrier {
  const flight = createFlight(rules);
  return {
    greeting: null,
    trustsClose: true,
    room: () => Number.POSITIVE_INFINITY,
    wrap: (frame) => frame,
    launch: (entries, bytes) => {
      const batch = launch(flight, entries, bytes);
      return () => take(flight, batch, clock.monotonic());
    },
    hear: () => null,
    confirm: (moment) => {
      confirmDelivered(flight, moment.now, moment.openedAt, isStalled(moment));
      return null;
    },
    inFlight: () => flight.batches.flatMap(({ entries }) => entries),
    isIdle: () => flight.batches.length === 0,
    farewell: () => null,
    land: (result) => land(flight, result),
  };
}

function isStalled({ now, stalledSince }: Moment): boolean {
  return stalledSince !== null && now - stalledSince >= BRIEF_MS;
}
