import type { Clock } from '../../../lib/clock.ts';
import { MINUTE_MS, SECOND_MS } from '../../../lib/duration.ts';
import { HuntwireError } from '../../../lib/errors.ts';

export type HostMethod = 'GET' | 'POST' | 'PATCH';

/** One request to a host and its answer; throws where none came. */
export type HostExchange = (
  method: HostMethod,
  url: string,
  body: unknown,
) => Promise<{ readonly status: number; readonly body: string }>;

/** Talks to the host that has started this process. */
export interface HostLine {
  /** The answer as JSON; null where it is none, or the host says that it knows already. */
  ask(method: HostMethod, url: string, body?: unknown): Promise<unknown>;
}

const MOST_TRIES = 10;
const LONGEST_WAIT_MS = 5 * MINUTE_MS;
/** The host has ended the item by itself. */
const KNOWN_ALREADY = 409;

/** What fails for a reason that may pass is tried again, after 2, 4, 8 seconds and so on; a 4xx is not. */
export function createHostLine(exchange: HostExchange, clock: Pick<Clock, 'sleep'>, signal: AbortSignal): HostLine {
  return {
    ask: async (method, url, body = null) => {
      for (let tries = 1; ; tries += 1) {
        const { status, text } = await tried(exchange, method, url, body);
        if (status === KNOWN_ALREADY) return null;
        if (status >= 200 && status < 300) return answerIn(text);
        if (tries >= MOST_TRIES || (status >= 400 && status < 500)) throw lineError(status);
        await clock.sleep(Math.min(LONGEST_WAIT_MS, SECOND_MS * 2 ** tries), signal);
      }
    },
  };
}

/** No answer counts as one with status 0. */
async function tried(exchange: HostExchange, method: HostMethod, url: string, body: unknown) {
  try {
    const { status, body: text } = await exchange(method, url, body);
    return { status, text };
  } catch {
    return { status: 0, text: '' };
  }
}

function lineError(status: number): HuntwireError {
  const why = status === 0 ? 'was not reached' : `answered ${status}`;
  return new HuntwireError('ABORTED', `The host ${why}: it was not told what came of the item.`);
}

function answerIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
