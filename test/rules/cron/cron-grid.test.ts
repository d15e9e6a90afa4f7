import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type CronGrid, cronGrid } from '../../../src/rules/cron/cron-grid.ts';
import { timeZone } from '../../../src/rules/cron/time-zone.ts';
import { tries } from '../../tries.ts';
import { type Change, changesOf, DAY, type Expression, HOUR, MINUTE, runsAround } from './slow-model.ts';

const FROM = Date.UTC(2024, 0, 1);
/** Most zones have the same two changes each year; those of Morocco move, and are among those of four years, too. */
const YEARS = tries(4, 11);
const TO = Date.UTC(2024 + YEARS, 0, 1);
/** So much is walked on both sides of a change. */
const AROUND = 27 * HOUR;

const changes = Intl.supportedValuesOf('timeZone').flatMap((zone) => changesOf(zone, FROM, TO));
/** Zones whose clocks are changed at one instant, in the same way, have the same runs: one of them is walked. With HUNTWIRE_EVERY_ZONE=1 all are. */
const walked = process.env.HUNTWIRE_EVERY_ZONE ? changes : differing(changes);

function differing(all: readonly Change[]): readonly Change[] {
  return [...new Map(all.map((change) => [`${change.at} ${change.before} ${change.after}`, change])).values()];
}

const gridOf = (cron: string, timezone: string) => cronGrid({ kind: 'cron', cron, timezone, lookbackMs: null });
const at = (iso: string): number => Date.parse(iso);
const iso = (times: readonly (number | null)[]) =>
  times.map((time) => time && new Date(time).toISOString().slice(0, 16));

/** Runs in `[from, to]`, going forward. */
function forward(grid: CronGrid, from: number, to: number): number[] {
  const runs: number[] = [];
  for (let run = grid.next(from - 1); run !== null && run <= to; run = grid.next(run)) runs.push(run);
  return runs;
}

/** The same, going back. */
function backward(grid: CronGrid, from: number, to: number): number[] {
  const runs: number[] = [];
  for (let run = grid.latest(to); run !== null && run >= from; run = grid.latest(run - 1)) runs.unshift(run);
  return runs;
}

function list(values: Iterable<number>): string {
  return [...values].join(',');
}

const every = (count: number): ReadonlySet<number> => new Set(Array.from({ length: count }, (_, index) => index));
const someOf = (max: number, maxLength: number): fc.Arbitrary<ReadonlySet<number>> =>
  fc.array(fc.integer({ min: 0, max }), { minLength: 1, maxLength }).map((values) => new Set(values));

const minuteField = fc.oneof(
  fc.constant({ text: '*/15', set: new Set([0, 15, 30, 45]) as ReadonlySet<number> }),
  someOf(59, 3).map((set) => ({ text: list(set), set })),
);

/** Hours near the one that is changed, in each form of the field. */
function hourField(changed: number): fc.Arbitrary<{ text: string; set: ReadonlySet<number>; repeats: boolean }> {
  const near = fc.integer({ min: -2, max: 2 }).map((by) => (changed + by + 24) % 24);
  return fc.oneof(
    fc.constant({ text: '*', set: every(24), repeats: true }),
    fc.constant({ text: '*/2', set: new Set([...every(24)].filter((hour) => hour % 2 === 0)), repeats: true }),
    near.map((hour) => ({ text: `${hour}`, set: new Set([hour]), repeats: false })),
    fc.tuple(near, near).map((hours) => ({ text: hours.join(','), set: new Set(hours), repeats: false })),
    fc.tuple(near, near).map(([a, b]) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      return { text: `${low}-${high}`, set: new Set([...every(24)].slice(low, high + 1)), repeats: true };
    }),
  );
}

function expressionFor({ at: time, before, after }: Change): fc.Arbitrary<Expression> {
  const changed = Math.floor((time + Math.min(before, after)) / HOUR) % 24;
  const weekdays = fc.option(someOf(6, 5), { freq: 2 });
  return fc.tuple(minuteField, hourField(changed), weekdays).map(([minute, hour, days]) => ({
    text: `${minute.text} ${hour.text} * * ${days ? list(days) : '*'}`,
    minutes: minute.set,
    hours: hour.set,
    weekdays: days,
    repeats: hour.repeats,
  }));
}

/** What the grid and the model disagree about; null where they agree. Only a fault is worth the time that a comparison by `expect` takes. */
function fault(change: Change, cron: Expression): unknown {
  const [from, to] = [change.at - AROUND, change.at + AROUND];
  const grid = gridOf(cron.text, change.zone);
  const runs = runsAround(change, cron, from, to);
  const [ahead, back] = [forward(grid, from, to), backward(grid, from, to)];
  const about = [cron.text, change.zone, new Date(change.at).toISOString()];
  if (ahead.join() !== runs.join()) return [...about, 'forward', iso(ahead), iso(runs)];
  if (back.join() !== runs.join()) return [...about, 'back', iso(back), iso(runs)];
  for (let time = from; time < to; time += 97 * MINUTE + 1) {
    const next = runs.find((run) => run > time) ?? grid.next(to);
    const latest = runs.findLast((run) => run <= time) ?? grid.latest(from - 1);
    if (grid.next(time) !== next || grid.latest(time) !== latest) return [...about, time, iso([next, latest])];
  }
  return null;
}

