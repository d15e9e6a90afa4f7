import { describe, expect, it, jest } from '@jest/globals';
import type { RunnableRule } from '../../../src/rules/rule.ts';
import { tries } from '../../tries.ts';
import { clockWorld, setRule, streamRule } from '../clock/clock-world.ts';
import { HOUR, MINUTE, T0 } from '../story.ts';

const every = (minutes: number): Partial<RunnableRule> => ({
  schedule: { kind: 'every', everyMs: minutes * MINUTE, lookbackMs: null },
  lookbackMs: minutes * MINUTE,
});

/** Twelve high rules of ten minutes need 72 calls an hour, 120 % of what there is. */
const HIGH = Array.from({ length: 12 }, (_, index) =>
  streamRule({ id: `high${index}`, severity: 'high', ...every(10) }),
);
const LIMITS = { callsPerHour: 60 };

describe('high rules at 120 % of the quota for half a day, or a whole one', () => {
  it('let medium and low ones run, say what lags, and let an hour of backlog drain', async () => {
    const medium = streamRule({ id: 'medium', severity: 'medium' });
    const low = setRule({ id: 'low', severity: 'low' });
    const world = clockWorld({ rules: [medium, low, ...HIGH], hours: 1, limits: LIMITS });
    const { bench, clock } = world;
    await bench.turn(low);
    await clock.advance(3 * HOUR);
    world.start();
    await clock.advance(tries(12, 24) * HOUR);
    for (const id of ['medium', 'low']) expect([id, world.askedBy(id).length > 4]).toEqual([id, true]);
    const calls = world.asked.map(({ at }) => at);
    for (const from of calls)
      expect(calls.filter((at) => at > from - HOUR && at <= from).length).toBeLessThanOrEqual(60);
    expect(world.health().some((one) => /^(rule|tenant)-lagging firing$/.test(one))).toBe(true);
    const ledger = await world.ledger('low');
    expect(ledger.filter((entry) => entry.to <= T0 + 3 * HOUR)).toEqual([]);
    expect(ledger.filter((entry) => entry.outcome === 'gap')).toEqual([]);
    await world.end();
  });
});

describe('processing time that is used up', () => {
  it('holds low rules for the rest of the quarter of an hour, high ones go on, and a low one that has waited long rises', async () => {
    const rules = [
      streamRule({ id: 'high', severity: 'high', ...every(1) }),
      streamRule({ id: 'low', severity: 'low', ...every(1) }),
    ];
    const world = clockWorld({ rules, hours: 0, limits: {} });
    const { meter } = world.bench.tenant;
    world.start();
    const counts = () => ['high', 'low'].map((id) => world.askedBy(id).length);
    await world.clock.advance(3 * MINUTE);
    const before = counts();
    await meter.pause(1000, { of: 'processing', allowed: null });
    const { heldMs } = await meter.usage();
    await world.clock.advance((heldMs ?? 0) - MINUTE);
    const [high = 0, low = 0] = counts();
    expect([high - (before[0] ?? 0) > 5, low - (before[1] ?? 0)]).toEqual([true, 0]);
    for (let cycle = 0; cycle < 3; cycle += 1) {
      await meter.pause(1000, { of: 'processing', allowed: null });
      await world.clock.advance(8 * MINUTE);
    }
    expect(counts()[1]).toBeGreaterThan(low);
    await world.end();
  });
});

describe('more than ten lagging rules', () => {
  it('are told in one alert of the tenant, which is over when they have caught up', async () => {
    const rules = Array.from({ length: 12 }, (_, index) => streamRule({ id: `rule${index}`, ...every(10) }));
    const limits = { callsPerHour: 6 };
    const world = clockWorld({ rules, hours: 1, limits });
    world.start();
    await world.clock.advance(6 * HOUR);
    const open = async () => (await world.bench.store.openHealth()).map(({ code, subject }) => `${code} ${subject}`);
    expect(await open()).toEqual(['tenant-lagging default']);
    await world.end();
  });
});

describe('rules that are on time', () => {
  it('end what an earlier process told of their lag, and nothing is looked up behind that', async () => {
    const world = clockWorld({ rules: [streamRule()], hours: 1 });
    const { store } = world.bench;
    const about = { tenant: 'default', code: 'rule-lagging', subject: 'stream' } as const;
    const record = { ...about, since: T0, alertId: 'a'.repeat(32), revision: 0 };
    await store.commitHealth({ alerts: [], messages: [], health: [{ ...about, record }] });
    const read = jest.spyOn(store, 'openHealth');
    world.start();
    await world.clock.advance(5 * MINUTE);
    expect(world.health()).toEqual(['rule-lagging resolved']);
    const before = read.mock.calls.length;
    await world.clock.advance(20 * MINUTE);
    expect(read.mock.calls.length).toBe(before);
    await world.end();
  });
});
