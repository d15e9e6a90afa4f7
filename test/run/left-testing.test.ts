import { describe, expect, it } from '@jest/globals';
import type { RunnableRule } from '../../src/rules/rule.ts';
import { makeRule } from './make-rule.ts';
import { EVENT, HOUR, MINUTE, T0 } from './story.ts';
import { planted, setUp } from './turn-bench.ts';

const rule = (status: RunnableRule['status']) =>
  makeRule(
    { status, alert: { ...makeRule().alert, suppressMs: 24 * HOUR, dedupColumns: ['DeviceId'] } },
    { identity: EVENT },
  );

/** A hit of one device an hour; which of them are told by a rule with these statuses, one an hour. */
async function toldWith(...statuses: RunnableRule['status'][]): Promise<readonly unknown[]> {
  const rows = statuses.map((_, hour) => planted(hour, T0 + hour * HOUR - 30 * MINUTE));
  const { bench, detections } = setUp(rows);
  for (const status of statuses) {
    await bench.turn(rule(status));
    await bench.clock.advance(HOUR);
  }
  return detections().map(({ evidence }) => evidence[0]?.ReportId);
}

describe('a quiet time', () => {
  it('is over where the rule was in testing since', async () => {
    expect(await toldWith('enabled', 'testing', 'enabled', 'enabled')).toEqual([0, 2]);
  });

  it('goes on where it was not', async () => {
    expect(await toldWith('enabled', 'enabled', 'enabled')).toEqual([0]);
  });
});
