import { HuntwireError } from '../../lib/errors.ts';
import type { PreparedQuery } from '../prepared.ts';
import type { WorkerAnswer, WorkerQuestion } from './messages.ts';

/** What came of a question. `unstarted`: nobody was there to answer it, and another hand may. */
export type HandOutcome =
  | { readonly kind: 'prepared'; readonly prepared: PreparedQuery }
  | { readonly kind: 'given-up'; readonly message: string }
  | { readonly kind: 'failed'; readonly error: HuntwireError }
  | { readonly kind: 'unstarted' };

/** A thread or process that analyzes, one question at a time. It holds nobody back from ending who waits for no answer. */
export interface Hand {
  /** The answer, or what became of the hand; nothing where `done` aborts first. */
  ask(question: WorkerQuestion, done: AbortSignal): Promise<HandOutcome>;
  /** Processor time in ms that it has taken since some instant, at most; null: the system does not tell. */
  worked(): number | null;
  end(): Promise<void>;
}

export const NO_ANSWER = 'The analysis of the query ended without an answer.';
export const NO_MEMORY = 'The query needs too much memory to analyze.';

export function outcomeOfAnswer(answer: WorkerAnswer): HandOutcome {
  if (answer.kind === 'prepared') return { kind: 'prepared', prepared: JSON.parse(answer.json) as PreparedQuery };
  return { kind: 'failed', error: new HuntwireError('INTERNAL', answer.message) };
}
