import { describe, expect, it } from '@jest/globals';
import type { Alert } from '../../../src/alerts/alert.ts';
import { createSilenceReader } from '../../../src/run/silences/read-silences.ts';
import { sumUp, sumUpRemoved } from '../../../src/run/silences/sum-up.ts';
import { tellHealth } from '../../../src/run/tell-health.ts';
import type { SilenceRecord } from '../../../src/state/silence-store.ts';
import { maintenance, silence } from '../../alerts/silence-samples.ts';
import { makeRule } from '../make-rule.ts';
import type { PlantedRow } from '../planted-source.ts';
import { EVENT, HOUR, MINUTE, T0 } from '../story.ts';
import { planted, setUp } from '../turn-bench.ts';

const rule = makeRule({ id: 'a-rule', severity: 'high' }, { identity: EVENT });

function open(rows: PlantedRow[], silences: ReturnType<Parameters<typeof createSilenceReader>[0]> = []) {
  const stage = setUp(rows);
  const deps = stage.bench.deps as { silences?: ReturnType<typeof createSilenceReader> };
  deps.silences = createSilenceReader(() => silences, stage.bench.store);
  const look = () => sumUp('default', stage.bench.clock.now(), stage.bench.deps);
  return { ...stage, look, summaries: () => stage.health().filter(isSummary) };
}

function isSummary({ health }: Alert): boolean {
  return health?.code === 'silence-ended' || health?.code === 'maintenance-ended';
}

/** Three events, one each 10 minutes, of which the run of T0 finds all. */
const events = () => [planted(1, T0 - 32 * MINUTE), planted(2, T0 - 22 * MINUTE), planted(3, T0 - 12 * MINUTE)];
const told = (alerts: readonly Alert[]) => alerts.map(({ evidence }) => evidence[0]?.ReportId).sort();
const added = (over: Partial<SilenceRecord> = {}) => ({
  ...{ id: 's-1', match: ['rule="a-rule"'], owner: 'anna', reason: 'patching', starts: null, ends: T0 - 20 * MINUTE },
  addedAt: T0 - HOUR,
  ...over,
});

describe('what silences hid in a tenant that was removed', () => {
  it('is summed up at the next start, once, though they go on', async () => {
    const { bench, summaries } = open(events());
    await bench.store.addSilence(added({ ends: T0 + 24 * HOUR }));
    await bench.turn(rule);
    await sumUpRemoved(['default'], T0, bench.deps);
    expect(summaries()).toEqual([]);
    await sumUpRemoved(['other'], T0, bench.deps);
    await sumUpRemoved(['other'], T0 + HOUR, bench.deps);
    expect(summaries()).toMatchObject([
      { tenant: 'default', health: { code: 'silence-ended' }, details: { hidden: 3 } },
    ]);
  });
});

describe('silences in runs', () => {
  it('that are added beside the process hold at its next decision', async () => {
    const { bench, detections } = open(events());
    await bench.store.addSilence(added());
    await bench.turn(rule);
    expect(told(detections())).toEqual([3]);
    expect(bench.commits[0]?.run.suppressed).toMatchObject({ silenced: 2, maintenance: 0 });
    expect(bench.commits[0]?.run.reasons).toEqual({ silenced: 2, new: 1 });
    await bench.clock.advance(HOUR);
    await bench.turn(rule);
    expect(told(detections())).toEqual([3]);
  });

  it('that were taken back hold for nothing any more', async () => {
    const { bench, detections } = open(events());
    await bench.store.addSilence(added({ ends: T0 + HOUR }));
    expect(await bench.store.expireSilences(['s-1', 'other'], T0)).toMatchObject([{ id: 's-1', ends: T0 }]);
    expect(await bench.store.expireSilences(['s-1'], T0)).toEqual([]);
    await bench.turn(rule);
    expect(told(detections())).toEqual([1, 2, 3]);
  });

  it('and maintenance count under their own reasons', async () => {
    const windows = [maintenance('patch', 'rule="a-rule"', T0 - 25 * MINUTE, T0)];
    const { bench, detections } = open(events(), windows);
    await bench.turn(rule);
    expect(told(detections())).toEqual([1]);
    expect(bench.commits[0]?.run.suppressed).toMatchObject({ silenced: 0, maintenance: 2 });
  });
});

