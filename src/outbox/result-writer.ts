import type { Clock } from '../lib/clock.ts';
import { endsRunner, type HuntwireError, toHuntwireError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { Burial, OutboxEntry, OutboxStore, Receipt, RetryLater } from '../state/outbox-store.ts';
import type { FollowUp } from './follow-up.ts';
import { createRecurringFailure, type RecurringFailure } from './recurring-failure.ts';

/** Writes what became of deliveries in batches: one flush of the disk for many entries. */
export interface ResultWriter {
  add(entry: OutboxEntry, followUp: FollowUp): void;
  /** Writes all that was added. A failure is logged, kept and tried again a little later. */
  flush(): Promise<void>;
  /** As flush, at the end of the loop: a failure is thrown. */
  finish(): Promise<void>;
  /** Entries added and not yet written. */
  size(): number;
}

export interface ResultWriterOptions {
  readonly store: OutboxStore;
  readonly clock: Clock;
  readonly log: Log;
  /** Called with a failure that ends the runner: nothing can be stored any more. */
  readonly fail: (error: HuntwireError) => void;
  /** Called with the ids of entries whose results are stored. */
  readonly onWritten: (ids: readonly number[]) => void;
}

const BATCH_MS = 50;
/** Entries lie apart in the index of their order keys: each batch writes nearly all of it, so that many small ones cost twice as much as few. */
const BATCH_ENTRIES = 1000;
const RETRY_MS = 1000;

interface Batch {
  /** Of entries that are in `delivered`, too. */
  receipts: Receipt[];
  delivered: number[];
  retries: RetryLater[];
  burials: Burial[];
}

interface State extends ResultWriterOptions {
  batch: Batch;
  unwritten: number;
  writing: Promise<void>;
  armed: boolean;
  failing: boolean;
  readonly failure: RecurringFailure;
  closed: boolean;
}

export function createResultWriter(options: ResultWriterOptions): ResultWriter {
  const flags = { armed: false, failing: false, closed: false, failure: createRecurringFailure(options.clock) };
  const state: State = { ...options, ...flags, batch: emptyBatch(), unwritten: 0, writing: Promise.resolve() };
  return {
    add: (entry, followUp) => {
      state.unwritten += 1;
      addTo(state.batch, entry, followUp, Math.round(state.clock.now()));
      if (sizeOf(state.batch) >= BATCH_ENTRIES) void flush(state);
      else arm(state, BATCH_MS);
    },
    flush: () => flush(state),
    finish: () => finish(state),
    size: () => state.unwritten,
  };
}

function emptyBatch(): Batch {
  return { receipts: [], delivered: [], retries: [], burials: [] };
}

function sizeOf(batch: Batch): number {
  return batch.delivered.length + batch.retries.length + batch.burials.length;
}

function addTo(batch: Batch, entry: OutboxEntry, followUp: FollowUp, at: number): void {
  const { id, target } = entry;
  if (followUp.kind === 'delivered') {
    batch.delivered.push(id);
    const text = followUp.receipt;
    if (text !== undefined) batch.receipts.push({ alertId: entry.alert.id, target, text, at });
  } else if (followUp.kind === 'bury') {
    const { reason, status, answer } = followUp;
    batch.burials.push({ id, reason, status, answer, at });
  } else {
    const { nextAttemptAt, triedAt, agedMs, reason } = followUp;
    batch.retries.push({ id, nextAttemptAt, triedAt, agedMs, reason, at });
  }
}

function arm(state: State, ms: number): void {
  if (state.armed || state.closed) return;
  state.armed = true;
  void state.clock.sleep(ms).then(() => {
    state.armed = false;
    state.failing = false;
    return flush(state);
  });
}

/** Flushes follow one another, so that the writes of one entry keep their order. */
function flush(state: State): Promise<void> {
  if (state.failing) return state.writing;
  state.writing = state.writing.then(() => writeOrKeep(state));
  return state.writing;
}

async function writeOrKeep(state: State): Promise<void> {
  // What is left then is written by finish, whose failure is thrown.
  if (state.closed) return;
  try {
    await write(state);
    state.failure.over();
  } catch (thrown) {
    const error = toHuntwireError(thrown);
    if (endsRunner(error)) state.fail(error);
    tell(state, error);
    state.failing = true;
    arm(state, RETRY_MS);
  }
}

function tell(state: State, { code, message }: HuntwireError): void {
  if (!state.failure.isNews(code)) return;
  const fields = { code, reason: message, entries: state.unwritten };
  state.log.error('The results of deliveries could not be stored; they are kept and stored later.', fields);
}

async function finish(state: State): Promise<void> {
  state.closed = true;
  await state.writing;
  await write(state);
}

/** Each part is reported as soon as it has been written; what was not goes back in front of what has come since. */
async function write(state: State): Promise<void> {
  const { store, batch } = state;
  state.batch = emptyBatch();
  try {
    if (batch.receipts.length > 0) await store.keepReceipts(batch.receipts);
    batch.receipts = [];
    await writePart(state, batch, 'delivered', (ids) => store.delivered(ids, Math.round(state.clock.now())));
    await writePart(state, batch, 'retries', (retries) => store.retryLater(retries));
    await writePart(state, batch, 'burials', (burials) => store.bury(burials));
  } catch (thrown) {
    state.batch = joined(batch, state.batch);
    throw thrown;
  }
}

async function writePart<Part extends 'delivered' | 'retries' | 'burials'>(
  state: State,
  batch: Batch,
  part: Part,
  save: (entries: Batch[Part]) => Promise<void>,
): Promise<void> {
  const entries = batch[part];
  if (entries.length === 0) return;
  await save(entries);
  batch[part] = [] as unknown[] as Batch[Part];
  state.unwritten -= entries.length;
  state.onWritten(entries.map((entry) => (typeof entry === 'number' ? entry : entry.id)));
}

function joined(first: Batch, second: Batch): Batch {
  return {
    receipts: [...first.receipts, ...second.receipts],
    delivered: [...first.delivered, ...second.delivered],
    retries: [...first.retries, ...second.retries],
    burials: [...first.burials, ...second.burials],
  };
}
