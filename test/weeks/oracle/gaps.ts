import type { TimeRange } from '../../../src/kql/window.ts';
import type { LedgerEntry } from '../../../src/state/store.ts';
import type { Week } from '../world/play.ts';
import { type Finding, iso } from './finding.ts';
import { holesIn, lastRules } from './timeline.ts';

const HOUR_MS = 3_600_000;
const RANGE = /(\d\S+Z) to (\d\S+Z)/g;

/** Whether a gap only makes one of before longer, as windows do that grow too old piece by piece, within the hour: that may be told later. */
export function mayBeToldLater({ from, to }: TimeRange, before: readonly LedgerEntry[]): boolean {
  const sameHour = Math.floor(from / HOUR_MS) === Math.floor(to / HOUR_MS);
  return sameHour && before.some((entry) => isOfAge(entry) && entry.to === from);
}

/** In the end all that has grown too old was named in an alert, where its condition is over. */
export function untoldGaps({ records, final }: Pick<Week, 'records' | 'final'>): readonly Finding[] {
  const named = new Map<string, TimeRange[]>();
  for (const record of records) {
    if (record.kind !== 'commit' && record.kind !== 'health') continue;
    for (const { health, description } of record.commit.alerts)
      if (health?.code === 'gap')
        named.set(health.subject, [...(named.get(health.subject) ?? []), ...rangesIn(description)]);
  }
  const open = new Set(final.openHealth.filter(({ code }) => code === 'gap').map(({ subject }) => subject));
  const rules = lastRules(records).filter(({ id, status }) => status !== 'disabled' && !open.has(id));
  return rules.flatMap(({ id }): readonly Finding[] => {
    const lost = final.rules.get(id)?.ledger.filter(isOfAge) ?? [];
    const untold = lost.flatMap(({ from, to }) => holesIn(from, to, named.get(id) ?? []));
    return untold.slice(0, 1).map(({ from, to }) => ({
      kind: 'unalerted',
      subject: id,
      message: `no alert ever named the gap [${iso(from)}, ${iso(to)})`,
    }));
  });
}

/** A window waits where a gap ends that age has made: it will lose more before it is asked (how long it may wait is the matter of coverage). */
export function growsStill({ final }: Pick<Week, 'final'>, ruleId: string): boolean {
  const { ledger = [], late } = final.rules.get(ruleId) ?? {};
  return [ledger, late?.ledger ?? []].some((entries) =>
    entries.some(
      ({ outcome, from }) => outcome === 'pending' && entries.some((gap) => isOfAge(gap) && gap.to === from),
    ),
  );
}

function rangesIn(text: string): readonly TimeRange[] {
  return [...text.matchAll(RANGE)].map(([, from = '', to = '']) => ({ from: Date.parse(from), to: Date.parse(to) }));
}

function isOfAge({ outcome, reason }: LedgerEntry): boolean {
  return outcome === 'gap' && reason?.startsWith('older than ') === true;
}
