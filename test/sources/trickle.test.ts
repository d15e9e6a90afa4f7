import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createManualClock, type ManualClock } from '../../src/lib/clock.ts';
import { atLeastRate, LEAST_RATE } from '../../src/lib/least-rate.ts';
import type { SourceDeps } from '../../src/sources/source.ts';
import { collect } from '../contract/source.ts';
import { depsOf, fakeToken, grantToken, makeSource, secretAuth, sendJson, startStandIn } from './stand-in.ts';

const QUESTION = { ruleId: 'r', query: 'T' };
const EVERY_MS = 500;
const OK = '{"Schema":[{"Name":"A","Type":"Int32"}],"Results":[]}';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

type Part = 'login' | 'api';

/** A tenant of which one part sends the head of its answer, and then a byte each half second of the clock. */
async function trickling(part: Part, status: number, deps: Partial<SourceDeps> = {}, settings: object = {}) {
  const clock = createManualClock(Date.now());
  const slow: ServerResponse[] = [];
  const server = await startStandIn((seen, response) => {
    const asked = seen.path.includes('/oauth2/') ? 'login' : 'api';
    if (asked === part && seen.method === 'POST') {
      response.writeHead(status, { 'content-type': 'application/json' }).flushHeaders();
      slow.push(response);
    } else if (asked === 'login') grantToken(seen, response);
    else sendJson(response, 200, OK);
  });
  const source = makeSource(
    'graph',
    { baseUrl: server.origin, timeoutSeconds: 240, ...settings },
    depsOf(secretAuth(server.origin), { clock, ...deps }),
  );
  closers.push(server.close, source.close);
  /** A byte to all who are answered; while nobody is, the clock waits for who asks. */
  const trickle = async (isOver: () => boolean) => {
    const open = () => slow.filter((response) => !response.closed);
    while (open().length === 0 && !isOver()) await turn();
    await Promise.all(open().map((response) => new Promise((sent) => response.write(' ', sent))));
    for (let turns = 0; turns < 3; turns += 1) await turn();
  };
  return { source, clock, server, trickle };
}

/** How long `work` takes while bytes trickle, in ms of the clock; it fails beyond an hour. */
async function timeOf(
  work: Promise<unknown>,
  clock: ManualClock,
  trickle: (isOver: () => boolean) => Promise<void>,
): Promise<number> {
  let isOver = false;
  const over = work.then(
    () => undefined,
    () => undefined,
  );
  void over.then(() => {
    isOver = true;
  });
  const begun = clock.monotonic();
  while (!isOver && clock.monotonic() - begun < 3_600_000) {
    await trickle(() => isOver);
    await clock.advance(EVERY_MS);
    await turn();
  }
  expect(isOver).toBe(true);
  return clock.monotonic() - begun;
}

describe('an answer that trickles', () => {
  it.each<[Part, number, string]>([
    ['login', 200, 'SOURCE_NETWORK'],
    ['login', 503, 'SOURCE_NETWORK'],
    ['api', 200, 'SOURCE_NETWORK'],
    ['api', 403, 'SOURCE_NETWORK'],
  ])('of the %s with %d ends a query as %s, long before its deadline', async (part, status, code) => {
    const { source, clock, trickle } = await trickling(part, status);
    const asked = collect(source, QUESTION);
    const taken = await timeOf(asked, clock, trickle);
    await expect(asked).rejects.toMatchObject({ code, retryable: true, message: expect.stringMatching(/too slow/) });
    expect(taken).toBeLessThan(120_000);
  });

  it('of the login is no reason to divide a window, however short the deadline', async () => {
    const { source, clock, trickle } = await trickling('login', 200, {}, { timeoutSeconds: 10 });
    const asked = collect(source, QUESTION);
    expect(await timeOf(asked, clock, trickle)).toBeLessThanOrEqual(11_000);
    await expect(asked).rejects.toMatchObject({
      code: 'SOURCE_NETWORK',
      message: expect.stringContaining('gave no token within source.timeoutSeconds (10)'),
    });
  });

  it('of the login ends the greeting within the time of a query', async () => {
    const { source, clock, trickle } = await trickling('login', 200, {}, { timeoutSeconds: 10 });
    const greeted = source.greet?.(new AbortController().signal) ?? Promise.resolve(null);
    expect(await timeOf(greeted, clock, trickle)).toBeLessThanOrEqual(11_000);
    const message = expect.stringContaining('gave no token within source.timeoutSeconds (10)');
    await expect(greeted).rejects.toMatchObject({ code: 'SOURCE_NETWORK', retryable: true, message });
  });

  it('ends checks and the greeting, too', async () => {
    const { source, clock, trickle } = await trickling('login', 200);
    const checked = source.check(new AbortController().signal);
    expect(await timeOf(checked, clock, trickle)).toBeLessThan(180_000);
    expect(await checked).toContainEqual(expect.objectContaining({ name: 'login', ok: false }));
    const greeted = source.greet?.(new AbortController().signal) ?? Promise.resolve(null);
    expect(await timeOf(greeted, clock, trickle)).toBeLessThan(120_000);
    await expect(greeted).rejects.toMatchObject({ code: 'SOURCE_NETWORK' });
  });
});

describe('the deadline of a query', () => {
  it('is one for both tokens and both requests', async () => {
    const clock = createManualClock(Date.now());
    const seenAt: number[] = [];
    const server = await startStandIn((seen, response) => {
      seenAt.push(clock.monotonic());
      const answer = () =>
        seen.path.includes('/oauth2/')
          ? sendJson(response, 200, {
              token_type: 'Bearer',
              expires_in: 3599,
              access_token: fakeToken({ at: seenAt.length }),
            })
          : sendJson(response, 401, { error: { code: 'Unauthorized', message: '' } });
      // Each step takes a third of the deadline: the fourth would begin behind it.
      void clock.advance(20_000).then(answer);
    });
    const source = makeSource(
      'graph',
      { baseUrl: server.origin, timeoutSeconds: 60 },
      depsOf(secretAuth(server.origin), { clock }),
    );
    closers.push(server.close, source.close);
    await expect(collect(source, QUESTION)).rejects.toMatchObject({ retryable: true });
    expect(clock.monotonic()).toBeLessThanOrEqual(80_000);
  });
});

describe('a body', () => {
  it('passes as long as it brings enough, and its end may be short', async () => {
    const clock = createManualClock(0);
    const body = new Readable({ read: () => undefined });
    const read = (async () => {
      let size = 0;
      for await (const chunk of atLeastRate(body, clock)) size += chunk.length;
      return size;
    })();
    for (let period = 0; period < 5; period += 1) {
      body.push(Buffer.alloc(LEAST_RATE.bytes));
      await turn();
      await clock.advance(LEAST_RATE.periodMs);
    }
    body.push(Buffer.alloc(1));
    body.push(null);
    expect(await read).toBe(5 * LEAST_RATE.bytes + 1);
  });

  it('is destroyed where one byte is missing', async () => {
    const clock = createManualClock(0);
    const body = new Readable({ read: () => undefined });
    const read = (async () => {
      for await (const chunk of atLeastRate(body, clock)) expect(chunk).toBeInstanceOf(Uint8Array);
    })();
    const failed = expect(read).rejects.toMatchObject({ code: 'ERR_TOO_SLOW' });
    body.push(Buffer.alloc(LEAST_RATE.bytes - 1));
    await turn();
    await clock.advance(LEAST_RATE.periodMs);
    await failed;
    if (!body.closed) await once(body, 'close');
    expect(body.destroyed).toBe(true);
  });
});
