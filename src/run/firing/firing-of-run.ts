import type { Alert } from '../../alerts/alert.ts';
import type { Decision } from '../../alerts/decide/decision.ts';
import { type FollowedFiring, followFiring } from '../../alerts/decide/follow-firing.ts';
import { resolveAfterOf } from '../../alerts/decide/resolve-after.ts';
import type { FiringAlert, FiringChange } from '../../alerts/firing.ts';
import { makeResolved } from '../../alerts/map/resolved-alert.ts';
import { validateAlert } from '../../alerts/map/validate-alert.ts';
import { formatDuration } from '../../lib/duration.ts';
import { isTruncated } from '../ask.ts';
import { isFailedPart } from '../coverage/slices.ts';
import type { WindowAnswer } from '../query-window.ts';
import type { RunInput } from '../run-input.ts';
import type { RunDeps } from '../tenant.ts';

/** An alert that goes where its earlier messages went. */
export interface LaterAlert {
  readonly alert: Alert;
  readonly targets: readonly string[];
}

/** What a run tells of alerts that earlier runs have told, and what is to be remembered of all that are firing. */
export interface FiringNews {
  readonly later: readonly LaterAlert[];
  readonly changes: readonly FiringChange[];
}

export interface FiringInput {
  readonly input: RunInput;
  readonly answer: Extract<WindowAnswer, { kind: 'answered' }>;
  readonly decision: Decision;
  /** The run's own, in the order of what was told. */
  readonly alerts: readonly Alert[];
  readonly time: number;
}

export const NO_FIRING_NEWS: FiringNews = { later: [], changes: [] };

/** Follows the alerts of a rule that are firing by what one run has found. */
export async function firingOfRun(from: FiringInput, deps: RunDeps): Promise<FiringNews> {
  const { tenant, rule } = from.input;
  const resolveAfterMs = resolveAfterOf(rule);
  const open = await deps.store.firingOf(tenant.name, rule.id);
  if (resolveAfterMs === null) return { later: [], changes: open.map(({ alertId }) => ({ alertId, record: null })) };
  const followed = followFiring({
    open,
    outcomes: from.decision.outcomes,
    logicalTime: from.input.planned.logicalTime,
    complete: isComplete(from),
    resolveAfterMs,
    most: rule.alert.limit,
  });
  const later = await resolvesOf(followed, from, deps);
  return { later, changes: [...changesOf(followed), ...newRecords(from, deps)] };
}

/** A part of a window that had failed says nothing of the whole. */
function isComplete({ input, answer }: FiringInput): boolean {
  return !isTruncated(answer.asked) && !isFailedPart(input.rule.effectiveShape, input.planned);
}

function changesOf({ ended, changed }: FollowedFiring): readonly FiringChange[] {
  return [
    ...ended.map(({ alertId }) => ({ alertId, record: null })),
    ...changed.map((record) => ({ alertId: record.alertId, record })),
  ];
}

async function resolvesOf({ ended }: FollowedFiring, from: FiringInput, deps: RunDeps): Promise<readonly LaterAlert[]> {
  if (ended.length === 0) return [];
  const documents = await deps.store.newestAlerts(ended.map(({ alertId }) => alertId));
  const byId = new Map(documents.map((alert) => [alert.id, alert]));
  return ended.flatMap((record) => {
    const last = byId.get(record.alertId);
    return last ? [{ alert: resolveOf(last, record, from), targets: record.targets }] : [];
  });
}

function resolveOf(last: Alert, record: FiringAlert, { input, time }: FiringInput): Alert {
  const { runId, planned } = input;
  const alert = makeResolved(last, {
    kind: 'gone',
    revision: record.revision + 1,
    time,
    since: record.toldAt,
    reason: reasonOf(record, planned.logicalTime),
    run: { runId, window: planned.asked },
  });
  validateAlert(alert);
  return alert;
}

function reasonOf({ since, goneFrom, heldAt }: FiringAlert, logicalTime: number): string {
  const gone = goneFrom ?? logicalTime;
  const lasted = heldAt > since ? ` It was found from ${iso(since)} to ${iso(heldAt)}.` : '';
  const length = gone < logicalTime ? `, and not for ${formatDuration(logicalTime - gone)} since` : '';
  return `The condition is gone: the run as of ${iso(gone)} did not find it any more${length}.${lasted}`;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

/** Of what was told now. Where nobody was told, nobody waits for the end. */
function newRecords({ input, decision, alerts }: FiringInput, deps: RunDeps): readonly FiringChange[] {
  const { logicalTime } = input.planned;
  return decision.told.flatMap(({ dedupKey }, index) => {
    const alert = alerts[index];
    const targets = alert ? deps.targetsOf(input.rule, alert) : [];
    if (!alert || targets.length === 0) return [];
    const { id: alertId, revision, severity, rowCount, lastSeen } = alert;
    const times = { since: logicalTime, toldAt: logicalTime, heldAt: logicalTime, goneFrom: null };
    return { alertId, record: { alertId, dedupKey, revision, ...times, severity, rowCount, lastSeen, targets } };
  });
}
