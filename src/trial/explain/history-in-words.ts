import type { DecisionReason } from '../../alerts/decide/reasons.ts';
import { formatDuration } from '../../lib/duration.ts';
import { countOf } from '../../lib/text.ts';
import { delayOf } from '../../run/windows.ts';
import type { RunHistory } from '../../state/journal-store.ts';
import type { RunRecord } from '../../state/run-record.ts';
import type { LedgerEntry } from '../../state/store.ts';
import type { KnownHistory } from './known-history.ts';

/** What became of rows and hits, behind a count of them. */
const BECAME: Readonly<Record<DecisionReason | 'threshold', string>> = {
  new: 'new, and told',
  known: 'known from an earlier run',
  overlap: 'told before, in a window that overlaps',
  held: 'held back before, in a window that overlaps',
  changed: 'told by the rule as it was before a change',
  quiet: "in the rule's quiet time",
  limit: "over the rule's limit, told in one overflow alert",
  silenced: 'silenced',
  maintenance: 'hidden by maintenance',
  testing: 'not told, as the rule is in testing',
  excepted: 'taken out by an exception',
  threshold: 'of no hit, as the threshold was not passed',
};

/** Why there was or was not an alert, in sentences: the schedule, then each run, then what waits or is not known. */
export function historyInWords(known: KnownHistory): readonly string[] {
  const { state, tenant, runs } = known;
  if (!state)
    return [scheduleSentence(known), `The state of tenant ${tenant} knows nothing of this rule: it never ran on it.`];
  return [
    scheduleSentence(known),
    ...runs.flatMap(runSentences),
    ...(known.hasMore ? ['More runs looked at it than are told here.'] : []),
    ...known.entries.map(entrySentence),
    ...(runs.length === 0 ? [whyNoRun(known)] : []),
    ...limitsOfKnowledge(known),
  ];
}

function scheduleSentence({ rule, at, dueAt, settings }: KnownHistory): string {
  const basis = rule.window.basis === 'event' ? 'happened' : 'arrived';
  const delay = formatDuration(delayOf(rule, settings));
  if (dueAt === null) return `What ${basis} at ${iso(at)} is looked at by no run: the schedule has none behind it.`;
  if (rule.effectiveShape === 'snapshot') return `The first run behind ${iso(at)} was due at ${iso(dueAt)}.`;
  return `What ${basis} at ${iso(at)} is looked at first by the run that is due at ${iso(dueAt)}, which asks as of ${delay} before.`;
}

function runSentences(history: RunHistory): readonly string[] {
  const { run, alerts } = history;
  const when = `The ${run.lane === 'due' ? 'run' : 'run that made up for it'} as of ${iso(run.logicalTime)}`;
  const asked = run.window
    ? ` asked for ${iso(run.window.from)} to ${iso(run.window.to)} by ${run.window.basis}`
    : ' asked without a window';
  if (run.error)
    return [`${when}${asked} and did not succeed (${run.outcome}): ${run.error.code}: ${sentence(run.error.message)}`];
  const cut = run.truncated ? ' The answer was not complete.' : '';
  const parts = run.slices ? `, in ${countOf(run.slices.length, 'part')}` : '';
  return [
    `${when}${asked}${parts} and got ${countOf(run.rows, 'row')}${became(run.rowReasons)}.${cut}`,
    ...exceptionSentences(run),
    ...(run.hits > 0 ? [`Of its ${countOf(run.hits, 'hit')}: ${listOf(run.reasons)}.`] : []),
    ...(run.rows > 0 && run.hits === 0 ? ['None of them made a hit, and so there was no alert.'] : []),
    ...alerts.map((alert) => alertSentence(alert, history.messages)),
  ];
}

function exceptionSentences({ exceptions = [] }: RunRecord): readonly string[] {
  return exceptions.map(
    ({ reason, owner, rows }) =>
      `The exception of ${owner} (${reason.replace(/\.$/, '')}) took out ${countOf(rows, 'row')}.`,
  );
}

