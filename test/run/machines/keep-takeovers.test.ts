import { expect, it } from '@jest/globals';
import { HuntwireError } from '../../../src/lib/errors.ts';
import { keepTakeovers } from '../../../src/run/machines/keep-takeovers.ts';
import { setUp } from '../turn-bench.ts';

const MINUTE = 60_000;

it('more than three takeovers an hour are told, once, and that they are over, also behind a look that failed', async () => {
  const { bench, health } = setUp([]);
  const stop = new AbortController();
  const counts = [0, 3, 4, 4, Number.NaN, 9, 3];
  const count = async (): Promise<number> => {
    const many = counts.shift() ?? 0;
    if (Number.isNaN(many)) throw new HuntwireError('STATE_BUSY', 'not now', { retryable: true });
    return many;
  };
  const running = keepTakeovers(() => [bench.tenant], count, bench.deps, stop.signal);
  for (let minute = 0; minute < 8; minute += 1) await bench.clock.advance(MINUTE);
  stop.abort();
  await running;
  expect(counts).toEqual([]);
  expect(health().map(({ status, severity, health: about }) => [status, severity, about])).toEqual([
    ['firing', 'medium', { code: 'takeovers', subject: 'state' }],
    ['resolved', 'medium', { code: 'takeovers', subject: 'state' }],
  ]);
  expect(health()[0]?.description).toContain('took over from another 4 times');
});

it('ends with what ends the runner', async () => {
  const { bench } = setUp([]);
  const gone = () => Promise.reject(new HuntwireError('STATE_GONE', 'the session was lost'));
  const running = keepTakeovers(() => [bench.tenant], gone, bench.deps, new AbortController().signal);
  await expect(running).rejects.toMatchObject({ code: 'STATE_GONE' });
});