describe('what was hidden', () => {
  it('is summed up once when it ends, and not before', async () => {
    const { bench, look, summaries } = open(events(), [silence('s', 'rule="a-rule"', null, T0 + HOUR)]);
    await bench.turn(rule);
    await look();
    expect(summaries()).toEqual([]);
    await bench.clock.advance(HOUR);
    await look();
    await look();
    expect(summaries()).toMatchObject([
      {
        ...{ kind: 'health', status: 'firing', revision: 0, severity: 'low', tenant: 'default' },
        ...{ title: 'Silence has ended: s: 3 hits were hidden', health: { code: 'silence-ended', subject: 's' } },
        ...{ details: { hidden: 3, highestSeverity: 'high', rules: 'a-rule 3 high' } },
        ...{ firstSeen: '2026-01-10T11:27:00Z', lastSeen: '2026-01-10T11:47:00Z' },
      },
    ]);
    expect(await bench.store.targetCounts()).toMatchObject([{ target: 'soar', pending: 1 }]);
  });

  it('is told at once where the silence is taken back', async () => {
    const { bench, look, summaries } = open(events());
    await bench.store.addSilence(added({ ends: T0 + HOUR }));
    await bench.turn(rule);
    await bench.store.expireSilences(['s-1'], T0);
    await look();
    expect(summaries()).toMatchObject([{ details: { hidden: 3 } }]);
  });

  it('is nothing where nothing was hidden', async () => {
    const { bench, look, summaries } = open(events(), [silence('s', 'rule="other"', null, T0)]);
    await bench.turn(rule);
    await bench.clock.advance(HOUR);
    await look();
    expect(summaries()).toEqual([]);
  });

  it('and comes late is a further revision, an hour after the last at the soonest', async () => {
    const rows = events();
    const { bench, look, summaries } = open(rows, [silence('s', 'rule="a-rule"', null, T0)]);
    await bench.turn(rule);
    await look();
    rows.push(planted(4, T0 + 10 * MINUTE, { at: T0 - MINUTE }));
    await bench.clock.advance(30 * MINUTE);
    await bench.turn(rule);
    await look();
    expect(summaries()).toHaveLength(1);
    await bench.clock.advance(30 * MINUTE);
    await look();
    expect(summaries().map(({ id, revision, details }) => [id, revision, details.hidden])).toEqual([
      [summaries()[0]?.id, 0, 3],
      [summaries()[0]?.id, 1, 4],
    ]);
  });

  it('is summed up by span: each of maintenance by itself', async () => {
    const twice = [
      maintenance('patch', 'rule="a-rule"', T0 - 40 * MINUTE, T0 - 30 * MINUTE),
      maintenance('patch', 'rule="a-rule"', T0 - 20 * MINUTE, T0 - 10 * MINUTE),
    ];
    const { bench, look, summaries } = open(events(), twice);
    await bench.turn(rule);
    await look();
    expect(summaries().map(({ details }) => details.hidden)).toEqual([1, 1]);
    expect(new Set(summaries().map(({ id }) => id)).size).toBe(2);
  });
});

describe('health alerts', () => {
  const about = {
    code: 'clock-unknown',
    subject: 'default',
    message: 'Nobody knows.',
    again: false,
    rule: null,
  } as const;
  const hush = [silence('s', 'kind="health"', null, T0 + HOUR)];
  const tell = (stage: ReturnType<typeof open>, firing: boolean) =>
    tellHealth(stage.bench.tenant, [{ ...about, firing }], stage.bench.deps);
  const pending = async ({ bench }: ReturnType<typeof open>) => (await bench.store.targetCounts())[0]?.pending ?? 0;

  it('that a silence hides are not sent, nor is their end', async () => {
    const stage = open([], hush);
    await tell(stage, true);
    await tell(stage, false);
    expect([await pending(stage), await stage.bench.store.openHealth()]).toEqual([0, []]);
    await stage.bench.clock.advance(HOUR);
    await stage.look();
    expect([await pending(stage), stage.summaries().map(({ details }) => details.hidden)]).toEqual([1, [1]]);
  });

  it('are told at the end of the silence where they still hold, with their resolve', async () => {
    const stage = open([], hush);
    await tell(stage, true);
    await stage.bench.clock.advance(HOUR);
    await stage.look();
    // The summary and the condition.
    expect(await pending(stage)).toBe(2);
    await tell(stage, false);
    expect(await pending(stage)).toBe(3);
    expect(stage.health().at(-1)).toMatchObject({ status: 'resolved', revision: 1 });
  });

  it('that were told before are resolved whatever is silent', async () => {
    const stage = open([]);
    await tell(stage, true);
    await stage.bench.store.addSilence(added({ match: ['kind="health"'], ends: T0 + HOUR }));
    await tell(stage, false);
    expect(await pending(stage)).toBe(2);
  });
});