function became(reasons: RunRecord['rowReasons']): string {
  const list = listOf(reasons);
  return list === '' ? '' : `: ${list}`;
}

function listOf(reasons: RunRecord['rowReasons']): string {
  return Object.entries(reasons)
    .map(([reason, count]) => `${count} ${BECAME[reason as keyof typeof BECAME]}`)
    .join('; ');
}

function alertSentence(
  { alertId, revision, alertKind, status }: RunHistory['alerts'][number],
  messages: RunHistory['messages'],
): string {
  const what = `${alertKind === 'health' ? 'Health alert' : 'Alert'} ${alertId}${revision > 0 ? `, revision ${revision}` : ''} (${status})`;
  const own = messages.filter((one) => one.alertId === alertId && one.revision === revision);
  if (own.length === 0) return `${what} has no message to a target: it is recorded only, or waits in a digest.`;
  return `${what}: ${own.map(fateText).join('; ')}.`;
}

function fateText({ target, state, attempts, settledAt, reason }: RunHistory['messages'][number]): string {
  const why = reason === null ? '' : `: ${reason.replace(/\.$/, '')}`;
  const when = settledAt === null ? '' : ` at ${iso(settledAt)}`;
  if (state === 'delivered') return `${target} took it${when}, with attempt ${attempts}`;
  if (state === 'pending')
    return attempts === 0
      ? `it waits for ${target}`
      : `it waits for ${target} after ${countOf(attempts, 'attempt')}${why}`;
  return `${target} did not take it; it became a dead letter${when}${state === 'dropped' ? ' and was dropped' : ''}${why}`;
}

const ENTRY_SAYS: Readonly<Record<LedgerEntry['outcome'], string>> = {
  pending: 'waits to be searched',
  gap: 'was given up and is not searched any more',
  unscheduled: 'is looked at by no run of the schedule',
  disabled: 'was not searched, as the rule was off',
  truncated: 'was told in part, as the answer was cut',
};

function entrySentence({ from, to, outcome, attempts, reason }: LedgerEntry): string {
  const tried = attempts > 0 ? ` after ${countOf(attempts, 'failure')}` : '';
  const why = reason === null ? '' : `: ${reason}`;
  return sentence(`The ledger says that ${iso(from)} to ${iso(to)} ${ENTRY_SAYS[outcome]}${tried}${why}`);
}

/** No run that is kept looked at the instant. */
function whyNoRun({ state, entries, at, now, dueAt, oldestRun }: KnownHistory): string {
  if (entries.length > 0) return 'No run that is kept has looked at it.';
  const frontier = state?.frontier ?? null;
  if (at > now) return 'That is still to come.';
  if (frontier === null || frontier <= at) {
    const due = dueAt === null ? '' : ` It is due at ${iso(dueAt)}.`;
    return `No run has looked at it yet${frontier === null ? '' : `: the rule was asked up to ${iso(frontier)}`}.${due}`;
  }
  if (oldestRun !== null && oldestRun > at)
    return 'It lies behind what the rule was asked for, and the run that looked at it is not kept any more.';
  return 'No run that is kept looked at it, though the rule was asked for what lies behind: its first run began later, or the state was put back.';
}

/** What the state cannot tell. */
function limitsOfKnowledge({ runs, oldestRun, at }: KnownHistory): readonly string[] {
  const isOld = oldestRun !== null && oldestRun > at;
  return [
    ...(isOld
      ? [`The oldest run that is kept of this rule ended at ${iso(oldestRun)}: runs are kept for 30 days.`]
      : []),
    ...(runs.some(({ run }) => run.rows > 0)
      ? ['Rows that made no alert are counted by reason and not kept: which they were is not known.']
      : []),
    ...(runs.some(({ run, template }) => template === null && run.calls > 0)
      ? ['Of some runs the query as it was sent is not kept: it was too long, or an older version ran them.']
      : []),
  ];
}

function sentence(text: string): string {
  return /[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
