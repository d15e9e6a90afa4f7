import { describe, expect, it } from '@jest/globals';
import type { AlertSpec, RunnableRule } from '../../../src/rules/rule.ts';
import type { Row } from '../../../src/sources/source.ts';
import { openBench } from '../bench.ts';
import { makeRule } from '../make-rule.ts';
import { plantedSource } from '../planted-source.ts';
import { HOUR, T0 } from '../story.ts';

function devicesWithout(alert: Partial<AlertSpec>, over: Partial<RunnableRule> = {}): RunnableRule {
  return makeRule(
    {
      effectiveShape: 'snapshot',
      lookbackMs: 0,
      window: { basis: 'none', tables: {}, keepFilters: 'never' },
      ...over,
      alert: { ...makeRule().alert, dedupColumns: ['DeviceId'], ...alert },
    },
    { shape: 'snapshot', basis: 'none', identity: { kind: 'columns', columns: ['DeviceId'] } },
  );
}

/** `1` is an hour whose snapshot holds the device, `0` one without it. */
async function play(hours: string, rule: RunnableRule, isTested = (_hour: number) => false) {
  let rows: readonly Row[] = [];
  const bench = openBench({
    start: T0,
    source: (clock) =>
      plantedSource({
        columns: [{ name: 'DeviceId', type: 'string' }],
        rows: () => [],
        answer: () => rows,
        now: clock.now,
      }),
  });
  for (const [at, hour] of [...hours].entries()) {
    rows = hour === '1' ? [{ DeviceId: 'pc1' }] : [];
    await bench.clock.advance(HOUR);
    await bench.turn({ ...rule, status: isTested(at) ? 'testing' : 'enabled' });
  }
  const ids = [...new Set(bench.told.map(({ id }) => id))];
  return {
    told: bench.told.map(({ id, status }) => `${ids.indexOf(id)} ${status}`),
    suppressed: bench.commits.map(({ run }) => run.suppressed),
  };
}

describe('what a snapshot finds again', () => {
  it('after its end was told is a new alert', async () => {
    const { told } = await play('1101100', devicesWithout({ resolveAfterMs: 0 }));
    expect(told).toEqual(['0 firing', '0 resolved', '1 firing', '1 resolved']);
  });

  it('is the same while its end was not told, and where nobody tells ends', async () => {
    expect((await play('1011', devicesWithout({ resolveAfterMs: 2 * HOUR }))).told).toEqual(['0 firing']);
    expect((await play('1000001', devicesWithout({}))).told).toEqual(['0 firing']);
  });

  it('within the quiet time is counted, and told when that is over', async () => {
    const { told, suppressed } = await play('101111', devicesWithout({ resolveAfterMs: 0, suppressMs: 4 * HOUR }));
    expect(told).toEqual(['0 firing', '0 resolved', '1 firing']);
    expect(suppressed.map(({ quiet, duplicate }) => [quiet, duplicate])).toEqual([
      [0, 0],
      [0, 0],
      [1, 0],
      [1, 0],
      [0, 0],
      [0, 1],
    ]);
  });

  it('while it is tested is known, and not told when it is enabled', async () => {
    const { told } = await play('10111', devicesWithout({ resolveAfterMs: 0 }), (hour) => hour === 2);
    expect(told).toEqual(['0 firing', '0 resolved']);
  });
});
