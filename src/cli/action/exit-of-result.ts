import type { ErrorCode } from '../../lib/errors.ts';
import { EXIT, exitCodeOf, worstOf } from '../exit-codes.ts';

/** As the verb that does the same would end; an action of which nothing is said here has done what it was asked. */
export function exitOfResult(slug: string, result: unknown): number {
  return EXITS[slug]?.(result as Result) ?? EXIT.ok;
}

/** What is looked at, of whichever action. */
interface Result {
  readonly kind: string;
  readonly outcome: string;
  readonly runs: readonly { readonly error: Failure | null }[];
  readonly windows: { readonly leftOut: number };
  readonly error: Failure | null;
}

interface Failure {
  readonly code: ErrorCode;
}

const EXITS: Readonly<Record<string, (result: Result) => number>> = {
  send_test_alert: ({ kind }) => (kind === 'delivered' ? EXIT.ok : EXIT.failed),
  reload: ({ outcome }) => (outcome === 'refused' ? EXIT.usage : EXIT.ok),
  run_rule: ({ runs }) => worstOf(runs.map(({ error }) => (error ? exitCodeOf(error.code) : EXIT.ok))),
  backfill_rule: ({ error, windows }) => {
    if (error) return exitCodeOf(error.code);
    return windows.leftOut > 0 ? EXIT.failed : EXIT.ok;
  },
};
