/** Where a receiver listens. */
export interface ReceiverAddress {
  readonly host: string;
  readonly port: number;
}

/** Receivers of which one at a time is used: the first that has not failed lately. */
export interface ReceiverLine {
  readonly all: readonly ReceiverAddress[];
  /** The one to connect to; where all have failed lately, the one whose failure is longest ago. */
  choose(now: number): ReceiverAddress;
  failed(address: ReceiverAddress, now: number): void;
  /** Whether some receiver has not failed lately. */
  hasFresh(now: number): boolean;
}

/** A receiver that failed is left alone for so long, while another one is there. */
const REST_MS = 60_000;

export function createReceiverLine(all: readonly [ReceiverAddress, ...ReceiverAddress[]]): ReceiverLine {
  const restUntil = new Map<ReceiverAddress, number>();
  const endOf = (address: ReceiverAddress): number => restUntil.get(address) ?? Number.NEGATIVE_INFINITY;
  const fresh = (now: number): ReceiverAddress | undefined => all.find((address) => endOf(address) <= now);
  return {
    all,
    choose: (now) => fresh(now) ?? all.reduce((best, one) => (endOf(one) < endOf(best) ? one : best), all[0]),
    failed: (address, now) => void restUntil.set(address, now + REST_MS),
    hasFresh: (now) => fresh(now) !== undefined,
  };
}
