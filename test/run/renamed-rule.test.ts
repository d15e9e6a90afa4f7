import { describe, expect, it } from '@jest/globals';
import type { RunnableRule } from '../../src/rules/rule.ts';
import { resolveGone } from '../../src/run/resolve-gone.ts';
import { timetableOf } from '../../src/run/schedule.ts';
import { makeRule } from './make-rule.ts';
import { DAY, EVENT, HOUR, MINUTE, T0 } from './story.ts';
import { planted, setUp } from './turn-bench.ts';

const rule = (over: Partial<RunnableRule> = {}) => makeRule({ id: 'old', ...over }, { identity: EVENT });
const renamed = rule({ id: 'new', previousIds: ['oldest', 'old'] });

describe('a renamed rule', () => {
  it('goes on with the coverage and the keys that it had, and tells nothing twice', async () => {
    const { bench, detections } = setUp([planted(1, T0 - 20 * MINUTE), planted(2, T0 + 20 * MINUTE)]);
    await bench.turn(rule());
    await bench.clock.advance(HOUR);
    await resolveGone([{ name: 'default', rules: [renamed] }], bench.deps);
    expect(await bench.store.ruleState('default', 'old')).toBeNull();
    await bench.turn(renamed);
    expect(detections().flatMap(({ evidence }) => evidence.map(({ ReportId }) => ReportId))).toEqual([1, 2]);
    expect(bench.commits.at(-1)?.rule.ledger).toEqual([]);
  });

  it('has alert ids and times of its oldest id, whatever its state', async () => {
    const world = setUp([planted(1, T0 - 20 * MINUTE)]);
    await world.bench.turn(rule({ id: 'oldest' }));
    const again = setUp([planted(1, T0 - 20 * MINUTE)]);
    await again.bench.turn(renamed);
    expect(again.detections().map(({ id }) => id)).toEqual(world.detections().map(({ id }) => id));
    expect(again.detections().map(({ rule: { id } }) => id)).toEqual(['new']);
    expect(timetableOf(renamed).next(T0)).toBe(timetableOf(rule({ id: 'oldest' })).next(T0));
    expect(timetableOf(renamed).next(T0)).not.toBe(timetableOf(rule({ id: 'new' })).next(T0));
  });

  it('takes the latest former id that has a state', async () => {
    const { bench } = setUp([]);
    await bench.turn(rule({ id: 'oldest' }));
    await bench.clock.advance(HOUR);
    await bench.turn(rule());
    const { frontier = null } = (await bench.store.ruleState('default', 'old')) ?? {};
    await resolveGone([{ name: 'default', rules: [renamed] }], bench.deps);
    expect((await bench.store.ruleState('default', 'new'))?.frontier).toBe(frontier);
    expect(await bench.store.ruleState('default', 'oldest')).not.toBeNull();
  });

  it('leaves a state of its own, a former id that is in use, and other tenants alone', async () => {
    const { bench } = setUp([]);
    await bench.turn(rule());
    const kept = await bench.store.ruleState('default', 'old');
    await resolveGone([{ name: 'other', rules: [renamed] }], bench.deps);
    await resolveGone([{ name: 'default', rules: [renamed, rule({ status: 'disabled' })] }], bench.deps);
    expect(await bench.store.ruleState('default', 'old')).toEqual(kept);
    await bench.clock.advance(DAY);
    await bench.turn(renamed);
    const own = await bench.store.ruleState('default', 'new');
    await resolveGone([{ name: 'default', rules: [renamed] }], bench.deps);
    expect(await bench.store.ruleState('default', 'new')).toEqual(own);
  });

  it('keeps alerts that fire open, and ends them under their ids', async () => {
    const group = (over: Partial<RunnableRule>) =>
      makeRule({
        threshold: { measure: 'rows', column: null, operator: '>', value: 0, groupBy: ['DeviceId'] },
        alert: { ...rule().alert, per: 'group', resolveAfterMs: 0 },
        ...over,
      });
    const { bench, detections } = setUp([planted(1, T0 - 20 * MINUTE)]);
    await bench.turn(group({ id: 'old' }));
    await bench.clock.advance(2 * HOUR);
    const next = group({ id: 'new', previousIds: ['old'] });
    await resolveGone([{ name: 'default', rules: [next] }], bench.deps);
    await bench.turn(next);
    const [first, second] = detections();
    expect([second?.id, second?.status, second?.revision]).toEqual([first?.id, 'resolved', 1]);
  });
});
