import type { HealthCode } from '../../../src/alerts/alert.ts';
import type { RuleSpec, SilenceSpec } from '../scenario.ts';
import type { Week } from '../world/play.ts';
import type { Decisions } from './decisions.ts';
import { type Finding, iso } from './finding.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What hides a hit: which silence or maintenance, and in which of its times (epoch ms). */
export interface Hiding {
  readonly counts: SilenceSpec['counts'];
  readonly id: string;
  readonly since: number;
  readonly until: number;
}

export interface SilentWeek {
  readonly silences: readonly SilenceSpec[];
  /** Start of the scenario, epoch ms. */
  readonly start: number;
}

/** What hides what a rule found of `time` (epoch ms), or null. Silences before maintenance, then what ends first. */
export function hidingOf(spec: RuleSpec, time: number, { silences, start }: SilentWeek): Hiding | null {
  const found = silences.flatMap((silence): readonly Hiding[] => {
    if (silence.rule !== spec.id) return [];
    const { counts, id } = silence;
    const [since, until] = spanAbout(silence, time, start);
    return since <= time && time < until ? [{ counts, id, since, until }] : [];
  });
  const rank = ({ counts }: Hiding): number => (counts === 'silenced' ? 0 : 1);
  return found.sort((a, b) => rank(a) - rank(b) || a.until - b.until || (a.id < b.id ? -1 : 1))[0] ?? null;
}

/** Of maintenance the latest that has begun by then. */
function spanAbout(silence: SilenceSpec, time: number, start: number): readonly [number, number] {
  if (silence.counts === 'silenced') return [start + silence.from * 1000, start + silence.to * 1000];
  const today = Math.floor(time / DAY_MS) * DAY_MS + silence.hour * HOUR_MS;
  const since = today <= time ? today : today - DAY_MS;
  return [since, since + silence.hours * HOUR_MS];
}

const CODES: Readonly<Record<Hiding['counts'], HealthCode>> = {
  silenced: 'silence-ended',
  maintenance: 'maintenance-ended',
};

/** What was hidden is told in one alert when its time is over, and never before; what came of it later in further revisions. */
export function checkSummaries(week: Week, { expected }: Decisions): readonly Finding[] {
  if (week.records.some(({ kind }) => kind === 'put-back')) return [];
  const hidden = new Map<string, Hiding & { hits: number }>();
  for (const { hits } of expected.values()) {
    for (const { hiding } of hits) {
      if (!hiding) continue;
      const key = `${hiding.id} ${iso(hiding.since)}`;
      hidden.set(key, { ...hiding, hits: (hidden.get(key)?.hits ?? 0) + 1 });
    }
  }
  const told = week.records.flatMap((record) => (record.kind === 'health' ? record.commit.alerts : []));
  return [...hidden.values()].flatMap((total) => summaryFindings(total, told, week.endedAt));
}

type Told = Extract<Week['records'][number], { readonly kind: 'health' }>['commit']['alerts'];

function summaryFindings(total: Hiding & { readonly hits: number }, told: Told, end: number): readonly Finding[] {
  const { counts, id, since, until, hits } = total;
  const say = (message: string): readonly Finding[] => [
    { kind: 'summary', subject: id, message: `what it hid from ${iso(since)} to ${iso(until)}: ${message}` },
  ];
  const own = told.filter(
    ({ health, firstSeen }) =>
      health?.code === CODES[counts] &&
      health.subject === id &&
      Date.parse(firstSeen ?? '') >= since &&
      Date.parse(firstSeen ?? '') < until,
  );
  const [first, last] = [own[0], own.at(-1)];
  if (first && Date.parse(first.time) < until) return say(`summed up at ${first.time}, before its end`);
  if (until > end - 4 * HOUR_MS) return [];
  if (!last) return say(`${hits} hits, and no alert tells of them`);
  const count = Number(last.details.hidden);
  return count === hits ? [] : say(`${hits} hits, the alert tells of ${count}`);
}
