import { createBell } from '../../../lib/bell.ts';
import type { Clock } from '../../../lib/clock.ts';
import { HuntwireError, toHuntwireError } from '../../../lib/errors.ts';
import type { LeaseBook } from '../../../state/lease.ts';
import type { RelayAsked, RelayOutcome } from '../../../state/relay.ts';

/** The other processes that share the work, for who asks this one. */
export interface Others {
  readonly book: Pick<LeaseBook, 'relays' | 'wake' | 'listen' | 'look'>;
  readonly clock: Clock;
}

const LOOK_MS = 500;

/** Has others do these, and gives what became of each, in their order. Where the signal aborts, they are told that nobody waits any more. */
export async function askOthers(
  { book, clock }: Others,
  relays: readonly RelayAsked[],
  signal: AbortSignal,
): Promise<readonly RelayOutcome[]> {
  if (relays.length === 0) return [];
  const bell = createBell(clock);
  const ids = await book.relays.ask(relays);
  const found = new Map<number, RelayOutcome>();
  const open = (): readonly number[] => ids.filter((id) => !found.has(id));
  const deaf = book.listen((reason) => reason === 'relays' && bell.ring());
  signal.addEventListener('abort', bell.ring);
  try {
    book.wake('relays');
    while (open().length > 0) {
      signal.throwIfAborted();
      for (const [id, outcome] of await outcomesNow(book, open())) found.set(id, outcome);
      if (open().length > 0) await bell.wait(LOOK_MS);
    }
    return ids.map((id) => found.get(id) ?? { kind: 'lost' });
  } finally {
    deaf();
    signal.removeEventListener('abort', bell.ring);
    // Where not even this can be said, it ends by itself, and its answer is forgotten by its age.
    if (open().length > 0)
      await book.relays.withdraw(open()).then(
        () => book.wake('relays'),
        () => undefined,
      );
  }
}

/** A database that is away for a moment has lost nothing. */
async function outcomesNow({ relays }: Others['book'], ids: readonly number[]): ReturnType<typeof relays.outcomes> {
  try {
    return await relays.outcomes(ids);
  } catch (thrown) {
    const error = toHuntwireError(thrown);
    if (!error.retryable) throw error;
    return new Map();
  }
}

/** The document that came of it; throws why there is none. `what` says in a sentence what had to do it. */
export function relayedDocument(outcome: RelayOutcome, what: string): unknown {
  if (outcome.kind === 'answered') {
    if ('document' in outcome.answer) return outcome.answer.document;
    const { code, message, ...rest } = outcome.answer.failure;
    throw new HuntwireError(code, message, rest);
  }
  const told =
    outcome.kind === 'untaken'
      ? `No process took it that has ${what}: nothing was done. Ask again.`
      : `The process that has ${what} ended while it did it: what it committed is there. Ask again, nothing is told twice.`;
  throw new HuntwireError('ACTION_BUSY', told, { retryable: true });
}
