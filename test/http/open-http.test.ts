import { EventEmitter, once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { request } from 'undici';
import { type OpenHttp, openHttp } from '../../src/http/open-http.ts';
import { silentLog } from '../../src/lib/log.ts';
import { Secret } from '../../src/lib/secret.ts';
import { describeOverIpv6 } from '../ipv6.ts';

const DEPS = {
  host: '127.0.0.1',
  port: 0,
  basePath: '/',
  tokens: [],
  pulse: { silent: () => [] },
  health: async () => ({ rules: [], targets: [], waiting: [] }),
  metrics: { contentType: 'text/plain', text: async () => 'huntwire_up 1\n' },
  perform: () => Promise.reject(new Error('must not be asked')),
  clock: { monotonic: () => 0 },
  described: { version: '1.2.3', alert: {} },
  log: silentLog,
};

const opened: OpenHttp[] = [];
async function listen(over: Partial<typeof DEPS> = {}): Promise<OpenHttp> {
  const http = await openHttp({ ...DEPS, ...over });
  opened.push(http);
  return http;
}
afterEach(async () => {
  await Promise.all(opened.splice(0).map((http) => http.close()));
});

describe('listening for HTTP', () => {
  it('answers over a socket, and no longer once it is closed', async () => {
    const { port, close } = await listen();
    const { statusCode, body } = await request(`http://127.0.0.1:${port}/livez`);
    expect([statusCode, await body.json()]).toEqual([200, { alive: true, silent: [] }]);
    await close();
    opened.splice(0);
    await expect(request(`http://127.0.0.1:${port}/livez`)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('says which port is taken, and what to do', async () => {
    const { port } = await listen();
    await expect(listen({ port })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: `http: cannot listen on port ${port} of 127.0.0.1: another program has it. Name another one with http.port.`,
    });
    await expect(listen({ host: '192.0.2.1' })).rejects.toMatchObject({
      message: 'http: cannot listen on port 0 of 192.0.2.1: this machine has no such address. Check http.host.',
    });
  });

  it('refuses headers beyond its limit, and does not wait for a caller that hangs when it is closed', async () => {
    const http = await listen();
    const headers = { x: 'x'.repeat(20_000) };
    const asked = request(`http://127.0.0.1:${http.port}/livez`, { headers });
    // The answer is 431; it is lost where the connection is closed before it was read.
    expect([431, 'ECONNRESET', 'UND_ERR_SOCKET']).toContain(
      await asked.then(
        ({ statusCode }) => statusCode,
        (thrown: { readonly code: string }) => thrown.code,
      ),
    );
    const socket = connect(http.port, '127.0.0.1');
    // How it ends is up to the system: it may be told of a reset.
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write('GET /livez HTTP/1.1\r\nHost: loc');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await http.close();
    opened.splice(0);
    await closed;
  });
});

describe('more callers than are taken', () => {
  const MANY = 120;
  const TOKEN = 'soar-0123456789ab';

  it('keep nobody out who asks, while they send slowly; what is being answered goes on', async () => {
    const tokens = [{ name: 'soar', token: new Secret(TOKEN), scopes: ['read'] as const }];
    const told = new EventEmitter();
    const asked = once(told, 'asked');
    const perform = async () => {
      const answer = once(told, 'answer');
      told.emit('asked');
      await answer;
      return { rules: [] };
    };
    const { port } = await listen({ tokens, perform } as never);
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
    const long = request(`http://127.0.0.1:${port}/v1/actions/list_rules`, { method: 'POST', headers, body: '{}' });
    await asked;
    const slow = await Promise.all(Array.from({ length: MANY }, () => half(port)));
    const { statusCode, body } = await request(`http://127.0.0.1:${port}/livez`, { reset: true });
    await body.dump();
    expect(statusCode).toBe(200);
    told.emit('answer');
    expect((await long).statusCode).toBe(200);
    await (await long).body.dump();
    for (const socket of slow) socket.destroy();
  });
});

const HALF = `POST /v1/actions/list_rules HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer soar-0123456789ab\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n`;

/** A connection that has sent the head of a request and not all of its body. */
async function half(port: number) {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(`${HALF}{`);
  return socket;
}

describeOverIpv6('listening at an address of IPv6', () => {
  it.each(['::1', '[::1]'])('answers at %s under its name in brackets, and refuses names of others', async (host) => {
    const { port } = await listen({ host });
    const { statusCode, body } = await request(`http://[::1]:${port}/livez`);
    expect([statusCode, await body.json()]).toEqual([200, { alive: true, silent: [] }]);
    const other = await request(`http://[::1]:${port}/metrics`, { headers: { host: 'evil.example' } });
    expect(other.statusCode).toBe(403);
    await other.body.dump();
  });
});
