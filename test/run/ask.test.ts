import { describe, expect, it } from '@jest/globals';
import type { Window } from '../../src/kql/window.ts';
import { HuntwireError } from '../../src/lib/errors.ts';
import { type Asking, ask } from '../../src/run/ask.ts';
import { DEFAULT_WINDOW_SETTINGS } from '../../src/run/windows.ts';
import type { QueryEnd, Row, Source } from '../../src/sources/source.ts';

const MINUTE = 60_000;
const WINDOW: Window = { from: 0, to: 64 * MINUTE, basis: 'ingestion' };

type Reply = (from: number, to: number, hand: (row: Row) => void) => Partial<QueryEnd> | HuntwireError;

/** A source whose query text is `from-to`; one row a minute unless the reply says otherwise. */
function askingOf(reply: Reply, over: Partial<Asking> = {}) {
  const rows: Row[] = [];
  const asked: string[] = [];
  const source: Pick<Source, 'query'> = {
    async query(request, sink) {
      asked.push(request.query);
      const [from = 0, to = 0] = request.query.split('-').map(Number);
      sink.schema([{ name: 'minute', type: 'long' }]);
      const result = reply(from, to, sink.row);
      if (result instanceof HuntwireError) throw result;
      return { rows: to - from, truncated: false, bytes: 0, elapsedMs: 0, serviceTime: null, ...result };
    },
  };
  const asking: Asking = {
    ruleId: 'rule',
    source: source as Source,
    window: WINDOW,
    render: (slice) => (slice ? `${slice.from / MINUTE}-${slice.to / MINUTE}` : 'now'),
    taker: { begin: () => rows.splice(0), schema: () => undefined, row: (row) => rows.push(row) },
    divisible: true,
    failed: null,
    sliceMs: null,
    settings: DEFAULT_WINDOW_SETTINGS,
    admit: async () => 0,
    called: async () => undefined,
    monotonic: () => 0,
    signal: new AbortController().signal,
    ...over,
  };
  return { asking, rows, asked };
}

const everyMinute: Reply = (from, to, hand) => {
  for (let minute = from; minute < to; minute += 1) hand({ minute });
  return {};
};
const timeout = () => new HuntwireError('SOURCE_TIMEOUT', 'the query took too long', { retryable: true });

describe('ask', () => {
  it('asks a whole window in one call', async () => {
    const { asking, rows, asked } = askingOf(everyMinute);
    expect(await ask(asking)).toMatchObject({ missing: [], cutShort: false, sliceMs: null });
    expect(asked).toEqual(['0-64']);
    expect(rows).toHaveLength(64);
  });

  it('halves a window that is too heavy and tells each row once', async () => {
    const { asking, rows, asked } = askingOf((from, to, hand) =>
      to - from > 16 ? timeout() : everyMinute(from, to, hand),
    );
    const result = await ask(asking);
    expect(asked).toEqual(['0-64', '0-32', '0-16', '16-32', '32-64', '32-48', '48-64']);
    expect(rows.map((row) => row.minute)).toEqual(Array.from({ length: 64 }, (_, minute) => minute));
    expect(result).toMatchObject({ sliceMs: 6 * MINUTE, missing: [] });
  });

  it('takes back the rows of an answer that was cut short', async () => {
    const { asking, rows } = askingOf((from, to, hand) => {
      everyMinute(from, to, hand);
      return { truncated: to - from > 32 };
    });
    await ask(asking);
    expect(rows).toHaveLength(64);
  });

  it('takes back the rows of a slice that broke off', async () => {
    let broken = false;
    const { asking, rows } = askingOf((from, to, hand) => {
      if (to - from === 64) return timeout();
      everyMinute(from, to, hand);
      if (broken || from !== 32) return {};
      broken = true;
      return timeout();
    });
    await ask(asking);
    expect(rows).toHaveLength(64);
  });

  it('spends at most 8 extra calls and names what is missing', async () => {
    const { asking, asked } = askingOf((from, to, hand) =>
      from < 16 && to - from > 2 ? timeout() : everyMinute(from, to, hand),
    );
    const result = await ask(asking);
    expect(asked.length).toBeLessThanOrEqual(9);
    expect(result.missing.length).toBeGreaterThan(0);
    expect(result.reason).toBe('the query took too long');
    const missed = result.missing.reduce((sum, range) => sum + range.to - range.from, 0);
    expect(result.rows * MINUTE + missed).toBe(64 * MINUTE);
  });

  it('fails where nothing could be answered', async () => {
    const { asking } = askingOf(timeout);
    await expect(ask(asking)).rejects.toMatchObject({ code: 'SOURCE_TIMEOUT' });
  });

  it('never divides a set window or a failure that is not about size', async () => {
    const indivisible = askingOf(timeout, { divisible: false });
    await expect(ask(indivisible.asking)).rejects.toMatchObject({ code: 'SOURCE_TIMEOUT' });
    expect(indivisible.asked).toHaveLength(1);
    const invalid = askingOf(() => new HuntwireError('SOURCE_QUERY_INVALID', 'no such column'));
    await expect(ask(invalid.asking)).rejects.toMatchObject({ code: 'SOURCE_QUERY_INVALID' });
    expect(invalid.asked).toHaveLength(1);
  });

  it('starts with the slice length that worked before', async () => {
    const { asking, asked } = askingOf(everyMinute, { sliceMs: 22 * MINUTE });
    const { sliceMs } = await ask(asking);
    expect(asked).toEqual(['0-32', '32-64']);
    expect(sliceMs).toBeNull();
  });
});

