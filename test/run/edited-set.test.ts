import { describe, expect, it } from '@jest/globals';
import { type GroupEvent, groupRule, openGroups } from './group-bench.ts';
import { DAY, HOUR, MINUTE, T0 } from './story.ts';

/** Thirty groups, one every seven hours, each told by the hourly rule as it comes. */
async function tellThirty() {
  const events: GroupEvent[] = [];
  const stage = openGroups(T0, events, { timed: false });
  const short = groupRule({ lookbackMs: HOUR });
  for (let hour = 0; hour < 222; hour += 1) {
    const now = stage.bench.clock.now();
    if (hour % 7 === 0 && hour < 210) events.push({ at: now - 30 * MINUTE, device: `pc${hour / 7}` });
    await stage.bench.turn(short);
    await stage.bench.clock.advance(HOUR);
  }
  return { ...stage, events };
}

describe('a set rule without an event time in its result that is edited from 1 h to 14 d', () => {
  it('tells none of the groups again that it has told, and those that are new', async () => {
    const { bench, told, events } = await tellThirty();
    expect(new Set(told()).size).toBe(30);
    const long = groupRule({ lookbackMs: 14 * DAY });
    for (let hour = 0; hour < 4; hour += 1) {
      await bench.turn(long);
      await bench.clock.advance(HOUR);
    }
    expect(told()).toHaveLength(30);
    events.push({ at: bench.clock.now() - 30 * MINUTE, device: 'new' });
    await bench.turn(long);
    expect(told().slice(30)).toEqual(['new']);
  });

  it('tells nothing again either when its dedup columns change', async () => {
    const { bench, told } = await tellThirty();
    const alert = { ...groupRule().alert, dedupColumns: ['DeviceId'] };
    await bench.turn(groupRule({ lookbackMs: 14 * DAY, alert }));
    expect(told()).toHaveLength(30);
  });
});
