import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Emulator, startEmulator } from '../../src/emulator/server.ts';
import { createManualClock } from '../../src/lib/clock.ts';
import { fuzzRuns, mangledText } from './fuzz.ts';

let emulator: Emulator;
beforeAll(async () => {
  const answer = { columns: [{ name: 'A', type: 'long' as const }], rows: [{ A: 1n }] };
  emulator = await startEmulator({ port: 0, answerer: { answer: async () => answer }, clock: createManualClock(0) });
});
afterAll(() => emulator.close());

/** What the emulator says to bytes on a connection of their own. */
async function say(bytes: string): Promise<string> {
  const socket = connect(Number(new URL(emulator.baseUrl).port), '127.0.0.1');
  let said = '';
  socket.on('data', (chunk) => {
    said += chunk.toString('latin1');
  });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.end(Buffer.from(bytes, 'latin1'));
  if (!socket.closed) await once(socket, 'close');
  return said;
}

const TOKEN = 'grant_type=client_credentials&client_id=c&client_secret=s&scope=x';
const request = (path: string, body: string, header = ''): string =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${header}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const REQUESTS = [
  request('/t/oauth2/v2.0/token', TOKEN),
  request(
    '/v1.0/security/runHuntingQuery',
    '{"Query":"T | take 1","Timespan":"P1D"}',
    'Authorization: Bearer a.b.c\r\n',
  ),
  request('/api/advancedhunting/run', '{"Query":"T"}', 'Authorization: Bearer x\r\n'),
];

describe('any request to the emulator', () => {
  it('is answered or cut off, and the next one is answered', async () => {
    const changed = fc.constantFrom(...REQUESTS).chain(mangledText);
    await fc.assert(
      fc.asyncProperty(changed, async (bytes) => {
        const said = await say(bytes);
        expect(said === '' || /^HTTP\/1\.1 [2-5]\d\d /.test(said)).toBe(true);
        expect(said).not.toMatch(/ at .*\.(?:ts|js):\d+/);
      }),
      fuzzRuns(40),
    );
    expect(await say(request('/t/oauth2/v2.0/token', TOKEN))).toMatch(/^HTTP\/1\.1 4\d\d /);
  });
});
