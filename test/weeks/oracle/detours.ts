import { type Alert, messageId } from '../../../src/alerts/alert.ts';
import type { DetourSpec } from '../scenario.ts';
import type { JournalRecord } from '../world/journal.ts';
import type { Week } from '../world/play.ts';
import { DETOURS } from '../world/ways.ts';
import { digestMessages, tellsOf } from './digests.ts';
import { type Finding, iso } from './finding.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** What is due is done by then, where the process goes on. */
const SLACK_MS = 2 * HOUR_MS;
/** Who acts less long before something else happens may have come too late. */
const MARGIN_MS = 10 * MINUTE_MS;

type Attempt = Extract<JournalRecord, { readonly kind: 'attempt' }>;

/** An alert of a rule, from its first message on. */
interface Told {
  readonly id: string;
  readonly at: number;
  readonly life: number;
  resolvedAt: number;
  takenAt: number;
  /** Its severity has risen: that is escalated whoever has taken it on. */
  hasRisen: boolean;
}

interface View {
  readonly week: Week;
  readonly detours: DetourSpec;
  readonly attempts: readonly Attempt[];
  readonly told: ReadonlyMap<string, Told>;
  /** When a process or the machine did not go on, or may not have. */
  readonly breaks: readonly number[];
}

/** Escalations, digests, and what goes to the target that stands in. A state that was put back excuses all of them. */
export function checkDetours(week: Week): readonly Finding[] {
  const { detours } = week.scenario;
  if (!detours || week.records.some(({ kind }) => kind === 'put-back')) return [];
  const attempts = week.records.filter((record) => record.kind === 'attempt');
  const view: View = { week, detours, attempts, told: toldOf(week.records), breaks: breaksOf(week) };
  return [
    ...(detours.escalateAfter === null ? [] : escalationFindings(view, detours.escalateAfter * 1000)),
    ...(detours.digestEvery === null ? [] : digestFindings(view, detours.digestEvery * 1000)),
    ...(detours.fallbackAfter === null ? [] : fallbackFindings(view, detours.fallbackAfter * 1000)),
  ];
}

function toldOf(records: readonly JournalRecord[]): ReadonlyMap<string, Told> {
  const told = new Map<string, Told>();
  for (const record of records) {
    if (record.kind === 'taken') {
      const one = told.get(record.alertId);
      if (one) one.takenAt = Math.min(one.takenAt, record.at);
    }
    if (record.kind !== 'commit' && record.kind !== 'health') continue;
    for (const { id, kind, status, change } of record.commit.alerts) {
      if (kind !== 'detection') continue;
      const { at, life } = record;
      const never = Number.POSITIVE_INFINITY;
      const one = told.get(id) ?? { id, at, life, resolvedAt: never, takenAt: never, hasRisen: false };
      told.set(id, one);
      if (status === 'resolved') one.resolvedAt = Math.min(one.resolvedAt, at);
      if (change?.kind === 'severity') one.hasRisen = true;
    }
  }
  return told;
}

function breaksOf({ records, scenario }: Week): readonly number[] {
  const start = Date.parse(scenario.start);
  const ends = records.filter(({ kind }) => kind === 'end' || kind === 'start' || kind === 'reload');
  const asleep = scenario.faults.flatMap((fault) =>
    fault.kind === 'suspend' ? [start + fault.at * 1000, start + (fault.at + fault.length) * 1000] : [],
  );
  return [...ends.map(({ at }) => at), ...asleep];
}

/** Whether one process went on all the time. */
function isUnbroken({ breaks, week }: View, from: number, to: number): boolean {
  return to < week.endedAt - HOUR_MS && !breaks.some((at) => from <= at && at <= to);
}

function escalationFindings(view: View, afterMs: number): readonly Finding[] {
  const sent = view.attempts.filter(({ target, alert }) => target === DETOURS.pager && alert.status === 'firing');
  const first = new Map<string, Attempt>();
  for (const attempt of sent) if (!first.has(attempt.alert.id)) first.set(attempt.alert.id, attempt);
  const wrong = [...first].flatMap(([id, attempt]) => wrongEscalation(view, view.told.get(id), attempt, afterMs));
  const missing = [...view.told.values()].filter((one) => {
    const due = one.at + afterMs;
    const isOpen = Math.min(one.takenAt, one.resolvedAt) > due + MINUTE_MS;
    return isOpen && !first.has(one.id) && isUnbroken(view, one.at, due + SLACK_MS);
  });
  return [
    ...wrong,
    ...missing.map(({ id, at }) =>
      finding('undelivered', DETOURS.pager, `${id} of ${iso(at)} was taken on by nobody and never escalated`),
    ),
  ];
}

function wrongEscalation(
  view: View,
  told: Told | undefined,
  { began, life, alert }: Attempt,
  afterMs: number,
): readonly Finding[] {
  const say = (text: string) => [
    finding('told-wrongly', DETOURS.pager, `${alert.id} was escalated at ${iso(began)} ${text}`),
  ];
  if (!told) return say('and never told');
  if (told.life === life && began < told.at + afterMs - 1000) return say(`and told at ${iso(told.at)} only`);
  const endedAt = Math.min(told.resolvedAt, told.hasRisen ? Number.POSITIVE_INFINITY : told.takenAt);
  const isLate = endedAt + MARGIN_MS < began && isUnbroken(view, endedAt, began);
  return isLate ? say(`and over, or taken on, since ${iso(endedAt)}`) : [];
}

