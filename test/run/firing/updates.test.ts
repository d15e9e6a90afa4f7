import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Alert, messageId } from '../../../src/alerts/alert.ts';
import { validateAlert } from '../../../src/alerts/map/validate-alert.ts';
import { parseMatcher } from '../../../src/alerts/matchers.ts';
import type { AlertSpec } from '../../../src/rules/rule.ts';
import { tries } from '../../tries.ts';
import { makeRule } from '../make-rule.ts';
import { HOUR, T0 } from '../story.ts';
import { type HourStep, hourlyGroups, openHours } from './hours.ts';

const REDACT = { columns: ['DeviceName', 'DeviceId'], how: 'hash' } as const;
const HOURLY = { everyMs: HOUR, when: 'grown' } as const;

async function play(alert: Partial<AlertSpec>, steps: readonly HourStep[]) {
  const hours = openHours();
  for (const step of steps) await hours.hour(hourlyGroups(alert), step);
  return hours;
}

describe('an alert that is firing, with updates', () => {
  it('takes in what is found again: one alert, a revision a run, and one end', async () => {
    const steps = ['firing', 'grown', 'firing', 'empty'] as const;
    const { told, detections, bench } = await play({ resolveAfterMs: 0, updates: HOURLY }, steps);
    expect(told()).toEqual(['0 firing 0', '0 firing 1', '0 firing 2', '0 resolved 3']);
    expect(detections().map(({ rowCount }) => rowCount)).toEqual([2, 3, 2, 2]);
    expect(detections()[1]?.change).toMatchObject({ kind: 'again', since: '2026-01-10T12:58:00Z' });
    for (const alert of detections()) expect(() => validateAlert(alert)).not.toThrow();
    const runs = bench.commits.map(({ run }) => [run.hits, run.toldHits, run.alerts]);
    expect(runs).toEqual([
      [1, 1, 1],
      [1, 1, 1],
      [1, 1, 1],
      [0, 0, 0],
    ]);
  });

  it('is one alert where what it is known by is redacted, too', async () => {
    const hours = openHours();
    const rule = { ...hourlyGroups({ resolveAfterMs: 0, updates: HOURLY }), redact: REDACT };
    for (const step of ['firing', 'grown', 'empty'] as const) await hours.hour(rule, step);
    expect(hours.told()).toEqual(['0 firing 0', '0 firing 1', '0 resolved 2']);
    expect(new Set(hours.detections().map(({ id, dedupKey }) => `${id} ${dedupKey}`)).size).toBe(1);
    expect(JSON.stringify(hours.detections())).not.toContain('"pc1"');
  });

  it('is told to have grown while it is quiet, with the count of what was held back since', async () => {
    const alert = { resolveAfterMs: 0, suppressMs: 24 * HOUR, updates: { everyMs: 2 * HOUR, when: 'grown' } } as const;
    const { told, detections } = await play(alert, [
      'firing',
      'firing',
      'firing',
      'firing',
      'firing',
      'firing',
      'empty',
    ]);
    expect(told()).toEqual(['0 firing 0', '0 firing 1', '0 firing 2', '0 resolved 3']);
    const updates = detections().map(({ change, suppressedCount }) => [change?.kind, suppressedCount]);
    expect(updates).toEqual([
      [undefined, 0],
      ['grown', 2],
      ['grown', 2],
      ['gone', 1],
    ]);
  });

  it('says nothing of growth where only the severity matters', async () => {
    const alert = { resolveAfterMs: 0, suppressMs: 24 * HOUR, updates: { everyMs: HOUR, when: 'severity' } } as const;
    const { told } = await play(alert, ['firing', 'grown', 'grown', 'empty']);
    expect(told()).toEqual(['0 firing 0', '0 resolved 1']);
  });

  it('is told at once that its severity has risen, and not that it fell', async () => {
    const alert = {
      resolveAfterMs: 0,
      suppressMs: 24 * HOUR,
      updates: { everyMs: 24 * HOUR, when: 'severity' },
    } as const;
    const hours = openHours();
    for (const severity of ['medium', 'medium', 'critical', 'high', 'critical'] as const)
      await hours.hour(hourlyGroups(alert, { severity }), 'firing');
    expect(hours.told()).toEqual(['0 firing 0', '0 firing 1']);
    expect(hours.detections()[1]).toMatchObject({
      severity: 'critical',
      change: {
        kind: 'severity',
        reason: expect.stringMatching(/^The severity has risen from medium to critical\. Rows/),
      },
    });
  });

  it('is told that its severity has risen where it is found again behind its quiet time, too', async () => {
    const hours = openHours();
    for (const severity of ['medium', 'medium', 'critical', 'high'] as const)
      await hours.hour(hourlyGroups({ resolveAfterMs: 0, updates: HOURLY }, { severity }), 'firing');
    const changes = hours.detections().map(({ severity, change }) => [severity, change?.kind]);
    expect(changes.slice(1)).toEqual([
      ['medium', 'again'],
      ['critical', 'severity'],
      ['high', 'again'],
    ]);
  });

  it('is told no more once somebody has taken it on, but its end, with the count of what was held back', async () => {
    const hours = openHours();
    const rule = hourlyGroups({ resolveAfterMs: 0, updates: HOURLY });
    await hours.hour(rule, 'firing');
    const [first] = hours.detections();
    await hours.bench.store.acknowledge(first?.id ?? '', { by: 'ann', at: T0, disposition: 'benign' });
    for (const step of ['grown', 'grown', 'firing', 'empty', 'firing'] as const) await hours.hour(rule, step);
    expect(hours.told()).toEqual(['0 firing 0', '0 resolved 1', '1 firing 0']);
    const [, end, next] = hours.detections();
    expect(end).toMatchObject({ suppressed: { quiet: 3 }, acknowledged: { by: 'ann', disposition: 'benign' } });
    expect(next?.acknowledged).toBeNull();
    expect(hours.bench.commits.map(({ run }) => [run.hits, run.suppressed.quiet])).toEqual([
      [1, 0],
      [1, 1],
      [1, 1],
      [1, 1],
      [0, 0],
      [1, 0],
    ]);
  });

  it('is told that its severity has risen though somebody has taken it on, and who has', async () => {
    const hours = openHours();
    const alert = { resolveAfterMs: 0, updates: HOURLY };
    await hours.hour(hourlyGroups(alert, { severity: 'medium' }), 'firing');
    await hours.bench.store.acknowledge(hours.detections()[0]?.id ?? '', { by: 'ann', at: T0 });
    for (const severity of ['medium', 'critical', 'critical'] as const)
      await hours.hour(hourlyGroups(alert, { severity }), 'grown');
    expect(hours.told()).toEqual(['0 firing 0', '0 firing 1']);
    expect(hours.detections()[1]).toMatchObject({
      severity: 'critical',
      change: { kind: 'severity' },
      acknowledged: { by: 'ann', at: new Date(T0).toISOString() },
    });
  });

  it('is another alert once the one before is resolved', async () => {
    const steps = ['firing', 'empty', 'firing', 'empty'] as const;
    const { told } = await play({ resolveAfterMs: 0, updates: HOURLY }, steps);
    expect(told()).toEqual(['0 firing 0', '0 resolved 1', '1 firing 0', '1 resolved 1']);
  });

  it('is not updated while it is silent', async () => {
    const parsed = parseMatcher('kind="detection"');
    if (parsed.kind !== 'matcher') throw new Error(parsed.message);
    const span = { since: T0 + 2 * HOUR, until: T0 + 3 * HOUR };
    const silence = {
      counts: 'silenced',
      id: 's',
      match: [parsed.matcher],
      owner: 'soc',
      reason: 'known',
      spanAt: (time: number) => (span.since <= time && time < span.until ? span : null),
    } as const;
    const hours = openHours({ silences: async () => [silence] });
    const rule = hourlyGroups({ resolveAfterMs: 0, suppressMs: 24 * HOUR, updates: HOURLY });
    for (const step of ['firing', 'firing', 'firing', 'firing'] as const) await hours.hour(rule, step);
    expect(hours.told()).toEqual(['0 firing 0', '0 firing 1', '0 firing 2']);
    await hours.hour(rule, 'empty');
    expect(hours.told().at(-1)).toBe('0 resolved 3');
  });

  it('goes to where it went before, and to where it would go as it is now', async () => {
    const hours = openHours({ waysOf: (_, { severity }) => [{ target: severity === 'critical' ? 'pager' : 'soar' }] });
    const alert = { resolveAfterMs: 0, updates: HOURLY } as const;
    for (const severity of ['medium', 'critical'] as const)
      await hours.hour(hourlyGroups(alert, { severity }), 'firing');
    await hours.hour(hourlyGroups(alert), 'empty');
    const messages = hours.bench.commits.flatMap((commit) => commit.messages);
    expect(messages.map(({ revision, target }) => `${revision} ${target}`)).toEqual([
      '0 soar',
      '1 soar',
      '1 pager',
      '2 soar',
      '2 pager',
    ]);
  });

  it('is followed by its true dedup key where that is not shown', async () => {
    const hours = openHours();
    const redact = { columns: ['DeviceId', 'DeviceName'], how: 'hash' } as const;
    const rule = hourlyGroups({ resolveAfterMs: 0, updates: HOURLY }, { redact });
    for (const step of ['firing', 'firing', 'empty'] as const) await hours.hour(rule, step);
    expect(hours.told()).toEqual(['0 firing 0', '0 firing 1', '0 resolved 2']);
    expect(JSON.stringify(hours.detections())).not.toContain('pc1"');
  });

  it('ends in the digest that it came in, and escalates no end', async () => {
    const escalation = { everyMs: HOUR, targets: ['pager'] };
    const way = { target: 'soar', digestMs: HOUR, escalation };
    const hours = openHours({ waysOf: () => [way] });
    const rule = hourlyGroups({ resolveAfterMs: 0, updates: HOURLY });
    for (const step of ['firing', 'firing', 'empty'] as const) await hours.hour(rule, step);
    const ways = hours.bench.commits.flatMap(({ messages }) =>
      messages.map((one) => [one.digestMs, 'escalation' in one]),
    );
    expect(ways).toEqual([
      [HOUR, true],
      [HOUR, true],
      [HOUR, false],
    ]);
  });

  it('escalates anew where its severity has risen, whoever has taken it on', async () => {
    const escalation = { everyMs: HOUR, targets: ['pager'] };
    const hours = openHours({ waysOf: () => [{ target: 'soar', escalation }] });
    const alert = { resolveAfterMs: 0, updates: HOURLY } as const;
    for (const severity of ['medium', 'medium'] as const) await hours.hour(hourlyGroups(alert, { severity }), 'firing');
    await hours.bench.store.acknowledge(hours.detections()[0]?.id ?? '', { by: 'ann', at: T0 });
    await hours.hour(hourlyGroups(alert, { severity: 'critical' }), 'firing');
    const messages = hours.bench.commits.flatMap((commit) => commit.messages);
    expect(messages.map((message) => message.escalation)).toEqual([
      escalation,
      escalation,
      { ...escalation, risen: 2 },
    ]);
  });

  it('of a row of a set is followed, too; a row of a stream is not', async () => {
    const steps = ['firing', 'firing', 'empty', 'empty', 'empty'] as const;
    const hours = openHours();
    const rule = makeRule({ alert: { ...makeRule().alert, updates: HOURLY } });
    for (const step of steps) await hours.hour(rule, step);
    expect(hours.detections().every(({ revision }) => revision === 0)).toBe(true);
  });
});

