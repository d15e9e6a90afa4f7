import type { Clock } from '../lib/clock.ts';
import { proxyFor } from '../lib/dispatcher.ts';

/** What answers tell of a host's clock. */
export interface HeardTime {
  /** An answer's status and headers have come. */
  note(status: number, headers: AnswerHeaders): void;
  /** Whether any answer has come since `forget`. */
  answered(): boolean;
  /** The clock of the host in epoch ms: its latest `Date` that counts, and the time since; null where none came since `forget`. */
  now(): number | null;
  forget(): void;
}

export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>;

/**
 * Whether an answer from `url` is the host's own word: verified TLS says so, and so does loopback where no proxy stands between. A
 * proxy that refuses the way to a host over TLS gives no answer at all.
 */
export function isOwnWord(url: URL, proxy: string | null): boolean {
  return url.protocol === 'https:' || proxyFor(url, proxy) === null;
}

/** Listens to answers of one host; with `counts` false only to whether they come. */
export function listenForTime(clock: Pick<Clock, 'monotonic'>, counts: boolean): HeardTime {
  let told: { readonly date: number; readonly at: number } | null = null;
  let answered = false;
  return {
    note: (status, headers) => {
      answered = true;
      const date = counts ? dateOf(status, headers) : null;
      if (date !== null) told = { date, at: clock.monotonic() };
    },
    answered: () => answered,
    now: () => (told ? told.date + Math.round(clock.monotonic() - told.at) : null),
    forget: () => {
      told = null;
      answered = false;
    },
  };
}

const PROXY_WANTS_LOGIN = 407;

/** `Date` in epoch ms. One that a cache has kept (`Age`) is old, and 407 is a proxy's own. */
function dateOf(status: number, headers: AnswerHeaders): number | null {
  if (status === PROXY_WANTS_LOGIN || headers.age !== undefined) return null;
  const date = headers.date;
  const time = Date.parse(String(Array.isArray(date) ? date[0] : date));
  return Number.isNaN(time) ? null : time;
}
