import { describe, expect, it } from '@jest/globals';
import { orAborted, withDeadline } from '../../src/lib/abort.ts';
import { createManualClock } from '../../src/lib/clock.ts';

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
