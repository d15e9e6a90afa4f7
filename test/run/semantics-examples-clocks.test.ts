import { describe, expect, it } from '@jest/globals';
import { openServiceClock } from '../../src/run/clock/open-clock.ts';
import { runOnce } from '../../src/run/once.ts';
import { ORIGIN } from './bench.ts';
import { clockWorld, setRule, streamRule } from './clock/clock-world.ts';
import { DAY, HOUR, MINUTE, T0 } from './story.ts';

const RULES = [streamRule(), setRule()];
const IDS = ['stream', 'set'] as const;

type World = ReturnType<typeof clockWorld>;

/** Each hit is told once by each rule, nothing is left over and nothing was given up. */
async function allTold(world: World): Promise<void> {
  await world.end();
  for (const id of IDS) {
    expect([id, world.timesTold(id)]).toEqual([id, world.rows.map(() => 1)]);
    expect([id, await world.ledger(id)]).toEqual([id, []]);
  }
  expect(world.health().filter((one) => one.startsWith('gap'))).toEqual([]);
}

/** The longest time that a rule was not asked for. */
function longestRest(times: readonly number[]): number {
  return Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? 0)));
}

describe('our clock three minutes fast', () => {
  it('loses no row between two windows, and is told', async () => {
    const world = clockWorld({ rules: RULES, ahead: 3 * MINUTE, hours: 6 });
    world.start();
    await world.clock.advance(9 * HOUR);
    await allTold(world);
    expect(world.health()).toContain('clock-skew firing');
  });
});

describe('our clock a day ahead for an hour', () => {
  it.each([false, true])('changes nothing but its own alert (local: %s)', async (local) => {
    const world = clockWorld({ rules: RULES, local, hours: 10 });
    world.start();
    await world.clock.advance(3 * HOUR);
    world.clock.jump(DAY);
    await world.clock.advance(HOUR);
    world.clock.jump(-DAY);
    await world.clock.advance(9 * HOUR);
    await allTold(world);
    for (const id of IDS) expect(longestRest(world.askedBy(id))).toBeLessThanOrEqual(HOUR + MINUTE);
  });
});

describe('our clock a day ahead for a minute and then right', () => {
  it.each([false, true])('stops no rule for a day (local: %s)', async (local) => {
    const world = clockWorld({ rules: RULES, local, hours: 6 });
    world.start();
    await world.clock.advance(90 * MINUTE);
    world.clock.jump(DAY);
    await world.clock.advance(MINUTE);
    world.clock.jump(-DAY);
    await world.clock.advance(8 * HOUR);
    await allTold(world);
    for (const id of IDS) expect(longestRest(world.askedBy(id))).toBeLessThanOrEqual(HOUR + MINUTE);
  });

  it.each([DAY, -DAY])('also where it was so at the start, by %d ms', async (ahead) => {
    const world = clockWorld({ rules: RULES, ahead, hours: 6 });
    world.start();
    await world.clock.advance(MINUTE);
    world.clock.jump(-ahead);
    await world.clock.advance(9 * HOUR);
    await allTold(world);
  });
});

describe('our clock a day behind at start', () => {
  it('keeps no call back, although the meter remembers some of the day before', async () => {
    const world = clockWorld({ rules: RULES, hours: 8, limits: { callsPerMinute: 40, callsPerHour: 1400 } });
    world.start();
    await world.clock.advance(2 * HOUR);
    await world.end();
    world.clock.jump(-DAY);
    const before = world.asked.length;
    world.start();
    await world.clock.advance(MINUTE);
    expect(world.askedBy('clock')).toHaveLength(2);
    expect(world.asked.length).toBeGreaterThan(before);
    await world.clock.advance(9 * HOUR);
    await allTold(world);
    expect(world.health()).toContain('clock-skew firing');
  });
});

describe('our clock two days ahead at start', () => {
  it('gives nothing up and searches everything', async () => {
    const world = clockWorld({ rules: RULES, hours: 35 });
    world.start();
    await world.clock.advance(4 * HOUR);
    await world.end();
    await world.clock.advance(20 * HOUR);
    world.clock.jump(2 * DAY);
    world.start();
    await world.clock.advance(15 * HOUR);
    expect(world.rows).toHaveLength(70);
    await allTold(world);
  });
});

describe('a clock an hour ahead for two hours, right again when all that was asked for is over', () => {
  const schedule = { kind: 'every', everyMs: 4 * HOUR, lookbackMs: null } as const;
  const rules = [streamRule({ schedule, lookbackMs: HOUR / 2 }), setRule({ schedule, lookbackMs: 4 * HOUR })];
  const [WRONG, RIGHT] = [7 * HOUR + 50 * MINUTE, 9 * HOUR + 50 * MINUTE];

  it('of the service: what was asked for too early is searched again', async () => {
    const isWrong = (): boolean =>
      world.clock.monotonic() - ORIGIN >= WRONG && world.clock.monotonic() - ORIGIN < RIGHT;
    const world = clockWorld({ rules, hours: 20, off: () => (isWrong() ? HOUR : 0) });
    world.start();
    await world.clock.advance(WRONG);
    await world.clock.advance(20 * HOUR);
    await allTold(world);
    expect(world.health()).toContain('coverage-void firing');
  });

  it('of ours, over local data', async () => {
    const world = clockWorld({ rules, local: true, hours: 20 });
    world.start();
    await world.clock.advance(WRONG);
    world.clock.jump(HOUR);
    await world.clock.advance(RIGHT - WRONG);
    world.clock.jump(-HOUR);
    await world.clock.advance(18 * HOUR);
    await allTold(world);
    expect(world.health()).toContain('coverage-void firing');
  });
});