describe('the runs around every change of every zone in years from 2024 on', () => {
  it('follow the clocks of each zone as the runtime has them', () => {
    expect(changes.length).toBeGreaterThan(180 * YEARS);
    const differences = changes.flatMap(({ zone, at: time, before, after }) => {
      const { from, offsetMs, beforeMs } = timeZone(zone).stretchAt(time);
      const agrees = from === time && offsetMs === after && beforeMs === before;
      return agrees && timeZone(zone).stretchAt(time - 1).to === time ? [] : [[zone, iso([time])]];
    });
    expect(differences).toEqual([]);
  });

  it('are those that a look at each minute finds, forward and back', () => {
    expect(walked.length).toBeGreaterThan(45 * YEARS);
    for (const [index, change] of walked.entries())
      for (const cron of fc.sample(expressionFor(change), { numRuns: tries(1, 3), seed: index }))
        if (fault(change, cron)) expect(fault(change, cron)).toBeNull();
  });

  it('whatever the expression', () => {
    const cases = fc.constantFrom(...walked).chain((change) => fc.tuple(fc.constant(change), expressionFor(change)));
    fc.assert(
      fc.property(cases, ([change, cron]) => expect(fault(change, cron)).toBeNull()),
      { numRuns: tries(20, 300) },
    );
  });
});

describe('a cron in a zone', () => {
  const quarter = gridOf('*/15 * * * *', 'Europe/Berlin');

  it('of every quarter of an hour has 92 runs on the day that is short and 100 on the long one', () => {
    expect(forward(quarter, at('2026-03-28T23:00:00Z'), at('2026-03-29T21:59:59Z'))).toHaveLength(92);
    expect(forward(quarter, at('2026-10-24T22:00:00Z'), at('2026-10-25T22:59:59Z'))).toHaveLength(100);
    expect(backward(quarter, at('2026-10-24T22:00:00Z'), at('2026-10-25T22:59:59Z'))).toHaveLength(100);
  });

  it('never gives its own argument or a later time as what was before it', () => {
    const change = at('2026-03-29T01:00:00Z');
    for (let time = change - 2 * HOUR; time < change + 2 * HOUR; time += MINUTE) {
      expect(quarter.latest(time)).toBe(Math.floor(time / (15 * MINUTE)) * 15 * MINUTE);
      expect(quarter.next(time)).toBe((Math.floor(time / (15 * MINUTE)) + 1) * 15 * MINUTE);
    }
  });

  it.each([
    ['30 2 * * *', 'Europe/Berlin', '2026-03-29', ['2026-03-29T01:00']],
    ['*/20 2 * * *', 'Europe/Berlin', '2026-03-29', ['2026-03-29T01:00']],
    ['30 2 * * *', 'Europe/Berlin', '2026-10-25', ['2026-10-25T00:30']],
    ['30 2,3 * * *', 'Europe/Berlin', '2026-10-25', ['2026-10-25T00:30', '2026-10-25T02:30']],
    ['30 2-3 * * *', 'Europe/Berlin', '2026-10-25', ['2026-10-25T00:30', '2026-10-25T01:30', '2026-10-25T02:30']],
    ['30 1 * * *', 'America/New_York', '2026-11-01', ['2026-11-01T05:30']],
    ['30 1-1 * * *', 'America/New_York', '2026-11-01', ['2026-11-01T05:30', '2026-11-01T06:30']],
    ['0 0 * * *', 'America/Havana', '2026-03-08', ['2026-03-08T05:00']],
    ['30 0 * * *', 'America/Havana', '2026-11-01', ['2026-11-01T04:30']],
    ['15 2 * * *', 'Australia/Lord_Howe', '2026-10-03', ['2026-10-03T15:30']],
    ['45 1 * * *', 'Australia/Lord_Howe', '2026-04-04', ['2026-04-04T14:45']],
    ['45 */1 * * *', 'Australia/Lord_Howe', '2026-04-04', null],
  ])('%s in %s on %s', (text, zone, day, expected) => {
    const grid = gridOf(text, zone);
    const [from, to] = zone.startsWith('Australia') ? [12, 18] : [0, 8];
    const runs = forward(grid, at(`${day}T00:00:00Z`) + from * HOUR, at(`${day}T00:00:00Z`) + to * HOUR);
    if (expected) expect(iso(runs)).toEqual(expected);
    else expect(iso(runs).slice(0, 4)).toEqual(['12:45', '13:45', '14:45', '15:15'].map((time) => `${day}T${time}`));
  });

  it('finds what comes once in years at once, both ways', () => {
    const leap = gridOf('0 12 29 2 *', 'Europe/Berlin');
    expect(iso([leap.next(at('2024-02-29T11:00:00Z')), leap.latest(at('2028-02-29T10:59:59Z'))])).toEqual([
      '2028-02-29T11:00',
      '2024-02-29T11:00',
    ]);
    expect(gridOf('0 0 30 2 *', 'UTC').next(0)).toBeNull();
    expect(gridOf('0 0 30 2 *', 'UTC').latest(0)).toBeNull();
  });

  it('has the same runs wherever a walk begins', () => {
    const text = fc.constantFrom('*/15 * * * *', '0 6 * * 1-5', '30 2 * * *', '5 0 1 * *', '0 */5 L * *');
    const zone = fc.constantFrom('Europe/Berlin', 'America/Havana', 'Africa/Casablanca', 'Antarctica/Troll', 'UTC');
    fc.assert(
      fc.property(text, zone, fc.integer({ min: FROM, max: TO }), (cron, name, time) => {
        const grid = gridOf(cron, name);
        const [latest, next] = [grid.latest(time) ?? Number.NaN, grid.next(time) ?? Number.NaN];
        expect(latest).toBeLessThanOrEqual(time);
        expect(next).toBeGreaterThan(time);
        expect([grid.next(latest), grid.latest(next), grid.latest(next - 1)]).toEqual([next, next, latest]);
        expect(next - latest).toBeLessThanOrEqual(32 * DAY);
      }),
      { numRuns: tries(25, 500) },
    );
  });
});
