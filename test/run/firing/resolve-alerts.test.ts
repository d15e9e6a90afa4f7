import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Alert, messageId } from '../../../src/alerts/alert.ts';
import { validateAlert } from '../../../src/alerts/map/validate-alert.ts';
import type { AlertSpec } from '../../../src/rules/rule.ts';
import { resolveGone } from '../../../src/run/resolve-gone.ts';
import { tries } from '../../tries.ts';
import { makeRule } from '../make-rule.ts';
import { HOUR } from '../story.ts';
import { type HourStep, hourlyGroups, openHours } from './hours.ts';

async function play(alert: Partial<AlertSpec>, steps: readonly HourStep[]) {
  const hours = openHours();
  for (const step of steps) await hours.hour(hourlyGroups(alert), step);
  return hours;
}

describe('an alert of a group whose condition is gone', () => {
  it('is resolved by the first complete run without it where nothing is to be waited for', async () => {
    const { told, detections, bench } = await play({ resolveAfterMs: 0 }, ['firing', 'empty', 'empty']);
    expect(told()).toEqual(['0 firing 0', '0 resolved 1']);
    const [firing, resolved] = detections();
    expect(resolved).toMatchObject({
      title: 'Resolved: Rule',
      entities: firing?.entities,
      evidence: firing?.evidence,
      dedupKey: firing?.dedupKey,
      change: { kind: 'gone' },
    });
    expect(() => validateAlert(resolved as Alert)).not.toThrow();
    const messages = bench.commits.flatMap((commit) => commit.messages);
    expect(messages.map((one) => [one.messageId, one.target, one.orderKey])).toEqual([
      [firing?.id, 'soar', firing?.dedupKey],
      [`${firing?.id}-1`, 'soar', firing?.dedupKey],
    ]);
  });

  it('waits for resolveAfter from the first run without it, by L', async () => {
    const { told } = await play({ resolveAfterMs: 2 * HOUR }, ['firing', 'empty', 'empty']);
    expect(told()).toEqual(['0 firing 0']);
    const later = await play({ resolveAfterMs: 2 * HOUR }, ['firing', 'empty', 'empty', 'empty']);
    expect(later.told()).toEqual(['0 firing 0', '0 resolved 1']);
  });

  it('because an exception takes its rows out now, says how many', async () => {
    const hours = openHours();
    await hours.hour(hourlyGroups({ resolveAfterMs: 0 }), 'firing');
    const forGood = { reason: 'r', owner: 'o', expires: Number.MAX_SAFE_INTEGER };
    const exceptions = [{ where: { DeviceName: ['pc1'] }, ...forGood }];
    for (const step of ['grown', 'firing'] as const)
      await hours.hour(hourlyGroups({ resolveAfterMs: 0 }, { exceptions }), step);
    expect(hours.told()).toEqual(['0 firing 0', '0 resolved 1']);
    expect(hours.detections()[1]).toMatchObject({ suppressedCount: 3, suppressed: { excepted: 3 } });
    expect(hours.bench.commits[1]?.quiet).toMatchObject([{ held: {} }]);
  });

  it('is not gone where it came back in between', async () => {
    const steps = ['firing', 'empty', 'firing', 'empty', 'empty'] as const;
    const { told } = await play({ resolveAfterMs: HOUR, suppressMs: 8 * HOUR }, steps);
    expect(told()).toEqual(['0 firing 0', '0 resolved 1']);
  });

  it.each(['failed', 'truncated', 'missed', 'killed'] as const)('is not resolved by a run that is %s', async (step) => {
    const { told, hour } = await play({ resolveAfterMs: 0 }, ['firing', step, step, step]);
    expect(told()).toEqual(['0 firing 0']);
    await hour(hourlyGroups({ resolveAfterMs: 0 }), 'empty');
    expect(told()).toEqual(['0 firing 0', '0 resolved 1']);
  });

  it('ends with its quiet time and its lookback where the rule does not say', async () => {
    const { told } = await play({}, ['firing', 'empty']);
    expect(told()).toEqual(['0 firing 0']);
    expect((await play({}, ['firing', 'empty', 'empty'])).told()).toEqual(['0 firing 0', '0 resolved 1']);
    const quiet = await play({ suppressMs: 3 * HOUR }, ['firing', 'empty', 'empty', 'empty']);
    expect(quiet.told()).toEqual(['0 firing 0']);
  });

  it('is never resolved where the rule says so, or was written for another product', async () => {
    const steps = ['firing', 'empty', 'empty', 'empty'] as const;
    expect((await play({ resolveAfterMs: 'never' }, steps)).told()).toEqual(['0 firing 0']);
    const hours = openHours();
    const imported = hourlyGroups({}, { origin: { format: 'sentinel', data: {} } });
    for (const step of steps) await hours.hour(imported, step);
    expect(hours.told()).toEqual(['0 firing 0']);
  });

  it('is resolved with each alert of it that was told', async () => {
    const { told } = await play({ resolveAfterMs: 0 }, ['firing', 'firing', 'empty']);
    expect(told()).toEqual(['0 firing 0', '1 firing 0', '0 resolved 1', '1 resolved 1']);
  });

  it('is resolved alone: other groups go on', async () => {
    const hours = openHours();
    const rule = hourlyGroups({ resolveAfterMs: 0, suppressMs: 9 * HOUR });
    await hours.hour(rule, 'firing', { devices: ['pc1', 'pc2'] });
    await hours.hour(rule, 'firing', { devices: ['pc2'] });
    const resolved = hours.detections().filter(({ status }) => status === 'resolved');
    expect(resolved.map(({ evidence }) => evidence[0]?.DeviceId)).toEqual(['pc1']);
  });

  it('is told to no more than the limit at once, the rest by the next run', async () => {
    const hours = openHours();
    const rule = hourlyGroups({ resolveAfterMs: 0 });
    await hours.hour(rule, 'firing', { devices: ['pc1', 'pc2', 'pc3'] });
    await hours.hour(hourlyGroups({ resolveAfterMs: 0, limit: 2 }), 'empty');
    expect(hours.detections().filter(({ status }) => status === 'resolved')).toHaveLength(2);
    await hours.hour(hourlyGroups({ resolveAfterMs: 0, limit: 2 }), 'empty');
    expect(hours.detections().filter(({ status }) => status === 'resolved')).toHaveLength(3);
  });
});

