import { describe, expect, it } from '@jest/globals';
import type { RunnableRule } from '../../src/rules/rule.ts';
import { DEFAULT_WINDOW_SETTINGS } from '../../src/run/windows.ts';
import { type GroupEvent, groupRule, openGroups } from './group-bench.ts';
import { DAY, HOUR, MINUTE } from './story.ts';

const MIDNIGHT = Date.parse('2026-01-11T00:00:00Z');
const DELAY = DEFAULT_WINDOW_SETTINGS.delayMs.ingestion;

function exceptUntil(expires: number): Partial<RunnableRule> {
  return { exceptions: [{ where: { DeviceId: ['build'] }, reason: 'CI', owner: 'team', expires }] };
}

/** Runs hourly from `from` on, each as of the full hour, and gives what each run told. */
async function hourly(stage: ReturnType<typeof openGroups>, rule: (hour: number) => RunnableRule, hours: number) {
  const told: (readonly unknown[])[] = [];
  for (let hour = 0; hour < hours; hour += 1) {
    const before = stage.told().length;
    await stage.bench.turn(rule(hour));
    told.push(stage.told().slice(before));
    await stage.bench.clock.advance(HOUR);
  }
  return told;
}

function everyHour(from: number, hours: number, device = 'build'): GroupEvent[] {
  return Array.from({ length: hours }, (_, hour) => ({ at: from + hour * HOUR + 10 * MINUTE, device }));
}

describe('a set group that an exception hid all day', () => {
  it('is not told after midnight for what happened before it', async () => {
    const events = everyHour(MIDNIGHT - DAY, 23);
    const stage = openGroups(MIDNIGHT - 20 * HOUR + DELAY, events, { timed: false });
    const rule = groupRule(exceptUntil(MIDNIGHT));
    const told = await hourly(stage, () => rule, 26);
    expect(told.flat()).toEqual([]);
  });

  it('without an event time is duplicate while the windows overlap, and told then where it goes on', async () => {
    const stage = openGroups(MIDNIGHT - 3 * HOUR + DELAY, everyHour(MIDNIGHT - DAY, 60), { timed: false });
    const rule = groupRule(exceptUntil(MIDNIGHT));
    const told = await hourly(stage, () => rule, 8);
    // Its last excepted window ends at 23:00; [23:00, 03:00) is the first one that does not overlap it.
    expect(told).toEqual([[], [], [], [], [], [], ['build'], []]);
  });

  it('without an event time is duplicate for at most a day, however long the windows are', async () => {
    const stage = openGroups(MIDNIGHT - HOUR + DELAY, everyHour(MIDNIGHT - DAY, 60), { timed: false });
    const rule = groupRule({ ...exceptUntil(MIDNIGHT), lookbackMs: 3 * DAY });
    const told = await hourly(stage, () => rule, 30);
    expect(told.flatMap((devices, hour) => devices.map(() => hour))).toEqual([24]);
  });

  it('with an event time is told at once when it holds a newer event, and not before', async () => {
    const quiet = openGroups(MIDNIGHT - 3 * HOUR + DELAY, everyHour(MIDNIGHT - DAY, 22), { timed: true });
    const excepted = groupRule(exceptUntil(MIDNIGHT + 9 * DAY));
    const rule = (hour: number): RunnableRule => (hour < 3 ? excepted : groupRule());
    expect((await hourly(quiet, rule, 10)).flat()).toEqual([]);
    const busy = openGroups(
      MIDNIGHT - 3 * HOUR + DELAY,
      [...everyHour(MIDNIGHT - DAY, 22), { at: MIDNIGHT + 90 * MINUTE, device: 'build' }],
      { timed: true },
    );
    expect(await hourly(busy, rule, 7)).toEqual([[], [], [], [], [], ['build'], []]);
  });

  it('that was told before the exception is held all the same', async () => {
    const stage = openGroups(MIDNIGHT - 10 * HOUR + DELAY, everyHour(MIDNIGHT - DAY, 23), { timed: false });
    const rule = groupRule(exceptUntil(MIDNIGHT));
    const told = await hourly(stage, (hour) => (hour < 1 ? groupRule() : rule), 14);
    expect(told.flat()).toEqual(['build']);
  });

  it('counts as duplicate, because it was held', async () => {
    const stage = openGroups(MIDNIGHT - HOUR + DELAY, everyHour(MIDNIGHT - DAY, 24), { timed: false });
    const rule = groupRule(exceptUntil(MIDNIGHT));
    await hourly(stage, () => rule, 1);
    const report = await stage.bench.turn(rule);
    expect(report?.run).toMatchObject({ hits: 1, suppressed: { duplicate: 1 }, reasons: { held: 1 } });
  });
});

describe('a set row hit that its quiet time suppressed', () => {
  const alert = { ...groupRule().alert, dedupColumns: ['Kind'], suppressMs: 2 * HOUR };

  it('is not told when the quiet time ends', async () => {
    const start = MIDNIGHT + DELAY;
    const events = [
      { at: MIDNIGHT - 30 * MINUTE, device: 'first' },
      { at: MIDNIGHT + 30 * MINUTE, device: 'second' },
    ];
    for (const timed of [false, true]) {
      const stage = openGroups(start, [...events], { timed });
      expect(await hourly(stage, () => groupRule({ alert }), 8)).toEqual([['first'], [], [], [], [], [], [], []]);
    }
  });

  it('is told when it holds an event that is newer than the one suppressed', async () => {
    const events = [
      { at: MIDNIGHT - 30 * MINUTE, device: 'first' },
      { at: MIDNIGHT + 30 * MINUTE, device: 'second' },
      { at: MIDNIGHT + 150 * MINUTE, device: 'second' },
    ];
    const stage = openGroups(MIDNIGHT + DELAY, events, { timed: true });
    expect(await hourly(stage, () => groupRule({ alert }), 6)).toEqual([['first'], [], [], ['second'], [], []]);
  });
});

describe('windows that told a group', () => {
  it('are all remembered while another can overlap them: a made-up one does not hide a later one', async () => {
    const events = [
      { at: MIDNIGHT + 3 * HOUR + 10 * MINUTE, device: 'pc' },
      { at: MIDNIGHT + 8 * HOUR + 10 * MINUTE, device: 'pc' },
    ];
    const stage = openGroups(MIDNIGHT + DELAY, events, { timed: false });
    await stage.bench.turn(groupRule());
    await stage.bench.clock.advance(10 * HOUR);
    await stage.bench.turn(groupRule());
    expect(stage.told()).toEqual(['pc']);
    for (let turns = 0; turns < 24; turns += 1) if (!(await stage.bench.turn(groupRule(), 'backlog'))) break;
    expect(stage.told()).toEqual(['pc', 'pc']);
    await hourly(stage, () => groupRule(), 6);
    expect(stage.told()).toEqual(['pc', 'pc']);
  });
});
