import { createDispatcher, undici } from '../../../lib/dispatcher.ts';
import { SECOND_MS } from '../../../lib/duration.ts';
import type { HostExchange } from './host-line.ts';

const LIMIT_MS = 30 * SECOND_MS;

/** Over HTTP, with the token that the host has given. */
export function hostExchange(token: string): HostExchange {
  const dispatcher = createDispatcher({
    tls: {},
    proxy: null,
    connectTimeoutMs: LIMIT_MS,
    headersTimeoutMs: LIMIT_MS,
    bodyTimeoutMs: LIMIT_MS,
    connections: 1,
  });
  return async (method, url, body) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const sent = body === null ? {} : { body: JSON.stringify(body) };
    const answer = await undici().request(url, { method, headers, dispatcher, ...sent });
    return { status: answer.statusCode, body: await answer.body.text() };
  };
}
