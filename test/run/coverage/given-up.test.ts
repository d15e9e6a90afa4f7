import { describe, expect, it } from '@jest/globals';
import { HuntwireError } from '../../../src/lib/errors.ts';
import { daemon } from '../daemon-bench.ts';
import { makeRule } from '../make-rule.ts';
import { DAY, EVENT, HOUR, MINUTE, T0 } from '../story.ts';
import { setUp } from '../turn-bench.ts';

const down = () => new HuntwireError('SOURCE_NETWORK', 'refused', { retryable: true });

describe('windows that the source has forgotten', () => {
  it('are written down and told by the turn that finds nothing else to ask, once', async () => {
    let failure: HuntwireError | null = null;
    const { bench, health } = setUp([], () => failure);
    const stream = makeRule({}, { identity: EVENT });
    await bench.turn(stream);
    failure = down();
    await bench.clock.advance(HOUR);
    await bench.turn(stream);
    const before = await bench.deps.store.ruleState('default', stream.id);
    await bench.clock.advance(31 * DAY);
    expect(await bench.turn(stream, 'backlog')).toBeNull();
    expect(await bench.turn(stream, 'backlog')).toBeNull();
    const { ledger, lastRun, ...left } = (await bench.deps.store.ruleState('default', stream.id)) ?? {};
    expect(ledger?.map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ['gap', 'older than the 30d of data that the source keeps; last failure: refused'],
    ]);
    expect(lastRun).toMatchObject({ outcome: 'skipped', lane: 'backlog', startedAt: T0 + HOUR + 31 * DAY });
    const { ledger: _, lastRun: __, ...same } = before ?? {};
    expect(left).toEqual(same);
    expect(health().map((alert) => [alert.health?.code, alert.health?.subject, alert.revision])).toEqual([
      ['gap', stream.id, 0],
    ]);
    expect(health()[0]?.description).toContain('Not searched, and not tried again');
  });

  it('are told when they are forgotten, however far away the next run is, and are not tried again', async () => {
    let isDown = false;
    const schedule = { kind: 'every', everyMs: 2 * DAY, lookbackMs: null } as const;
    const world = await daemon({
      rules: [makeRule({ schedule, lookbackMs: HOUR })],
      retentionMs: 4 * HOUR,
      query: async (_, sink) => {
        if (isDown) throw down();
        sink.schema([{ name: 'Timestamp', type: 'datetime' }]);
        return { rows: 0, truncated: false, bytes: 0, elapsedMs: 1, serviceTime: null };
      },
    });
    await world.clock.advance(HOUR);
    const frontier = async () => (await world.bench.deps.store.ruleState('default', 'rule'))?.frontier ?? 0;
    const first = await frontier();
    isDown = true;
    for (let hours = 0; hours < 48 && (await frontier()) === first; hours += 1) await world.clock.advance(HOUR);
    await world.clock.advance(5 * HOUR);
    await world.end();
    expect(world.told().filter((news) => news.startsWith('gap'))).toContain('gap rule firing');
    const { ledger = [], late } = (await world.bench.deps.store.ruleState('default', 'rule')) ?? {};
    const outcomes = [...ledger, ...(late?.ledger ?? [])].map(({ outcome }) => outcome);
    expect(new Set(outcomes)).toEqual(new Set(['gap']));
  });

  it('piece by piece are one gap of one condition, told at once, then by the hour, and last as a whole', async () => {
    let tries = 0;
    let isDown = false;
    const other = () => new HuntwireError('SOURCE_NETWORK', `refused ${++tries}`, { retryable: true });
    const { bench, health } = setUp([], () => (isDown ? other() : null));
    const schedule = { kind: 'every', everyMs: 10 * MINUTE, lookbackMs: null } as const;
    const stream = makeRule({ schedule, lookbackMs: 10 * MINUTE }, { identity: EVENT });
    await bench.turn(stream);
    isDown = true;
    await bench.clock.advance(6 * HOUR);
    await bench.turn(stream);
    await bench.clock.advance(30 * DAY - 6 * HOUR);
    for (let minutes = 0; minutes < 150; minutes += 10) {
      await bench.clock.advance(10 * MINUTE);
      await bench.turn(stream, 'backlog');
    }
    const gaps = () => health().filter(({ health: about }) => about?.code === 'gap');
    const ends = () =>
      gaps().map(({ revision, status, description }) => {
        const [, from = '', to = ''] = /(\S+Z) to (\S+Z)/.exec(description) ?? [];
        return [revision, status, Date.parse(from) - T0, Date.parse(to) - T0];
      });
    const start = -2 * MINUTE;
    expect(ends()).toEqual([
      [0, 'firing', start, 10 * MINUTE],
      [1, 'firing', start, HOUR],
      [2, 'firing', start, 2 * HOUR],
    ]);
    const { ledger } = (await bench.deps.store.ruleState('default', stream.id)) ?? {};
    expect(ledger?.filter(({ outcome }) => outcome === 'gap')).toHaveLength(1);
    isDown = false;
    await bench.turn(stream);
    expect(ends()).toHaveLength(3);
    await bench.clock.advance(10 * MINUTE);
    for (let turns = 0; turns < 8; turns += 1) await bench.turn(stream, 'backlog');
    expect(ends().at(3)).toEqual([3, 'firing', start, 160 * MINUTE]);
    expect(ends().at(-1)).toEqual([4, 'resolved', start, 160 * MINUTE]);
    expect(new Set(gaps().map(({ id }) => id)).size).toBe(1);
  });
});
