import { createBell } from '../../../lib/bell.ts';
import type { Clock } from '../../../lib/clock.ts';
import { endsRunner, HuntwireError, toHuntwireError } from '../../../lib/errors.ts';
import type { Log } from '../../../lib/log.ts';
import type { LeaseBook } from '../../../state/lease.ts';
import type { RelayAnswer, TakenRelay } from '../../../state/relay.ts';

export interface ServeOptions {
  readonly book: Pick<LeaseBook, 'relays' | 'wake' | 'listen'>;
  /** Names of the tenants that this process runs at the moment. */
  readonly tenants: () => readonly string[];
  readonly perform: (relay: TakenRelay, signal: AbortSignal) => Promise<unknown>;
  readonly clock: Clock;
  readonly log: Log;
}

interface Desk extends ServeOptions {
  readonly going: Map<number, { readonly stop: AbortController; readonly done: Promise<void> }>;
}

const LOOK_MS = 1000;
/** What is more waits for another look. */
const MOST_AT_ONCE = 64;
const ANSWERS = 3;

/** Does for other processes what they ask of this one, until the signal; what goes on then is stopped, and answered so. */
export async function serveRelays(options: ServeOptions, signal: AbortSignal): Promise<void> {
  const desk: Desk = { ...options, going: new Map() };
  const bell = createBell(desk.clock);
  const deaf = desk.book.listen((reason) => reason === 'relays' && bell.ring());
  signal.addEventListener('abort', bell.ring);
  try {
    while (!signal.aborted) {
      await look(desk).catch((thrown) => afterFault(desk, thrown));
      if (!signal.aborted) await bell.wait(LOOK_MS);
    }
  } finally {
    deaf();
    signal.removeEventListener('abort', bell.ring);
    for (const { stop } of desk.going.values()) stop.abort(endedByStop());
    await Promise.all([...desk.going.values()].map(({ done }) => done));
  }
}

/** Where the session is lost, the process ends by itself. */
function afterFault({ log }: Desk, thrown: unknown): void {
  const error = toHuntwireError(thrown);
  if (endsRunner(error)) return;
  log.warn('what other processes ask of this one could not be looked at', { code: error.code, reason: error.message });
}

async function look(desk: Desk): Promise<void> {
  const { book, going, tenants } = desk;
  if (going.size > 0) {
    const wanted = await book.relays.wanted();
    for (const [id, { stop }] of going) if (!wanted.has(id)) stop.abort(withdrawn());
  }
  if (going.size >= MOST_AT_ONCE) return;
  for (const relay of await book.relays.take(tenants(), MOST_AT_ONCE - going.size)) begin(desk, relay);
}

function begin(desk: Desk, relay: TakenRelay): void {
  const stop = new AbortController();
  const { id, action, by } = relay;
  desk.log.info('another process was asked for what this one does', { action, by });
  const done = answerOf(desk, relay, stop.signal)
    .then((answer) => give(desk, id, answer))
    .finally(() => desk.going.delete(id));
  desk.going.set(id, { stop, done });
}

async function answerOf({ perform }: Desk, relay: TakenRelay, signal: AbortSignal): Promise<RelayAnswer> {
  try {
    return { document: (await perform(relay, signal)) ?? null };
  } catch (thrown) {
    const { code, message, retryable, retryAfterMs, problems } = toHuntwireError(thrown);
    return { failure: { code, message, retryable, retryAfterMs, problems } };
  }
}

/** Who asked learns it in any case once this process is gone. */
async function give({ book, clock, log }: Desk, id: number, answer: RelayAnswer): Promise<void> {
  for (let left = ANSWERS - 1; ; left -= 1) {
    try {
      await book.relays.answer(id, answer);
      return book.wake('relays');
    } catch (thrown) {
      const error = toHuntwireError(thrown);
      if (endsRunner(error)) return;
      if (left === 0 || !error.retryable)
        return log.error('what came of an action could not be told to who asked', { reason: error.message });
    }
    await clock.sleep(LOOK_MS).catch(() => undefined);
  }
}

function withdrawn(): HuntwireError {
  return new HuntwireError('ABORTED', 'Nobody waits for it any more.');
}

function endedByStop(): HuntwireError {
  return new HuntwireError('ABORTED', 'The process that does it ends. Ask again.', { retryable: true });
}