describe('an alert of a run', () => {
  it('is resolved when the threshold is not passed any more, in a stream, too', async () => {
    for (const effectiveShape of ['set', 'stream'] as const) {
      const hours = openHours();
      const threshold = { measure: 'rows', column: null, operator: '>=', value: 2, groupBy: [] } as const;
      const rule = hourlyGroups({ per: 'run', resolveAfterMs: 0 }, { threshold, effectiveShape });
      for (const step of ['firing', 'empty', 'empty'] as const) await hours.hour(rule, step);
      expect(hours.told()).toEqual(['0 firing 0', '0 resolved 1']);
    }
  });

  it('that there is where nothing comes is resolved when something does', async () => {
    const hours = openHours();
    const threshold = { measure: 'rows', column: null, operator: '==', value: 0, groupBy: [] } as const;
    const rule = hourlyGroups({ per: 'run', resolveAfterMs: 0 }, { threshold });
    for (const step of ['empty', 'firing'] as const) await hours.hour(rule, step);
    expect(hours.told()).toEqual(['0 firing 0', '0 resolved 1']);
  });
});

describe('an alert of a row', () => {
  it('of a stream is something that happened, and has no end', async () => {
    const hours = openHours();
    const rule = makeRule({ alert: { ...makeRule().alert, resolveAfterMs: 0 } });
    for (const step of ['firing', 'empty', 'empty'] as const) await hours.hour(rule, step);
    expect(hours.detections().map(({ status }) => status)).toEqual(['firing', 'firing']);
  });

  it('of a set is resolved only where the rule says when', async () => {
    for (const [resolveAfterMs, count] of [
      [undefined, 2],
      [0, 4],
    ] as const) {
      const hours = openHours();
      const rule = hourlyGroups(
        { per: 'row', ...(resolveAfterMs !== undefined && { resolveAfterMs }) },
        { threshold: makeRule().threshold },
      );
      for (const step of ['firing', 'empty', 'empty', 'empty'] as const) await hours.hour(rule, step);
      expect(hours.detections()).toHaveLength(count);
    }
  });
});

