import { describe, expect, it } from '@jest/globals';
import { HuntwireError } from '../../../src/lib/errors.ts';
import { sweepTimetable } from '../../../src/run/sweep/sweep-view.ts';
import { daemon } from '../daemon-bench.ts';
import { makeRule } from '../make-rule.ts';
import { DAY, HOUR, MINUTE, T0 } from '../story.ts';

const SCHEDULE = { kind: 'every', everyMs: 6 * HOUR, lookbackMs: null } as const;
const RULE = makeRule({ id: 'stream', schedule: SCHEDULE, lookbackMs: 6 * HOUR });
const FIRST = (sweepTimetable(RULE.id).next(T0) ?? 0) - T0;

const isSweep = (query: string) => query.includes('< ingestion_time() - ');

async function sweepsOf(world: Awaited<ReturnType<typeof daemon>>, ms: number) {
  await world.clock.advance(ms);
  await world.end();
  return world.bench.commits.filter(({ run }) => run.lane === 'sweep');
}

describe('runSchedule', () => {
  it('sweeps once a day, at the time of the rule, from its first run on', async () => {
    const sweeps = await sweepsOf(await daemon({ rules: [RULE] }), 3 * DAY);
    expect(sweeps.map(({ run }) => run.startedAt - T0)).toEqual([FIRST, FIRST + DAY, FIRST + 2 * DAY]);
    expect(sweeps.map(({ run }) => run.logicalTime)).toEqual(
      [FIRST, FIRST + DAY, FIRST + 2 * DAY].map((at) => T0 + at - 2 * MINUTE),
    );
  });

  it('makes up at its start for a sweep that was missed, and not for one that was not', async () => {
    const first = await daemon({ rules: [RULE] });
    await sweepsOf(first, FIRST + HOUR);
    const { commits } = first.bench;
    const again = await daemon({ rules: [RULE], commits, start: T0 + FIRST + 2 * HOUR });
    expect(await sweepsOf(again, HOUR)).toEqual([]);
    const start = T0 + FIRST + 30 * HOUR;
    const [sweep, ...more] = await sweepsOf(await daemon({ rules: [RULE], commits, start }), HOUR);
    expect([sweep?.run.startedAt, more]).toEqual([start, []]);
  });

  it('tries one that failed again in an hour, and a rule that is blocked on the next day', async () => {
    const failing = (code: 'SOURCE_SERVER' | 'SOURCE_TABLE_MISSING', own: (query: string) => boolean) =>
      daemon({
        rules: [RULE],
        query: async (request, sink) => {
          if (own(request.query)) throw new HuntwireError(code, 'no');
          sink.schema([{ name: 'Timestamp', type: 'datetime' }]);
          return { rows: 0, truncated: false, bytes: 0, elapsedMs: 1, serviceTime: null };
        },
      });
    const failed = await sweepsOf(await failing('SOURCE_SERVER', isSweep), FIRST + 2 * HOUR + MINUTE);
    expect(failed.map(({ run }) => run.startedAt - T0 - FIRST)).toEqual([0, HOUR, 2 * HOUR]);
    const blocked = await sweepsOf(await failing('SOURCE_TABLE_MISSING', () => true), FIRST + 3 * HOUR);
    expect(blocked.length).toBeLessThanOrEqual(1);
  });

  it('goes on with newer arrivals where the source has forgotten those of a sweep that failed', async () => {
    let isDown = true;
    const world = await daemon({
      rules: [RULE],
      retentionMs: 36 * HOUR,
      query: async ({ query }, sink) => {
        if (isDown && isSweep(query)) throw new HuntwireError('SOURCE_NETWORK', 'no route');
        sink.schema([{ name: 'Timestamp', type: 'datetime' }]);
        return { rows: 0, truncated: false, bytes: 0, elapsedMs: 1, serviceTime: null };
      },
    });
    await world.clock.advance(FIRST + 20 * HOUR);
    isDown = false;
    const sweep = (await sweepsOf(world, 5 * HOUR)).at(-1);
    expect(sweep?.run).toMatchObject({ outcome: 'ok', logicalTime: T0 + FIRST + DAY - 2 * MINUTE });
    expect(sweep?.rule.late?.ledger.map(({ outcome }) => outcome)).toEqual(['gap']);
  });

  it('does not wait for a time that a clock which was ahead has planned', async () => {
    const world = await daemon({ rules: [RULE] });
    const { serviceClock } = world.bench.tenant;
    serviceClock.set(T0 + 40 * DAY);
    await world.clock.advance(MINUTE);
    serviceClock.set(world.clock.now());
    const sweeps = await sweepsOf(world, 2 * DAY);
    expect(sweeps.filter(({ run }) => run.logicalTime < T0 + 3 * DAY).length).toBeGreaterThanOrEqual(1);
  });
});
