import { afterEach, describe, expect, it } from '@jest/globals';
import { depsOf, grantToken, makeSource, secretAuth, sendJson, startStandIn } from './stand-in.ts';

const OK = '{"Schema":[{"Name":"A","Type":"Int32"}],"Results":[]}';
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Queries that the API answers with these statuses, one after another; the connections that login and API were asked over. */
async function ask(statuses: readonly number[], freshAt: number) {
  const ports = { login: [] as unknown[], api: [] as unknown[] };
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
  return { login: new Set(ports.login).size, api: new Set(ports.api).size };
}

describe('a query over a new connection', () => {
  it('leaves the old ones of the API and of the login, and no other query does', async () => {
    const statuses = [200, 200, 401, 200];
    const plain = await ask(statuses, -1);
    const fresh = await ask(statuses, 2);
    expect([plain.login, fresh.login]).toEqual([1, 2]);
    expect(fresh.api).toBe(plain.api + 1);
  });
});