describe('an alert of a rule that nobody runs any more', () => {
  it.each([
    ['deleted', [], 'The rule rule is no longer there: it was deleted or renamed.'],
    ['disabled', [hourlyGroups({}, { status: 'disabled' })], 'The rule rule is disabled.'],
    [
      'put to the test',
      [hourlyGroups({}, { status: 'testing' })],
      'The rule rule is in testing, where it tells nothing.',
    ],
  ])('because it was %s is resolved with that reason, once', async (_, rules, reason) => {
    const { told, detections, bench } = await play({}, ['firing']);
    await resolveGone([{ name: 'default', rules }], bench.deps);
    await resolveGone([{ name: 'default', rules }], bench.deps);
    expect(told()).toEqual(['0 firing 0', '0 resolved 1']);
    expect(detections()[1]?.change).toMatchObject({ kind: 'abandoned', reason });
    expect(await bench.store.allFiring()).toEqual([]);
  });

  it('is not told to targets that are gone', async () => {
    const { bench } = await play({}, ['firing']);
    await resolveGone([], { ...bench.deps, targetNames: new Set(['siem']) });
    const waiting = await bench.store.pending('soar', {
      now: bench.clock.now(),
      limit: 9,
      except: new Set(),
      ignoreBackoff: true,
    });
    expect(waiting.map(({ alert }) => alert.revision)).toEqual([0]);
    expect(await bench.store.allFiring()).toEqual([]);
  });

  it('stays as it is where the rule is there', async () => {
    const { told, bench } = await play({}, ['firing']);
    await resolveGone([{ name: 'default', rules: [hourlyGroups()] }], bench.deps);
    expect(told()).toEqual(['0 firing 0']);
  });
});

const STEPS: readonly HourStep[] = ['firing', 'grown', 'empty', 'truncated', 'failed', 'missed', 'killed'];

describe('whatever happens', () => {
  it('each alert that fires is resolved exactly once, in order, and a receiver that drops repeats knows how it stands', async () => {
    const stories = fc.record({
      steps: fc.array(fc.constantFrom(...STEPS), { maxLength: 12 }),
      resolveAfterMs: fc.constantFrom(0, HOUR, 3 * HOUR),
      suppressMs: fc.constantFrom(0, 2 * HOUR),
      catchUp: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(stories, async ({ steps, resolveAfterMs, suppressMs, catchUp }) => {
        const hours = openHours();
        const rule = hourlyGroups({ resolveAfterMs, suppressMs });
        for (const step of steps) await hours.hour(rule, step, { catchUp });
        for (let calm = 0; calm < 6; calm += 1) await hours.hour(rule, 'empty', { catchUp: true });
        const received = new Map<string, Alert>();
        const revisions = new Map<string, number>();
        for (const alert of hours.detections()) {
          expect(received.has(messageId(alert))).toBe(false);
          received.set(messageId(alert), alert);
          expect(alert.revision).toBe((revisions.get(alert.id) ?? -1) + 1);
          expect(alert.status).toBe(alert.revision === 0 ? 'firing' : 'resolved');
          revisions.set(alert.id, alert.revision);
        }
        expect([...new Set(revisions.values())]).toEqual(revisions.size > 0 ? [1] : []);
        for (const { alerts, run } of hours.bench.commits)
          if (alerts.some(({ kind, status }) => kind === 'detection' && status === 'resolved'))
            expect([run.outcome, run.truncated]).toEqual(['ok', false]);
        expect(await hours.bench.store.allFiring()).toEqual([]);
      }),
      { numRuns: tries(15, 60) },
    );
  });
});
