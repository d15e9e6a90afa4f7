import { collectReport } from '../../../src/cli/report/collect-report.ts';
import type { ReportDocument } from '../../../src/cli/report/report-document.ts';
import { createManualClock } from '../../../src/lib/clock.ts';
import { openMemoryStore } from '../../../src/state/sqlite-store.ts';
import { makeRule } from '../../run/make-rule.ts';
import { SAMPLE_STATE, sampleAlert, sampleCommit, sampleMessage, sampleRun } from '../../state/samples.ts';

const HOUR = 3_600_000;
export const TO = Date.parse('2026-11-27T10:00:00Z');
export const FROM = TO - 48 * HOUR;
/** What an attacker may call a thing. */
export const HOSTILE = '</script><img src=x onerror=alert(1)>\u202e"\'';

/** Two rules of two days: one with alerts, a gap, repeats and a judgement, one that fails. */
export async function reportOfSomeDays(): Promise<ReportDocument> {
  const clock = createManualClock(FROM);
  const store = openMemoryStore({ clock });
  const iso = (at: number): string => new Date(at).toISOString();
  for (const [at, hours] of [40, 30, 20].entries()) {
    const end = TO - hours * HOUR;
    await clock.advance(end - clock.now());
    const event = iso(end - (at + 1) * 60_000);
    const id = `alert-${at}`;
    const alert = { ...sampleAlert(id, { severity: 'high', lastSeen: event, time: iso(end) }) };
    const message = sampleMessage({ ...alert, rule: { ...alert.rule, id: HOSTILE } }, 'soar');
    await store.commit(
      sampleCommit(store, {
        ruleId: HOSTILE,
        rule: { ...SAMPLE_STATE, frontier: end, ledger: at === 2 ? [gapAt(TO - 30 * HOUR)] : [] },
        alerts: [{ ...alert, rule: { ...alert.rule, id: HOSTILE } }],
        messages: [message],
        run: sampleRun(`run-${at}`, {
          ruleId: HOSTILE,
          endedAt: end,
          window: { from: end - HOUR, to: end, basis: 'ingestion' },
          suppressed: { duplicate: 1, quiet: 2, silenced: 0, excepted: 3, maintenance: 0, overflow: 0 },
        }),
      }),
    );
    const [waiting] = await store.waitingIds('soar', 0);
    if (waiting !== undefined) await store.delivered([waiting], end + 1000);
  }
  await clock.advance(TO - clock.now());
  await store.acknowledge('alert-0', { by: 'me', at: TO, disposition: 'benign' });
  const failed = sampleRun('run-9', { ruleId: 'heavy', endedAt: TO - HOUR, outcome: 'failed', rows: 0, calls: 4 });
  await store.commit(sampleCommit(store, { ruleId: 'heavy', run: failed }));
  const rules = [{ ...makeRule(), id: HOSTILE, attack: ['T1059.001'] }];
  const callsPerHour = new Map([['contoso', 1400]]);
  const report = await collectReport({ store, from: FROM, to: TO, version: '0.0.0', rules, callsPerHour });
  await store.close();
  return report;
}

function gapAt(to: number) {
  const from = to - HOUR;
  return { id: 'g', from, to, logicalTime: to, attempts: 5, outcome: 'gap' as const, reason: 'five failures' };
}
