import { describe, expect, it } from '@jest/globals';
import { createReadyTurns, type FullLane, type TurnKind, type WaitingTurn } from '../../../src/run/desk/ready-turns.ts';
import { LANES, type Lane, laneShare } from '../../../src/sources/quota/lanes.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;

function turn(item: string, lane: Lane, dueAt: number, kind: TurnKind = 'due', riseMs = HOUR): WaitingTurn<string> {
  return { item, kind, lane, dueAt, riseMs };
}

function full(lane: Lane, isHeld = false): FullLane {
  return { lane, isHeld };
}

/** Takes so many turns at `now`; those named in `again` wait at once anew. */
function take(turns: readonly WaitingTurn<string>[], now: number, count: number, again: readonly string[] = []) {
  const ready = createReadyTurns<string>();
  for (const one of turns) ready.add(one);
  const taken: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const next = ready.peek(now, () => false);
    if (!next) break;
    ready.remove(next.turn);
    if (again.includes(next.turn.item)) ready.add({ ...next.turn, dueAt: now });
    ready.spend(next);
    taken.push(next.turn.item);
  }
  return taken;
}

describe('ready turns', () => {
  it('go by lane, and within a lane the earliest due first', () => {
    const turns = [
      turn('late', 'high', 2),
      turn('backlog', 'backlog', 0),
      turn('early', 'high', 1),
      turn('top', 'critical', 3),
    ];
    expect(take(turns, 4, 9)).toEqual(['top', 'early', 'late', 'backlog']);
  });

  it('leave out what is skipped', () => {
    const ready = createReadyTurns<string>();
    ready.add(turn('a', 'high', 1));
    ready.add(turn('b', 'low', 1));
    expect(ready.peek(2, (item) => item === 'a')?.turn.item).toBe('b');
    expect(ready.peek(2, () => true)).toBeNull();
    expect(ready.size).toBe(2);
  });

  it('of lanes that have no room are left out, also where a risen one owes them calls', () => {
    const ready = createReadyTurns<string>();
    for (const one of [turn('risen', 'low', 0), turn('other', 'low', 2 * HOUR)]) ready.add(one);
    const first = ready.peek(2 * HOUR, () => false);
    expect(first?.turn.item).toBe('risen');
    if (first) ready.spend(first);
    expect(ready.peek(2 * HOUR, () => false)).toMatchObject({ turn: { item: 'other' }, lane: 'low' });
    expect(ready.peek(2 * HOUR, () => false, full('low'))).toMatchObject({ turn: { item: 'risen' }, lane: 'high' });
    expect(ready.peek(2 * HOUR, () => false, full('high'))).toBeNull();
  });

  it('of which one has risen leave a better one that waits for room its calls, and go on where none has been owed', () => {
    const ready = createReadyTurns<string>();
    const risen = turn('risen', 'backlog', 0, 'backlog');
    for (const one of [risen, turn('other', 'low', 5 * HOUR)]) ready.add(one);
    const next = (lane: FullLane) => ready.peek(5 * HOUR, () => false, lane)?.turn.item ?? null;
    expect(next(full('low'))).toBe('risen');
    ready.spend({ turn: risen, lane: 'critical', isRisen: true });
    expect(next(full('low'))).toBeNull();
    expect(next(full('low', true))).toBe('risen');
    for (const lane of ['critical', 'high', 'medium'] as const)
      ready.spend({ turn: turn('due', lane, 5 * HOUR), lane, isRisen: false });
    expect(next(full('low'))).toBe('risen');
  });

  it.each([
    [2 * HOUR - 1, 'medium'],
    [2 * HOUR, 'high'],
    [3 * HOUR, 'critical'],
    [99 * HOUR, 'critical'],
  ] as const)('rise a lane for each wait: after %d ms low is %s', (now, lane) => {
    const ready = createReadyTurns<string>();
    ready.add(turn('low', 'low', 0));
    expect(ready.peek(now, () => false)).toMatchObject({ lane, isRisen: true });
  });

  it('that have risen go at most every fourth time while others wait', () => {
    const low = Array.from({ length: 4 }, (_, index) => turn(`low${index}`, 'low', index));
    const taken = take([...low, turn('high', 'high', 9 * HOUR)], 9 * HOUR, 12, ['high']);
    expect(taken.filter((item) => item !== 'high')).toEqual(['low0', 'low1', 'low2']);
    expect(taken.map((item) => item === 'high')).toEqual([0, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1].map(Boolean));
  });

  it('that have risen take turns, those that are due with those that catch up', () => {
    const turns = [
      turn('due1', 'low', 0),
      turn('due2', 'low', 1),
      turn('old1', 'backlog', 0),
      turn('old2', 'backlog', 1),
    ];
    expect(take(turns, 99 * HOUR, 4)).toEqual(['due1', 'old1', 'due2', 'old2']);
  });

  it('go as they come where nobody else waits', () => {
    expect(take([turn('a', 'low', 0), turn('b', 'low', 1)], 9 * HOUR, 9)).toEqual(['a', 'b']);
  });

  it('for a day, because a rule catches up and has risen to the best lane, leave what is due the room that it waits for', () => {
    const ready = createReadyTurns<string>();
    const limit = 20;
    const calls: number[] = [];
    const waits: number[] = [];
    ready.add(turn('behind', 'backlog', -24 * HOUR, 'backlog'));
    for (let now = 0; now < 24 * HOUR; now += MINUTE) {
      if (now % (40 * MINUTE) === 0) ready.add(turn('low', 'low', now, 'due', 2 * HOUR));
      const used = calls.filter((at) => at > now - HOUR).length;
      const lane = LANES.find((one) => used >= laneShare(one) * limit);
      const next = ready.peek(now, () => false, lane ? full(lane) : null);
      if (!next) continue;
      ready.remove(next.turn);
      ready.spend(next);
      calls.push(now);
      if (next.turn.item === 'low') waits.push(now - next.turn.dueAt);
      else ready.add(next.turn);
    }
    expect(waits.length).toBeGreaterThanOrEqual(35);
    expect(Math.max(...waits)).toBeLessThanOrEqual(HOUR);
    expect(calls.length).toBeGreaterThan(16 * 24);
  });
});
