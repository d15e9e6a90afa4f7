import type { HuntwireError } from '../lib/errors.ts';

/** What ends a session: its caller, or a failure that leaves nothing to be done. */
export interface SessionEnd {
  readonly signal: AbortSignal;
  /** Ends the session; the first failure counts. */
  fail(error: HuntwireError): void;
  failure(): HuntwireError | null;
  /** To be called behind the session: nothing is left on the caller's signal. */
  release(): void;
}

export function createSessionEnd(caller: AbortSignal): SessionEnd {
  const stop = new AbortController();
  let failed: HuntwireError | null = null;
  const forward = (): void => stop.abort(caller.reason);
  if (caller.aborted) forward();
  caller.addEventListener('abort', forward);
  return {
    signal: stop.signal,
    fail: (error) => {
      failed ??= error;
      stop.abort(error);
    },
    failure: () => failed,
    release: () => caller.removeEventListener('abort', forward),
  };
}
