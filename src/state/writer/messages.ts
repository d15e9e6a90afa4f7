import type { ErrorCode } from '../../lib/errors.ts';
import type { LogFields } from '../../lib/log.ts';
import type { SteadyMark } from '../../lib/steady-time.ts';
import type { HeldLease } from '../lease.ts';
import type { Store } from '../store.ts';

/** The methods of a store that write. All that is left out reads, and is done where it is called. */
export const WRITES = [
  'keepFirst',
  'noteRunner',
  'commit',
  'moveRule',
  'commitHealth',
  'cutMemory',
  'tidy',
  'delivered',
  'keepReceipts',
  'retryLater',
  'bury',
  'buryPending',
  'ageWaiting',
  'setTargetState',
  'setDownSince',
  'replay',
  'drop',
  'divert',
  'acknowledge',
  'escalate',
  'dueDigests',
  'tellDigest',
  'addSilence',
  'expireSilences',
  'noteAudit',
] as const satisfies readonly (keyof Store)[];
/** Those of its quota and its cache. */
export const QUOTA_WRITES = [
  'beginCall',
  'endCall',
  'cancelCall',
  'pause',
  'restrain',
] as const satisfies readonly (keyof Store['quota'])[];
export const CACHE_WRITES = ['set'] as const satisfies readonly (keyof Store['cache'])[];

/** What is asked of the thread that writes: one method of the store, or of its quota or cache. They are done in the order in which they come. */
export interface WriteCall {
  readonly number: number;
  readonly of: 'store' | 'quota' | 'cache' | 'place';
  readonly method: string;
  readonly values: readonly unknown[];
  /** The outbox's time and our wall clock where it was called: the thread has no clock of its own. */
  readonly time: SteadyMark;
  /** Of a database: the lease under which it is written; null: none. */
  readonly lease: HeldLease | null;
}

/** An error of ours as it goes from thread to thread: its class and its fields would be lost. */
export interface SentError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  readonly cause: unknown;
}

export type WriterAnswer =
  | { readonly kind: 'opened'; readonly fence: number }
  | { readonly kind: 'refused'; readonly error: SentError }
  | { readonly kind: 'done'; readonly number: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly number: number; readonly error: SentError }
  | { readonly kind: 'log'; readonly level: 'warn' | 'debug'; readonly message: string; readonly fields: LogFields };

/** What the thread is told when it begins. */
export interface WriterSettings {
  readonly path: string;
  readonly lockPath: string;
}

/** As WriterSettings, where the state is in a database. */
export interface DatabaseWriterSettings {
  readonly url: string;
  readonly fence: number;
  /** Not 0 in its first place: this process may not write any more. Of memory that threads share. */
  readonly lost: Int32Array;
}

/** The end of a channel; a worker or a message port is one. */
export interface WriterPort<Out, In> {
  /** Memory that is handed over is gone here. */
  postMessage(message: Out, handedOver?: readonly ArrayBuffer[]): void;
  on(event: 'message', listener: (message: In) => void): unknown;
}
