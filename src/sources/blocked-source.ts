import type { Clock } from '../lib/clock.ts';
import { DAY_MS, SECOND_MS } from '../lib/duration.ts';
import { type HuntwireError, toHuntwireError } from '../lib/errors.ts';
import { type ApiName, type Source, UNLIMITED } from './source.ts';

export interface BlockedSourceOptions {
  readonly api: ApiName;
  /** Why it could not be made. */
  readonly reason: HuntwireError;
  /** Makes it of its settings and files as they are now; throws while it cannot. */
  readonly open: () => Source;
  readonly clock: Pick<Clock, 'monotonic'>;
}

/** Whoever asks meanwhile is told the reason of the last try. */
const TRY_EVERY_MS = 10 * SECOND_MS;
/** Until the true source says. */
const MOST_ROWS = 100_000;
const RETENTION_MS = 30 * DAY_MS;

/**
 * A source that could not be made: it fails whoever asks, with the reason, and is tried again when it is asked. Once it could be made it
 * is that source.
 */
export function createBlockedSource({ api, reason, open, clock }: BlockedSourceOptions): Source {
  let source: Source | null = null;
  let lack: HuntwireError = reason;
  let triedAt = clock.monotonic();
  const tryAgain = (): Source | null => {
    if (source || clock.monotonic() - triedAt < TRY_EVERY_MS) return source;
    triedAt = clock.monotonic();
    try {
      source = open();
    } catch (thrown) {
      lack = toHuntwireError(thrown);
    }
    return source;
  };
  const required = async (): Promise<Source> => {
    const made = tryAgain();
    if (made) return made;
    throw lack;
  };
  return {
    api,
    get maxRows() {
      return source?.maxRows ?? MOST_ROWS;
    },
    get retentionMs() {
      return source?.retentionMs ?? RETENTION_MS;
    },
    get retiresOn() {
      return source?.retiresOn ?? null;
    },
    get quota() {
      return source?.quota ?? UNLIMITED;
    },
    get packRules() {
      return source?.packRules ?? 1;
    },
    get credentialExpiresAt() {
      return source?.credentialExpiresAt ?? null;
    },
    blockedBy: () => (tryAgain() ? null : lack),
    query: async (request, sink) => (await required()).query(request, sink),
    greet: async (signal) => (await (await required()).greet?.(signal)) ?? null,
    check: async (signal) => (await required()).check(signal),
    close: async () => source?.close(),
  };
}