function digestFindings(view: View, everyMs: number): readonly Finding[] {
  const digests = view.attempts.filter(({ target }) => target === DETOURS.mail);
  const messages = digestMessages(view.week.records);
  const known = new Set(messages.map(({ alertId }) => alertId));
  const listed = (one: Attempt): readonly unknown[] => one.alert.evidence.map((row) => row.AlertId);
  const strange = digests.filter((one) => listed(one).some((id) => !known.has(String(id))));
  const missing = messages.filter((message) => {
    const { at } = message;
    const due = at + everyMs + SLACK_MS;
    const isIn = (one: Attempt): boolean => one.began >= at && one.began <= due && tellsOf(one.alert, message);
    return isUnbroken(view, at, due) && !digests.some(isIn) && !digests.some((one) => listed(one).length >= 100);
  });
  return [
    ...strange.map(({ messageId }) =>
      finding('never-committed', DETOURS.mail, `${messageId} lists an alert that was never to go there`),
    ),
    ...missing.map(({ messageId, at }) =>
      finding('undelivered', DETOURS.mail, `${messageId} of ${iso(at)} stood in no digest in time`),
    ),
  ];
}

function fallbackFindings(view: View, afterMs: number): readonly Finding[] {
  const { records, scenario } = view.week;
  const of = scenario.targets[0]?.name ?? '';
  const own = view.attempts.filter(({ target }) => target === of);
  const sent = view.attempts.filter(({ target }) => target === DETOURS.standby);
  const committed = records.flatMap((record) =>
    record.kind === 'commit' || record.kind === 'health'
      ? record.commit.messages
          .filter(({ target }) => target === of)
          .map((one) => ({ ...one, at: record.at, isEnd: isEnd(record.commit.alerts, one.messageId) }))
      : [],
  );
  const ids = new Set(committed.map(({ messageId }) => messageId));
  const strange = sent.filter(({ messageId }) => !ids.has(messageId));
  // What follows an alert that it was told of goes there by itself.
  const isFirst = ({ alert, began }: Attempt): boolean =>
    !sent.some((other) => other.alert.id === alert.id && other.began < began);
  const early = sent.filter((attempt) => isFirst(attempt) && isTooEarly(attempt, own, afterMs));
  const missing = committed.filter(({ messageId, alertId, at, isEnd }) => {
    const isSent = sent.some((one) => one.messageId === messageId);
    // Nobody is told the end of what they have never heard of.
    const isOfStranger = isEnd && !sent.some(({ alert }) => alert.id === alertId);
    return !isSent && !isOfStranger && isDown(view, own, of, at, afterMs);
  });
  return [
    ...strange.map(({ messageId }) => finding('never-committed', DETOURS.standby, `${messageId} was never for ${of}`)),
    ...early.map(({ messageId, began }) =>
      finding(
        'told-wrongly',
        DETOURS.standby,
        `${messageId} came at ${iso(began)}, and ${of} had not been down so long`,
      ),
    ),
    ...missing.map(({ messageId, at }) =>
      finding('undelivered', DETOURS.standby, `${messageId} of ${iso(at)} never came, and ${of} was down`),
    ),
  ];
}

function isEnd(alerts: readonly Alert[], id: string): boolean {
  return alerts.some((alert) => alert.status === 'resolved' && messageId(alert) === id);
}

/** By what this process has seen; what one before had seen is in the state. */
function isTooEarly({ began, life }: Attempt, own: readonly Attempt[], afterMs: number): boolean {
  const before = own.filter(({ at }) => at <= began);
  const success = before.findLast(({ result, at }) => isTaken(result) && at < began - MARGIN_MS);
  const failed = before.filter(({ result, at }) => !isTaken(result) && at > (success?.at ?? 0));
  const [first] = failed;
  return !first || (first.life === life && success?.life === life && first.at > began - afterMs + MINUTE_MS);
}

function isTaken(result: Attempt['result']): boolean {
  return result === 'delivered' || result === 'refused';
}

/** Whether a target takes nothing from long before an instant until long after it, and the process goes on and has seen that. */
function isDown(view: View, own: readonly Attempt[], of: string, at: number, afterMs: number): boolean {
  const start = Date.parse(view.week.scenario.start);
  return view.week.scenario.faults.some((fault) => {
    if (fault.kind !== 'target' || fault.target !== of || fault.failure === 'refused') return false;
    const [from, to] = [start + fault.from * 1000, start + fault.to * 1000];
    const until = at + SLACK_MS;
    const first = own.find((attempt) => attempt.began >= from && attempt.at < to);
    if (!first || isTaken(first.result) || first.at + afterMs + HOUR_MS > at || until > to) return false;
    const isSteady = !own.some((one) => one.began >= from && one.at <= until && isTaken(one.result));
    return isSteady && isUnbroken(view, from, until);
  });
}

function finding(kind: Finding['kind'], subject: string, message: string): Finding {
  return { kind, subject, message };
}
