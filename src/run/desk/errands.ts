import { HuntwireError } from '../../lib/errors.ts';
import type { BackfillWish } from '../../state/store.ts';
import type { RunReport } from '../run-rule.ts';
import type { Tenant } from '../tenant.ts';

/** A turn that somebody asks for beside the schedule. */
export interface Errand {
  readonly ruleId: string;
  readonly kind: 'due' | 'backfill';
  /** Of a backfill, what is to be searched; left out: the one of the rule's state goes on. */
  readonly wish?: BackfillWish;
}

/** An errand as the desk has it. */
export interface OpenErrand extends Errand {
  /** False where it was withdrawn: then it must not begin. */
  begin(): boolean;
  resolve(report: RunReport | null): void;
  reject(error: HuntwireError): void;
}

/** The errands of one tenant, from whoever asks to the desk that runs its rules. */
export interface Errands {
  /**
   * Resolves with what came of the turn; null: there was nothing to ask. Rejects with what a turn rejects with, with USAGE where there is
   * no such rule, and with ABORTED where `signal` aborts before it began, or the desk ends. A turn that has begun goes to its end.
   */
  ask(errand: Errand, signal: AbortSignal): Promise<RunReport | null>;
  /** What no desk has taken yet. */
  take(): readonly OpenErrand[];
  listen(listener: () => void): () => void;
  /** Nobody runs them any more: those not taken and all to come are rejected. */
  close(): void;
}

/** A tenant that may be asked for turns beside its schedules. */
export interface AskedTenant extends Tenant {
  /** Left out: nobody asks. */
  readonly errands?: Errands;
  /** Where another process runs it: how to call that one; null: nobody knows. */
  readonly runBy?: () => string | null;
}

export function createErrands(): Errands {
  const waiting: OpenErrand[] = [];
  const listeners = new Set<() => void>();
  let isClosed = false;
  return {
    ask: async (errand, signal) => {
      if (isClosed) throw endedError();
      return new Promise((resolve, reject) => {
        waiting.push(openErrand(errand, { resolve, reject }, signal));
        for (const listener of listeners) listener();
      });
    },
    take: () => waiting.splice(0),
    listen: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => {
      isClosed = true;
      for (const one of waiting.splice(0)) one.reject(endedError());
    },
  };
}

function openErrand(errand: Errand, to: Pick<OpenErrand, 'resolve' | 'reject'>, signal: AbortSignal): OpenErrand {
  let state: 'waits' | 'began' | 'over' = 'waits';
  const withdraw = (): void => {
    if (state === 'waits') settle(() => to.reject(withdrawnError()));
  };
  const settle = (tell: () => void): void => {
    signal.removeEventListener('abort', withdraw);
    if (state !== 'over') tell();
    state = 'over';
  };
  signal.addEventListener('abort', withdraw);
  if (signal.aborted) withdraw();
  return {
    ...errand,
    begin: () => {
      if (state === 'over') return false;
      state = 'began';
      return true;
    },
    resolve: (report) => settle(() => to.resolve(report)),
    reject: (error) => settle(() => to.reject(error)),
  };
}

function withdrawnError(): HuntwireError {
  return new HuntwireError('ABORTED', 'It was withdrawn before it began.');
}

/** The desk that would have run it has ended. */
export function endedError(): HuntwireError {
  return new HuntwireError('ABORTED', 'The runs of this tenant ended before it began.', { retryable: true });
}
