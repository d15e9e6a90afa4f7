import { describe, expect, it } from '@jest/globals';
import { createGate, type Gate } from '../../../src/run/desk/gate.ts';
import type { ReadyTurns } from '../../../src/run/desk/ready-turns.ts';
import { timetableOf } from '../../../src/run/schedule.ts';
import type { Turn } from '../../../src/run/turn.ts';
import type { Admission } from '../../../src/sources/quota/quota-meter.ts';
import { makeRule } from '../make-rule.ts';
import { MINUTE } from '../story.ts';
import { setUp } from '../turn-bench.ts';

/** A gate whose run was admitted as call 7; further ones get these answers. */
function gateWith(answers: readonly Admission[]) {
  const { bench } = setUp([]);
  const left = [...answers];
  const lanes: string[] = [];
  const released: number[] = [];
  const admit = async (lane: string): Promise<Admission> => {
    lanes.push(lane);
    return left.shift() ?? { kind: 'wait', waitMs: MINUTE, reason: 'callsPerMinute' };
  };
  const release = async (call: number): Promise<void> => void released.push(call);
  const rule = makeRule();
  const turn: Turn = { tenant: bench.tenant, rule, timetable: timetableOf(rule), kind: 'due', scheduledAt: null };
  const waiting = {
    item: turn,
    kind: 'due',
    lane: 'low',
    dueAt: bench.clock.monotonic() - MINUTE,
    riseMs: 2 * MINUTE,
  } as const;
  const hard = new AbortController();
  let spent = 0;
  const ready = {
    spend: () => {
      spent += 1;
    },
  } as unknown as ReadyTurns<Turn>;
  const tenant = { ...bench.tenant, meter: { ...bench.tenant.meter, admit, release } };
  const gate: Gate = createGate(
    { tenant, deps: bench.deps, hard, ready },
    { turn: waiting, lane: 'low', isRisen: false },
    7,
  );
  return { gate, clock: bench.clock, hard, lanes, released, spent: () => spent };
}

describe('the gate of a run', () => {
  it('lets its first call go as it was admitted, and asks the meter for each further one', async () => {
    const { gate, lanes, released, spent } = gateWith([
      { kind: 'go', call: 8 },
      { kind: 'go', call: 9 },
    ]);
    expect([await gate.admit(), spent()]).toEqual([7, 1]);
    expect(lanes).toEqual([]);
    expect([await gate.admit(), await gate.admit(), spent()]).toEqual([8, 9, 3]);
    expect(lanes).toEqual(['low', 'low']);
    await gate.close();
    expect(released).toEqual([]);
  });

  it('gives back an admission that was not used', async () => {
    const { gate, released, spent } = gateWith([]);
    await gate.close();
    expect([released, spent()]).toEqual([[7], 0]);
  });

  it('rises while it waits, so that no run that has begun starves for its further calls', async () => {
    const { gate, clock, lanes } = gateWith([]);
    await gate.admit();
    const second = gate.admit().catch(() => 0);
    await clock.advance(5 * MINUTE);
    expect(lanes).toEqual(['low', 'medium', 'medium', 'high', 'high', 'critical']);
    expect(second).toBeInstanceOf(Promise);
  });

  it('waits for room as long as the meter says, and no longer than until the work is broken off', async () => {
    const { gate, clock, hard, lanes, spent } = gateWith([
      { kind: 'wait', waitMs: MINUTE, reason: 'callsPerMinute' },
      { kind: 'go', call: 8 },
    ]);
    await gate.admit();
    const second = gate.admit();
    await clock.advance(MINUTE - 1);
    expect([lanes.length, spent()]).toEqual([1, 1]);
    await clock.advance(1);
    expect([await second, spent()]).toEqual([8, 2]);
    const third = expect(gate.admit()).rejects.toThrow();
    await clock.advance(1);
    hard.abort(new Error('stopped'));
    await third;
  });
});