const STEPS: readonly HourStep[] = ['firing', 'grown', 'empty', 'truncated', 'failed', 'missed', 'killed'];

describe('whatever happens, with updates', () => {
  it('revisions rise by one, an end comes last and once, and no message comes sooner than every after another', async () => {
    const stories = fc.record({
      steps: fc.array(fc.constantFrom(...STEPS), { maxLength: 12 }),
      resolveAfterMs: fc.constantFrom(0, 2 * HOUR),
      suppressMs: fc.constantFrom(0, 3 * HOUR, 48 * HOUR),
      every: fc.constantFrom(1, 3),
      catchUp: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(stories, async ({ steps, resolveAfterMs, suppressMs, every, catchUp }) => {
        const hours = openHours();
        const updates = { everyMs: every * HOUR, when: 'grown' } as const;
        const rule = hourlyGroups({ resolveAfterMs, suppressMs, updates });
        for (const step of steps) await hours.hour(rule, step, { catchUp });
        for (let calm = 0; calm < 6; calm += 1) await hours.hour(rule, 'empty', { catchUp: true });
        const latest = new Map<string, Alert>();
        const ids = new Set<string>();
        for (const alert of hours.detections()) {
          const before = latest.get(alert.id);
          expect(before?.status ?? 'firing').toBe('firing');
          expect(alert.revision).toBe(before ? before.revision + 1 : 0);
          expect(ids.has(messageId(alert))).toBe(false);
          if (before && alert.change?.kind === 'grown')
            expect(Date.parse(alert.window?.to ?? '') - Date.parse(alert.change.since)).toBeGreaterThanOrEqual(
              every * HOUR,
            );
          ids.add(messageId(alert));
          latest.set(alert.id, alert);
        }
        expect([...latest.values()].every(({ status }) => status === 'resolved')).toBe(true);
        const held = hours.bench.commits.reduce(
          (sum, { run }) => sum + run.suppressed.quiet + run.suppressed.duplicate,
          0,
        );
        const counted = hours.detections().reduce((sum, { suppressedCount }) => sum + suppressedCount, 0);
        expect(counted).toBeLessThanOrEqual(held);
        expect(await hours.bench.store.allFiring()).toEqual([]);
      }),
      { numRuns: tries(15, 60) },
    );
  });
});
