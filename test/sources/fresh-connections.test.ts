import { afterEach, describe, expect, it } from '@jest/globals';
import { depsOf, grantToken, makeSource, secretAuth, sendJson, startStandIn } from './stand-in.ts';

const OK = '{"Schema":[{"Name":"A","Type":"Int32"}],"Results":[]}';
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Queries that the API answers with these statuses, one after another; the port of each request to login and API. */
async function ask(statuses: readonly number[], freshAt: number) {
  const ports = { login: [] as (number | undefined)[], api: [] as (number | undefined)[] };
  const server = await startStandIn((seen, response) => {
    const isLogin = seen.path.includes('/oauth2/');
    const asked = isLogin ? ports.login : ports.api;
    asked.push(response.socket?.remotePort);
    if (isLogin) return grantToken(seen, response);
    return sendJson(response, statuses[asked.length - 1] ?? 200, OK);
  });
  const source = makeSource('graph', { baseUrl: server.origin }, depsOf(secretAuth(server.origin)));
  closers.push(server.close, source.close);
  const sink = { schema: () => undefined, row: () => undefined };
  for (const round of [0, 1, 2]) {
    const request = { ruleId: 'r', query: 'T', fresh: round === freshAt, signal: new AbortController().signal };
    await source.query(request, sink);
  }
  return ports;
}

describe('a query over a new connection', () => {
  it('leaves the old ones of the API and of the login, and no other query does', async () => {
    // The refused token makes the third query ask the login, too. A query may begin before the connection of the one before is free.
    const statuses = [200, 200, 401, 200];
    const plain = await ask(statuses, -1);
    const fresh = await ask(statuses, 2);
    expect([new Set(plain.login).size, new Set(fresh.login).size]).toEqual([1, 2]);
    expect(new Set(plain.api).size).toBeLessThan(plain.api.length);
    const left = new Set(fresh.api.slice(0, 2));
    expect(fresh.api.slice(2).filter((port) => left.has(port))).toEqual([]);
  });
});
