import { describe, expect, it } from '@jest/globals';
import { type ErrorCode, HuntwireError } from '../../../src/lib/errors.ts';
import { noteCall } from '../../../src/run/calls/note-call.ts';
import { type EndedCall, sendQuery } from '../../../src/run/calls/send-query.ts';
import type { QueryRequest } from '../../../src/sources/source.ts';
import { MINUTE, T0 } from '../story.ts';

const END = { rows: 3, truncated: false, bytes: 0, elapsedMs: 1, serviceTime: T0 };
const failure = (code: ErrorCode, over: ConstructorParameters<typeof HuntwireError>[2] = {}) =>
  new HuntwireError(code, 'x', over);

async function noted(over: Partial<EndedCall>) {
  const left: { observed: number[]; ended: unknown[]; paused: number[] } = { observed: [], ended: [], paused: [] };
  const tenant = {
    serviceClock: { observe: (time: number) => void left.observed.push(time) },
    meter: {
      end: async (...args: unknown[]) => void left.ended.push(args),
      pause: async (ms: number) => void left.paused.push(ms),
    },
  };
  await noteCall(tenant as never, { call: 7, runMs: 20, end: null, error: null, ...over });
  return left;
}

describe('a call that is over', () => {
  it('is noted with the time that its answer told', async () => {
    expect(await noted({ end: END })).toEqual({ observed: [T0], ended: [[7, 20, true]], paused: [] });
    expect((await noted({ end: { ...END, serviceTime: null } })).observed).toEqual([]);
  });

  it('and failed is noted with the time that the refusal told', async () => {
    expect(await noted({ error: failure('SOURCE_SERVER', { serviceTime: T0 }) })).toEqual({
      observed: [T0],
      ended: [[7, 20, false]],
      paused: [],
    });
    expect((await noted({ error: failure('SOURCE_NETWORK') })).observed).toEqual([]);
  });

  it.each([
    ['SOURCE_QUERY_INVALID', true],
    ['SOURCE_TABLE_MISSING', true],
    ['SOURCE_TIMEOUT', false],
  ] as const)('with %s was answered: %s', async (code, answered) => {
    expect((await noted({ error: failure(code) })).ended).toEqual([[7, 20, answered]]);
  });

  it('and throttled pauses the tenant for as long as it was told, or a minute', async () => {
    const pausedBy = async (code: ErrorCode, retryAfterMs?: number) =>
      (await noted({ error: failure(code, retryAfterMs === undefined ? {} : { retryAfterMs }) })).paused;
    expect(await pausedBy('SOURCE_THROTTLED', 8000)).toEqual([8000]);
    expect(await pausedBy('SOURCE_THROTTLED')).toEqual([MINUTE]);
    expect(await pausedBy('SOURCE_SERVER', 8000)).toEqual([]);
  });
});

/** Sends one query whose tries end like this; each takes 5 ms of a clock that shows a million at first. */
async function sent(tries: readonly (HuntwireError | null)[], stop = new AbortController()) {
  const asked: QueryRequest[] = [];
  const called: EndedCall[] = [];
  let [time, admitted] = [1_000_000, 0];
  const sending = {
    source: {
      query: async (request: QueryRequest) => {
        asked.push(request);
        time += 5;
        const error = tries[asked.length - 1];
        if (error) throw error;
        return END;
      },
    },
    admit: async () => {
      admitted += 1;
      return admitted;
    },
    called: async (call: EndedCall) => void called.push(call),
    monotonic: () => time,
  };
  const request = { ruleId: 'rule', query: 'T', signal: stop.signal };
  const sink = { schema: () => undefined, row: () => undefined };
  const outcome = await sendQuery(sending, request, sink).catch((error: unknown) => error);
  return { outcome, fresh: asked.map((one) => one.fresh), called };
}

describe('a query that is sent', () => {
  const idle = failure('SOURCE_NETWORK', { unanswered: true });

  it('is admitted, answered and told with its time', async () => {
    expect(await sent([null])).toEqual({
      outcome: END,
      fresh: [undefined],
      called: [{ call: 1, runMs: 5, end: END, error: null }],
    });
  });

  it('is sent once more over a new connection where the first broke before any answer, both told', async () => {
    const { outcome, fresh, called } = await sent([idle, null]);
    expect([outcome, fresh]).toEqual([END, [undefined, true]]);
    expect(called).toEqual([
      { call: 1, runMs: 5, end: null, error: idle },
      { call: 2, runMs: 5, end: END, error: null },
    ]);
  });

  it('is sent no third time, nor again after an answer or when it was stopped', async () => {
    expect(await sent([idle, idle, null])).toMatchObject({ outcome: idle, fresh: [undefined, true] });
    const refused = failure('SOURCE_SERVER');
    expect(await sent([refused, null])).toMatchObject({ outcome: refused, fresh: [undefined] });
    const stop = new AbortController();
    stop.abort();
    expect(await sent([idle, null], stop)).toMatchObject({ outcome: idle, fresh: [undefined] });
  });
});
