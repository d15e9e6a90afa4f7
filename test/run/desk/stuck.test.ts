import { describe, expect, it } from '@jest/globals';
import { openDesk } from '../../../src/run/desk/desk.ts';
import { noteStuck } from '../../../src/run/desk/stuck.ts';
import { timetableOf } from '../../../src/run/schedule.ts';
import type { Turn } from '../../../src/run/turn.ts';
import { clockBench } from '../clock/clock-bench.ts';
import { makeRule } from '../make-rule.ts';
import { HOUR, T0 } from '../story.ts';

function setUp() {
  const { bench } = clockBench();
  const { tenant, clock } = bench;
  tenant.serviceClock.set(T0);
  const desk = openDesk(tenant, bench.deps);
  const rule = makeRule();
  const turn: Turn = { tenant, rule, timetable: timetableOf(rule), kind: 'due', scheduledAt: T0 };
  return { desk, turn, clock, isSure: tenant.serviceClock.isSure };
}

describe('a rule whose L stays behind what is covered', () => {
  it('for longer than an interval casts doubt on the service’s clock', async () => {
    const { desk, turn, clock, isSure } = setUp();
    noteStuck(desk, turn, false);
    await clock.advance(HOUR - 1);
    noteStuck(desk, turn, false);
    expect(isSure()).toBe(true);
    await clock.advance(1);
    noteStuck(desk, turn, false);
    expect(isSure()).toBe(false);
  });

  it('does not where it ran in between, nor by its backlog', async () => {
    const { desk, turn, clock, isSure } = setUp();
    noteStuck(desk, turn, false);
    noteStuck(desk, turn, true);
    for (let hour = 0; hour < 3; hour += 1) {
      noteStuck(desk, { ...turn, kind: 'backlog' }, false);
      await clock.advance(HOUR);
    }
    noteStuck(desk, turn, false);
    expect(isSure()).toBe(true);
  });
});
