import { HuntwireError } from '../../lib/errors.ts';

export interface RunsAsked {
  readonly rule?: readonly string[];
  readonly dryRun?: boolean;
  readonly wait?: string;
}

export interface BackfillAsked {
  readonly rule: string;
  readonly from: string;
  readonly to?: string;
  readonly tenant?: string;
  readonly noLimit?: boolean;
  readonly retell?: 'excepted';
  readonly dryRun?: boolean;
  /** How long its end is waited for. */
  readonly wait?: string;
  readonly cancel?: boolean;
}

/** What only a process that runs can do; what this one does not do is left out. Each gives the document of its action. */
export interface RunnerOffers {
  /** Reads configuration and rules again, in every process that shares the work. */
  readonly reload?: (signal: AbortSignal) => Promise<unknown>;
  readonly runRules?: (asked: RunsAsked, signal: AbortSignal) => Promise<unknown>;
  /** Searches a past range of a rule again, in the ledger of its runs. */
  readonly backfillRule?: (asked: BackfillAsked, signal: AbortSignal) => Promise<unknown>;
}

export function notOffered(what: string): HuntwireError {
  return new HuntwireError('ACTION_NOT_OFFERED', `This process does not ${what}.`);
}
