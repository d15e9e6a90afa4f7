import { countOf } from '../../lib/text.ts';
import type { Severity } from '../../rules/rule.ts';
import type { Alert } from '../alert.ts';
import { isoOfMs } from '../event-time.ts';
import { highestSeverity } from '../severity.ts';
import type { Hider } from '../silences.ts';
import { makeHealthAlert } from './health-alert.ts';

/** What one silence, or one span of maintenance, hid in one tenant. */
export interface SummaryInput extends Hider {
  readonly tenant: string;
  readonly hits: number;
  readonly firstAt: number;
  readonly lastAt: number;
  /** At least one, most hits first. */
  readonly parts: readonly { readonly ruleId: string; readonly severity: Severity; readonly hits: number }[];
}

/** Rules that are named; the others are counted. */
const MOST_RULES = 20;

/** The one alert for what a silence or maintenance hid: a health alert, which has no resolve; what is found later is a further revision. */
export function makeSummaryAlert(
  summary: SummaryInput,
  { revision, time }: { readonly revision: number; readonly time: number },
): Alert {
  const { tenant, counts, id, since, hits } = summary;
  const about = { tenant, subject: id, since, revision, time, status: 'firing' } as const;
  const code = counts === 'silenced' ? 'silence-ended' : 'maintenance-ended';
  const alert = makeHealthAlert({ ...about, code, message: messageOf(summary), details: detailsOfSummary(summary) });
  const title = `${alert.title}: ${hits === 1 ? '1 hit was' : `${hits} hits were`} hidden`;
  return { ...alert, title, firstSeen: isoOfMs(summary.firstAt), lastSeen: isoOfMs(summary.lastAt) };
}

function detailsOfSummary({ hits, parts }: SummaryInput): Alert['details'] {
  const highest = parts.map(({ severity }) => severity).reduce<Severity>(highestSeverity, 'informational');
  return { hidden: hits, highestSeverity: highest, rules: rulesText(parts) };
}

function messageOf({ counts, id, until, hits, parts }: SummaryInput): string {
  const what = counts === 'silenced' ? `The silence ${id}` : `The maintenance ${id}`;
  return `${what} has ended (it was to last until ${isoOfMs(until)}). It hid ${countOf(hits, 'hit')}, which nobody was told of: ${rulesText(parts)}. They are recorded by key and are not told later.`;
}

function rulesText(parts: SummaryInput['parts']): string {
  const rules = [...new Set(parts.map(({ ruleId }) => ruleId))];
  const named = rules.slice(0, MOST_RULES).map((rule) => ruleText(rule, parts));
  const rest = rules.length - named.length;
  return rest > 0 ? `${named.join(', ')} and ${countOf(rest, 'more rule')}` : named.join(', ');
}

function ruleText(rule: string, parts: SummaryInput['parts']): string {
  const own = parts.filter(({ ruleId }) => ruleId === rule);
  return `${rule} ${own.map(({ severity, hits }) => `${hits} ${severity}`).join(' and ')}`;
}
