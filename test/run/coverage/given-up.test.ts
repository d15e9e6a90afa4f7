import { describe, expect, it } from '@jest/globals';
import { HuntwireError } from '../../../src/lib/errors.ts';
import { daemon } from '../daemon-bench.ts';
import { makeRule } from '../make-rule.ts';
import { DAY, EVENT, HOUR, T0 } from '../story.ts';
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
});
