import type { DeliveryResult } from '../target.ts';

/** A delivery that waits for its result. */
export interface Entry {
  /** The framed message; emptied once it is written. */
  frame: Buffer;
  readonly signal: AbortSignal;
  readonly resolve: (result: DeliveryResult) => void;
}

/** What the receiver has said, as far as the connection must know: messages may come, its last word, or why it is over. */
export type Heard = 'welcome' | 'goodbye' | { readonly failure: DeliveryResult } | null;

/** A moment of a connection, in ms on the monotonic scale of its clock. */
export interface Moment {
  readonly now: number;
  readonly openedAt: number;
  /** Since when the socket takes nothing more; null while it does. */
  readonly stalledSince: number | null;
}

/**
 * How a protocol carries messages over one connection, and what it takes for the proof that they have arrived. Results come in the order
 * in which the messages were written, and what failed once makes everything behind it fail.
 */
export interface Carrier {
  /** What goes out first; messages wait for the receiver's welcome. null: they need not. */
  readonly greeting: string | null;
  /** Whether a receiver that closes after we did has read everything. */
  readonly trustsClose: boolean;
  /** How many messages may be written now. */
  room(): number;
  /** The bytes of a message on the wire, which would be the `ahead`-th (from 0) of those that are written next. */
  wrap(frame: Buffer, ahead: number): Buffer;
  /** These were written in one piece. The answer is to be called when the kernel has taken them. */
  launch(entries: readonly Entry[], bytes: number): () => void;
  hear(chunk: Buffer): Heard;
  /** Resolves what is proven by now; tells where the receiver has failed to prove anything in time. */
  confirm(moment: Moment): DeliveryResult | null;
  /** What is written and has no result. */
  inFlight(): Iterable<Entry>;
  isIdle(): boolean;
  /** What is said before the connection is closed. null: nothing, the close is said by the socket. */
  farewell(): string | null;
  /** The end: everything in flight gets this result. */
  land(result: DeliveryResult): void;
}