describe('one wrong Date', () => {
  it.each([
    ['a day behind', -DAY],
    ['a day ahead', DAY],
    ['of 2019', Date.parse('2019-05-05T00:00:00Z') - T0],
  ])('%s changes nothing for any rule', async (_, off) => {
    const world = clockWorld({ rules: RULES, hours: 6, off: (nth) => (nth === 3 ? off : 0) });
    world.start();
    await world.clock.advance(9 * HOUR);
    await allTold(world);
    for (const id of IDS) expect(longestRest(world.askedBy(id))).toBeLessThanOrEqual(HOUR + MINUTE);
    expect(world.askedBy('clock').length).toBeLessThanOrEqual(3);
    for (const id of IDS) expect(world.askedBy(id).length).toBeLessThanOrEqual(11);
  });

  it('of the login at the start does not begin thirty days of backlog, nor anything else', async () => {
    const off = Date.parse('2019-05-05T00:00:00Z') - T0;
    const world = clockWorld({ rules: RULES, hours: 6, off: (nth) => (nth === 0 ? off : 0) });
    world.start();
    await world.clock.advance(9 * HOUR);
    await allTold(world);
    for (const id of IDS) expect(world.askedBy(id).length).toBeLessThanOrEqual(11);
  });
});

/** A process of its own that runs each rule once, by the machine's clock, which may tell since when it runs. */
async function once({ bench, clock, open }: World, sinceBoot: boolean): Promise<void> {
  const booted = sinceBoot ? { ...clock, sinceBoot: () => ({ boot: 'first', ms: clock.monotonic() }) } : clock;
  const { cache } = bench.store;
  const serviceClock = await openServiceClock('default', { api: 'local' }, { clock: booted, cache });
  const tenant = open();
  const { rules } = tenant;
  const options = { rules, dryRun: false, deadline: clock.monotonic() + MINUTE, onReport: () => undefined };
  const done = runOnce({ ...tenant, serviceClock }, { ...options, signal: new AbortController().signal }, bench.deps);
  await clock.advance(1000);
  await done;
}

describe('local, once, with our clock three days ahead', () => {
  it.each([false, true])(
    'searches on at the next run, from where the clock was right (since boot: %s)',
    async (boot) => {
      const world = clockWorld({ rules: RULES, local: true, hours: 6 });
      for (let hour = 0; hour < 9; hour += 1) {
        if (hour === 3) world.clock.jump(3 * DAY);
        await once(world, boot);
        if (hour === 3) world.clock.jump(-3 * DAY);
        await world.clock.advance(HOUR - 1000);
      }
      for (const id of IDS) expect([id, world.timesTold(id)]).toEqual([id, world.rows.map(() => 1)]);
      expect(world.health().filter((one) => one.startsWith('coverage-void'))).toEqual([
        'coverage-void firing',
        'coverage-void firing',
        'coverage-void resolved',
        'coverage-void resolved',
      ]);
    },
  );
});

describe('local, once, with our clock ahead for hours', () => {
  const short = [streamRule({ lookbackMs: 10 * MINUTE }), setRule()];
  it.each([
    ['by less than an interval', 45 * MINUTE, true, short],
    ['by more than an interval', 80 * MINUTE, true, RULES],
    ['by more than an interval, where nobody knows since when', 80 * MINUTE, false, RULES],
  ] as const)('%s, searches again what it asked for too early, once', async (_, ahead, boot, rules) => {
    const world = clockWorld({ rules, local: true, hours: 14 });
    const asked: number[] = [];
    for (let quarter = 0; quarter < 4 * 18; quarter += 1) {
      if (quarter === 4 * 3 + 1) world.clock.jump(ahead);
      if (quarter === 4 * 8 + 1) world.clock.jump(-ahead);
      await once(world, boot);
      asked.push(world.askedBy('stream').length);
      await world.clock.advance(15 * MINUTE - 1000);
    }
    for (const id of IDS) expect([id, world.timesTold(id)]).toEqual([id, world.rows.map(() => 1)]);
    expect(world.health().filter((one) => one.startsWith('gap'))).toEqual([]);
    const lately = asked.slice(-16);
    // One of them is the day's sweep.
    expect((lately.at(-1) ?? 0) - (lately[0] ?? 0)).toBeLessThanOrEqual(16);
  });
});

describe('a machine that sleeps', () => {
  it('runs its rules within two minutes of waking', async () => {
    const world = clockWorld({ rules: RULES, local: true, hours: 1 });
    world.start();
    await world.clock.advance(10 * MINUTE);
    const before = world.askedBy('stream').length;
    world.clock.jump(8 * HOUR);
    await world.clock.advance(2 * MINUTE);
    expect(world.askedBy('stream').length).toBeGreaterThan(before);
    await world.end();
  });
});