describe('a window that is too heavy', () => {
  it.each(['SOURCE_TIMEOUT', 'SOURCE_LIMITS_EXCEEDED', 'SOURCE_RESULT_TOO_LARGE'] as const)(
    'by %s is halved',
    async (code) => {
      const { asking, asked } = askingOf((from, to, hand) =>
        to - from > 32 ? new HuntwireError(code, 'too much') : everyMinute(from, to, hand),
      );
      await ask(asking);
      expect(asked).toEqual(['0-64', '0-32', '32-64']);
    },
  );

  it('spends no more than its calls: nine where one part stays too heavy, and says which', async () => {
    const { asking, asked } = askingOf((from, to, hand) => (from < 1 ? timeout() : everyMinute(from, to, hand)));
    const { missing, sliceMs } = await ask(asking);
    expect(asked).toEqual(['0-64', '0-32', '0-16', '0-8', '0-4', '4-8', '8-16', '16-32', '32-64']);
    expect(missing).toEqual([{ from: 0, to: 4 * MINUTE, smallest: false }]);
    expect(sliceMs).toBe(22 * MINUTE);
  });

  it('at its smallest cannot be divided: it is missing, or told as far as it came', async () => {
    const two = { window: { ...WINDOW, to: 2 * MINUTE } };
    const heavy = askingOf((from, to, hand) => (from === 0 ? timeout() : everyMinute(from, to, hand)), two);
    const missing = [{ from: 0, to: MINUTE, smallest: true }];
    expect(await ask(heavy.asking)).toEqual({
      rows: 1,
      cutShort: false,
      missing,
      reason: 'the query took too long',
      slices: [{ from: MINUTE, to: 2 * MINUTE }],
      sliceMs: MINUTE,
    });
    const full = askingOf((from, to, hand) => ({ ...everyMinute(from, to, hand), truncated: from === 0 }), two);
    const slices = [
      { from: 0, to: MINUTE },
      { from: MINUTE, to: 2 * MINUTE },
    ];
    const told = { rows: 2, cutShort: true, missing: [], reason: null, slices, sliceMs: MINUTE };
    expect(await ask(full.asking)).toEqual(told);
    expect(full.rows).toEqual([{ minute: 0 }, { minute: 1 }]);
  });

  it('and cannot be divided is told as far as it came', async () => {
    const { asking, asked, rows } = askingOf(
      (from, to, hand) => ({ ...everyMinute(from, to, hand), truncated: true }),
      { divisible: false },
    );
    expect(await ask(asking)).toMatchObject({ rows: 64, cutShort: true, missing: [], sliceMs: null });
    expect([asked, rows.length]).toEqual([['0-64'], 64]);
  });
});

describe('a learnt slice length', () => {
  it('is stretched where it would need more calls than there are', async () => {
    const { asking, asked } = askingOf(everyMinute, { sliceMs: MINUTE, window: { ...WINDOW, to: 180 * MINUTE } });
    const { rows } = await ask(asking);
    expect(asked).toHaveLength(9);
    expect([asked[0], asked.at(-1), rows]).toEqual(['0-20', '160-180', 180]);
  });

  it('is none of a window that is not divided', async () => {
    const { asking, asked } = askingOf(everyMinute, { sliceMs: MINUTE, divisible: false });
    await ask(asking);
    expect(asked).toEqual(['0-64']);
  });
});

describe('what has no window', () => {
  it('is asked once, as it is, and its rows go on as they come', async () => {
    const reply: Reply = (_from, _to, hand) => {
      hand({ minute: 1 });
      return { rows: 1, truncated: true };
    };
    const { asking, asked, rows } = askingOf(reply, { window: null, sliceMs: MINUTE });
    expect(await ask(asking)).toEqual({ rows: 1, cutShort: true, missing: [], reason: null, sliceMs: null });
    expect([asked, rows]).toEqual([['now'], [{ minute: 1 }]]);
  });
});
