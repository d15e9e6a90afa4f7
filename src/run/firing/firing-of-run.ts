import type { Alert, HeldCounts } from '../../alerts/alert.ts';
import { followFiring } from '../../alerts/decide/follow-firing.ts';
import { resolveAfterOf } from '../../alerts/decide/resolve-after.ts';
import type { FiringAlert, FiringChange } from '../../alerts/firing.ts';
import { totalOf } from '../../alerts/held-counts.ts';
import { makeResolved } from '../../alerts/map/resolved-alert.ts';
import { validateAlert } from '../../alerts/map/validate-alert.ts';
import type { QuietMemory } from '../../alerts/memory.ts';
import { formatDuration } from '../../lib/duration.ts';
import { isTruncated } from '../ask.ts';
import { isFailedPart } from '../coverage/slices.ts';
import type { RunDeps } from '../tenant.ts';
import type { FiringInput, LaterAlert } from './followed-run.ts';
import { behindToldBefore } from './told-before.ts';
import { NO_UPDATES, updatesOfRun } from './updates-of-run.ts';

/** What a run tells of alerts that earlier runs have told, and what is to be remembered of all that are firing. */
export interface FiringNews {
  /** The run's own alerts: what it tells for the first time. */
  readonly own: readonly Alert[];
  readonly later: readonly LaterAlert[];
  readonly changes: readonly FiringChange[];
  /** What the run leaves of quiet times, without the counts that are told. */
  readonly quiet: readonly QuietMemory[];
}

export const NO_FIRING_NEWS: FiringNews = { own: [], later: [], changes: [], quiet: [] };

/** Follows the alerts of a rule that are firing by what one run has found. */
export async function firingOfRun(from: FiringInput, deps: RunDeps): Promise<FiringNews> {
  const { tenant, rule } = from.input;
  const resolveAfterMs = resolveAfterOf(rule);
  const open = await deps.store.firingOf(tenant.name, rule.id);
  if (resolveAfterMs === null) return forgotten(open, from, deps);
  const followed = followFiring({
    open,
    outcomes: from.decision.outcomes,
    logicalTime: from.input.planned.logicalTime,
    complete: isComplete(from),
    resolveAfterMs,
    most: rule.alert.limit,
  });
  const changed = new Map(followed.changed.map((record) => [record.alertId, record]));
  const current = open.map((record) => changed.get(record.alertId) ?? record);
  const { updates } = rule.alert;
  const updated = updates ? await updatesOfRun(current, updates, from, deps) : NO_UPDATES;
  const ends = await endsOf(followed.ended, from, deps);
  const fresh = from.alerts.filter(({ id }) => !updated.revised.has(id));
  const own = await behindToldBefore(fresh, from.input, deps);
  for (const record of [...updated.records, ...newRecords(own, from, deps)]) changed.set(record.alertId, record);
  const kept = [...changed.values()].map((record) => ({ alertId: record.alertId, record }));
  const over = followed.ended.map(({ alertId }) => ({ alertId, record: null }));
  return {
    own,
    later: [...updated.later, ...ends.later],
    changes: [...over, ...kept],
    quiet: latestOf([...withoutCounts(from.decision.quiet, updated.counted), ...ends.quiet]),
  };
}

/** Where no end is told. */
async function forgotten(
  open: readonly FiringAlert[],
  { input, alerts, decision }: FiringInput,
  deps: RunDeps,
): Promise<FiringNews> {
  const changes = open.map(({ alertId }) => ({ alertId, record: null }));
  return { own: await behindToldBefore(alerts, input, deps), later: [], changes, quiet: decision.quiet };
}

function withoutCounts(quiet: readonly QuietMemory[], counted: ReadonlySet<string>): readonly QuietMemory[] {
  return quiet.map((memory) => (counted.has(memory.dedupKey) ? { ...memory, held: {} } : memory));
}

/** One record a key. */
function latestOf(quiet: readonly QuietMemory[]): readonly QuietMemory[] {
  return [...new Map(quiet.map((memory) => [memory.dedupKey, memory])).values()];
}

/** A part of a window that had failed says nothing of the whole, and what came late nothing of what came in time. */
function isComplete({ input, answer }: FiringInput): boolean {
  return !input.sweep && !isTruncated(answer.asked) && !isFailedPart(input.rule.effectiveShape, input.planned);
}

/** The resolves, and what was held back since the message before: they tell of it. */
async function endsOf(
  ended: readonly FiringAlert[],
  from: FiringInput,
  deps: RunDeps,
): Promise<Pick<FiringNews, 'later' | 'quiet'>> {
  if (ended.length === 0) return { later: [], quiet: [] };
  const { tenant, rule } = from.input;
  const documents = await deps.store.newestAlerts(ended.map(({ alertId }) => alertId));
  const byId = new Map(documents.map((alert) => [alert.id, alert]));
  const keys = [...new Set(ended.map(({ dedupKey }) => dedupKey))];
  const counted = new Map(await deps.store.findQuiet(tenant.name, rule.id, keys));
  // Of what has ended this run has no hit, but it may have rows that an exception took out.
  for (const memory of from.decision.quiet) if (counted.has(memory.dedupKey)) counted.set(memory.dedupKey, memory);
  const later = ended.flatMap((record) => {
    const last = byId.get(record.alertId);
    const counts = counted.get(record.dedupKey)?.held ?? {};
    return last ? [{ alert: resolveOf(last, record, counts, from), targets: record.targets }] : [];
  });
  return { later, quiet: quietOfEnds(ended, counted, from) };
}

/** The counts are told with the end. That it was told is remembered for snapshots, which know their rows for longer than that. */
function quietOfEnds(
  ended: readonly FiringAlert[],
  counted: ReadonlyMap<string, QuietMemory>,
  { input: { rule, planned } }: FiringInput,
): readonly QuietMemory[] {
  if (rule.effectiveShape !== 'snapshot') {
    return [...counted.values()].filter(({ held }) => totalOf(held) > 0).map((memory) => ({ ...memory, held: {} }));
  }
  const byKey = new Map(ended.map(({ dedupKey, since }) => [dedupKey, since]));
  return [...byKey].map(([dedupKey, openedAt]) => ({
    ...(counted.get(dedupKey) ?? { dedupKey, openedAt, openedBefore: [] }),
    endedAt: planned.logicalTime,
    held: {},
  }));
}

function resolveOf(last: Alert, record: FiringAlert, held: HeldCounts, { input, time }: FiringInput): Alert {
  const { runId, planned } = input;
  const alert = makeResolved(last, {
    kind: 'gone',
    revision: record.revision + 1,
    time,
    since: record.toldAt,
    held,
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

/** Of what was told now, the overflow apart. Where nobody was told, nobody waits for the end. */
function newRecords(own: readonly Alert[], from: FiringInput, deps: RunDeps): readonly FiringAlert[] {
  const { input, alerts, decision } = from;
  const { logicalTime } = input.planned;
  // What an alert shows of its dedup key may be redacted; hits come again under the true one.
  const keys = new Map(alerts.map(({ id }, at) => [id, decision.told[at]?.dedupKey]));
  return own.flatMap((alert) => {
    const targets = alert.overflow ? [] : deps.waysOf(input.rule, alert).map(({ target }) => target);
    if (targets.length === 0) return [];
    const { id: alertId, revision, severity, rowCount, lastSeen } = alert;
    const dedupKey = keys.get(alertId) ?? alert.dedupKey;
    const times = { since: logicalTime, toldAt: logicalTime, heldAt: logicalTime, goneFrom: null };
    return [{ alertId, dedupKey, revision, ...times, severity, rowCount, lastSeen, targets }];
  });
}
