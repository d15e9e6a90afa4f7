import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { joinSignals, orAborted, withDeadline, withJoined } from '../../src/lib/abort.ts';
import { createManualClock } from '../../src/lib/clock.ts';
import { sourceFiles } from '../source-files.ts';

const NEVER = new AbortController().signal;

/** Work that lasts until its signal aborts. */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
    if (signal.aborted) reject(new Error('stopped'));
  });
}

describe('withDeadline', () => {
  it('answers with the value of work that is done in time', async () => {
    const clock = createManualClock(0);
    expect(await withDeadline(clock, 1000, NEVER, async () => 7)).toEqual({ kind: 'done', value: 7 });
  });

  it('stops work when the time is over', async () => {
    const clock = createManualClock(0);
    const outcome = withDeadline(clock, 1000, NEVER, untilAborted);
    await clock.advance(1000);
    expect(await outcome).toEqual({ kind: 'late' });
  });

  it('passes errors of the work on', async () => {
    const clock = createManualClock(0);
    const failing = withDeadline(clock, 1000, NEVER, () => Promise.reject(new Error('broken')));
    await expect(failing).rejects.toThrow('broken');
  });

  it('passes an abort on to the work, also one that came before', async () => {
    const clock = createManualClock(0);
    const stop = new AbortController();
    const running = withDeadline(clock, 1000, stop.signal, untilAborted);
    stop.abort();
    await expect(running).rejects.toThrow('stopped');
    await expect(withDeadline(clock, 1000, stop.signal, untilAborted)).rejects.toThrow('stopped');
  });
});

describe('orAborted', () => {
  it('is the promise while nothing aborts', async () => {
    expect(await orAborted(Promise.resolve(1), NEVER)).toBe(1);
    await expect(orAborted(Promise.reject(new Error('x')), NEVER)).rejects.toThrow('x');
  });

  it('rejects with the reason, and leaves the promise to others', async () => {
    let finish: (value: number) => void = () => undefined;
    const shared = new Promise<number>((resolve) => {
      finish = resolve;
    });
    const stop = new AbortController();
    const left = orAborted(shared, stop.signal);
    const stays = orAborted(shared, NEVER);
    stop.abort(new Error('enough'));
    await expect(left).rejects.toThrow('enough');
    await expect(orAborted(shared, stop.signal)).rejects.toThrow('enough');
    finish(5);
    expect(await stays).toBe(5);
  });
});

describe('signals that are joined', () => {
  const pair = () => [new AbortController(), new AbortController()] as const;
  const listeners = (...ones: readonly AbortController[]) =>
    ones.map(({ signal }) => getEventListeners(signal, 'abort').length);

  it('abort with whichever does first, and with its reason', () => {
    const [one, other] = pair();
    const { signal } = joinSignals([one.signal, other.signal]);
    other.abort('over');
    one.abort('later');
    expect([signal.aborted, signal.reason]).toEqual([true, 'over']);
    expect(listeners(one, other)).toEqual([0, 0]);
    expect(joinSignals([NEVER, one.signal]).signal.reason).toBe('later');
  });

  it('are let go of behind the work, so that a signal that lives on keeps nothing of it', async () => {
    const [one, other] = pair();
    const signals = [one.signal, other.signal];
    let during: readonly number[] = [];
    const done = await withJoined(signals, async ({ aborted }) => {
      during = listeners(one, other);
      return aborted;
    });
    expect([done, during, listeners(one, other)]).toEqual([false, [1, 1], [0, 0]]);
    await expect(withJoined(signals, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(listeners(one, other)).toEqual([0, 0]);
  });

  it('are never those of AbortSignal.any, which keep an entry in each for as long as it lives', () => {
    const users = sourceFiles().filter(({ text }) => text.includes('AbortSignal.any('));
    expect(users.map(({ name }) => name)).toEqual([]);
  });
});
