import { again, DELIVERY_STOPPED } from '../delivery-result.ts';
import type { Delivery, DeliveryResult, Target } from '../target.ts';

/** What stands in a request beside others. */
export interface Written {
  readonly text: string;
}

/** A delivery with what is written of it. */
export interface Parcel extends Written {
  readonly delivery: Delivery;
}

export interface PartLimits {
  /** Of a whole request. */
  readonly maxBytes: number;
  /** That a parcel costs beside its text. */
  readonly extraBytes: number;
}

/** One result for all of them, or one for each, in their order. */
export type PartOutcome = DeliveryResult | readonly DeliveryResult[];
export type SendPart<One extends Written = Parcel> = (parcels: readonly One[]) => Promise<PartOutcome>;

type DeliverMany = NonNullable<Target['deliverMany']>;

/**
 * Sends parcels in as few requests as their bytes allow and gives each its result. A request that is refused as a whole is divided until
 * it is known which entries are meant; where the other side takes nothing, the rest is not sent.
 */
export async function sendInParts<One extends Written>(
  parcels: readonly One[],
  limits: PartLimits,
  send: SendPart<One>,
  signal: AbortSignal,
): Promise<readonly DeliveryResult[]> {
  const waiting = partsOf(parcels, limits);
  const results = new Map<Written, DeliveryResult>();
  for (let part = waiting.shift(); part; part = waiting.shift()) {
    const outcome = signal.aborted ? DELIVERY_STOPPED : await send(part);
    if (isEach(outcome)) keep(results, part, outcome);
    else if (outcome.kind === 'refused' && part.length > 1) waiting.unshift(...halvesOf(part));
    else {
      keep(
        results,
        part,
        part.map(() => outcome),
      );
      if (outcome.kind === 'again' || outcome.kind === 'blocked')
        return parcels.map((one) => results.get(one) ?? outcome);
    }
  }
  return parcels.map((one) => results.get(one) ?? again('nothing was said of this one'));
}

/** `deliver` of a target that only knows batches. */
export function deliverSingly(deliverMany: DeliverMany): Target['deliver'] {
  return async (delivery, signal) => {
    const [result] = await deliverMany([delivery], signal);
    return result ?? again('nothing was said of this alert');
  };
}

function isEach(outcome: PartOutcome): outcome is readonly DeliveryResult[] {
  return Array.isArray(outcome);
}

function keep(
  results: Map<Written, DeliveryResult>,
  part: readonly Written[],
  outcomes: readonly DeliveryResult[],
): void {
  for (const [at, parcel] of part.entries()) {
    const outcome = outcomes[at];
    if (outcome) results.set(parcel, outcome);
  }
}

function partsOf<One extends Written>(
  parcels: readonly One[],
  { maxBytes, extraBytes }: PartLimits,
): (readonly One[])[] {
  const parts: One[][] = [];
  let room = 0;
  for (const parcel of parcels) {
    const bytes = Buffer.byteLength(parcel.text) + extraBytes;
    const part = parts.at(-1);
    if (part && bytes <= room) part.push(parcel);
    else {
      parts.push([parcel]);
      room = maxBytes;
    }
    room -= bytes;
  }
  return parts;
}

function halvesOf<One>(part: readonly One[]): readonly (readonly One[])[] {
  const middle = Math.ceil(part.length / 2);
  return [part.slice(0, middle), part.slice(middle)];
}
