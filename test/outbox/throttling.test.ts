import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/lib/duration.ts';
import type { Queue } from '../../src/outbox/session.ts';
import { choresDone } from '../../src/outbox/session.ts';
import { noteThrottling, outlastsDrain } from '../../src/outbox/throttling.ts';
import type { TargetState } from '../../src/state/outbox-store.ts';
import type { DeliveryResult } from '../../src/targets/target.ts';
import { START } from '../state/samples.ts';
import { openBareSession } from './bare-session.ts';
import { tooMany } from './limiters.ts';
import { again, BLOCKED, DELIVERED, fakeTarget, ORIGIN, REFUSED } from './scene.ts';

/** A queue whose throttle notes what it is told, and whose store what it is given to keep. */
async function setUp(pauseMs = 0) {
  const kept: TargetState[] = [];
  const bare = await openBareSession([fakeTarget('soar')], () => ({
    setTargetState: async (state) => void kept.push(state),
  }));
  const told: unknown[][] = [];
  const throttle = {
    ...bare.queue.throttle,
    pauseMs: () => pauseMs,
    ended: (...given: unknown[]) => void told.push(['ended', ...given]),
    refused: (...given: unknown[]) => void told.push(['refused', ...given]),
  };
  const queue: Queue = { ...bare.queue, throttle };
  const note = (result: DeliveryResult) => noteThrottling(bare.session, queue, ORIGIN - 20, result);
  return { ...bare, queue, told, kept, note };
}

describe('the throttle of a target is told of every delivery', () => {
  it.each<[string, DeliveryResult, boolean]>([
    ['taken', DELIVERED, true],
    ['refused, which is an answer, too', REFUSED, true],
    ['put off for a reason of its own', again(), false],
    ['blocked', BLOCKED, false],
  ])('that was %s', async (_name, result, accepted) => {
    const { note, told } = await setUp();
    note(result);
    expect(told).toEqual([['ended', ORIGIN - 20, accepted]]);
  });

  it.each<[string, DeliveryResult, number, boolean]>([
    ['a 429 with its pause', tooMany(5000), 5000, true],
    ['a pause that is no 429', again(5000), 5000, false],
    ['a 429 without a pause: the first step of a back-off', tooMany(null), 1500, true],
    ['a pause of nothing: a second at least', again(0), 1500, false],
  ])('that was refused by %s', async (_name, result, pauseMs, isTooMany) => {
    const { note, told } = await setUp();
    note(result);
    expect(told).toEqual([['refused', ORIGIN, ORIGIN - 20, pauseMs, isTooMany]]);
  });
});

describe('429s that name no pause', () => {
  const pausesOf = (told: readonly unknown[][]) => told.filter(([kind]) => kind === 'refused').map((one) => one[3]);

  it('make the pause grow, until one is taken', async () => {
    const { note, told } = await setUp();
    for (const result of [tooMany(null), tooMany(null), again(), REFUSED, tooMany(null), DELIVERED, tooMany(null)])
      note(result);
    expect(pausesOf(told)).toEqual([1500, 2500, 4500, 1500]);
  });

  it('count once for what was under way together', async () => {
    const { note, told, queue } = await setUp(1);
    queue.strikes = 1;
    for (const result of [tooMany(null), tooMany(null)]) note(result);
    expect(pausesOf(told)).toEqual([1500, 1500]);
  });

  it('do not lengthen a pause that is no 429', async () => {
    const { note, told } = await setUp();
    for (const result of [tooMany(null), tooMany(null), again(1)]) note(result);
    expect(pausesOf(told)).toEqual([1500, 2500, 1500]);
  });
});

describe('a pause is kept in the state', () => {
  it('once for pauses that end within a second of each other', async () => {
    const { note, kept, session, queue, clock } = await setUp(MINUTE_MS);
    note(tooMany(MINUTE_MS));
    await clock.advance(SECOND_MS - 1);
    note(tooMany(MINUTE_MS));
    await choresDone(session);
    expect(kept).toEqual([expect.objectContaining({ target: 'soar', pausedUntil: START + MINUTE_MS })]);
    expect(queue.state.pausedUntil).toBe(START + MINUTE_MS);
    await clock.advance(1);
    note(tooMany(MINUTE_MS));
    await choresDone(session);
    expect(kept.map(({ pausedUntil }) => pausedUntil)).toEqual([START + MINUTE_MS, START + MINUTE_MS + SECOND_MS]);
  });
});

describe('a pause outlasts a drain', () => {
  const outlasts = async (deadlineIn: number | null, pauseMs: number) => {
    const deadline = ORIGIN + (deadlineIn ?? 0);
    const mode =
      deadlineIn === null ? { kind: 'run' as const } : { kind: 'drain' as const, deadline, ignoreBackoff: true };
    const { session, queue } = await openBareSession([fakeTarget('soar')], undefined, { mode });
    queue.throttle.refused(ORIGIN, ORIGIN, pauseMs, false);
    return outlastsDrain(session, queue);
  };

  it.each([
    { deadlineIn: MINUTE_MS, pauseMs: MINUTE_MS, is: false },
    { deadlineIn: MINUTE_MS, pauseMs: MINUTE_MS + 1, is: true },
    { deadlineIn: -MINUTE_MS, pauseMs: 1, is: true },
    { deadlineIn: -MINUTE_MS, pauseMs: 0, is: false },
    { deadlineIn: null, pauseMs: HOUR_MS, is: false },
  ])('$pauseMs ms where $deadlineIn are left: $is', async ({ deadlineIn, pauseMs, is }) => {
    expect(await outlasts(deadlineIn, pauseMs)).toBe(is);
  });
});
