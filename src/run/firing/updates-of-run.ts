import type { Alert } from '../../alerts/alert.ts';
import { type DueUpdate, dueUpdates, latestOfKeys } from '../../alerts/decide/due-updates.ts';
import { timeOfHit } from '../../alerts/decide/hidden-hits.ts';
import type { FiringAlert } from '../../alerts/firing.ts';
import { createAlertMapper } from '../../alerts/map/map-alert.ts';
import { makeUpdate } from '../../alerts/map/updated-alert.ts';
import { validateAlert } from '../../alerts/map/validate-alert.ts';
import { severityRank } from '../../alerts/severity.ts';
import { hiderOf } from '../../alerts/silences.ts';
import type { AlertUpdates } from '../../rules/rule.ts';
import { contextOf } from '../make-alerts.ts';
import type { RunDeps } from '../tenant.ts';
import type { FiringInput, LaterAlert } from './followed-run.ts';

/** What one run adds to alerts that are firing. */
export interface FiringUpdates {
  readonly later: readonly LaterAlert[];
  /** The records of these alerts after it. */
  readonly records: readonly FiringAlert[];
  /** Ids of the run's own alerts that are told as revisions of earlier ones instead. */
  readonly revised: ReadonlySet<string>;
  /** Dedup keys of which the count of hits held back is told. */
  readonly counted: ReadonlySet<string>;
}

interface Updated {
  readonly alert: Alert;
  readonly record: FiringAlert;
}

export const NO_UPDATES: FiringUpdates = { later: [], records: [], revised: new Set(), counted: new Set() };

/** `open`: as the run leaves them, in the order in which they began. */
export async function updatesOfRun(
  open: readonly FiringAlert[],
  updates: AlertUpdates,
  from: FiringInput,
  deps: RunDeps,
): Promise<FiringUpdates> {
  const latest = latestOfKeys(open);
  // What an alert shows of its dedup key may be redacted; that of its hits is the true one. The overflow alert stands behind them.
  const again = from.alerts.flatMap((alert, at): readonly Updated[] => {
    const record = latest.get(from.decision.told[at]?.dedupKey ?? '');
    return record ? [{ alert, record }] : [];
  });
  const { rule, planned } = from.input;
  const { logicalTime } = planned;
  const due = dueUpdates({
    open: latest,
    outcomes: from.decision.outcomes,
    updates,
    logicalTime,
    most: rule.alert.limit,
  });
  const told = [
    ...again.map(({ alert, record }) =>
      updateOf(makeUpdate(alert, record, { kind: againOr(alert, record), logicalTime }), record),
    ),
    ...(await unhidden(due, from, deps)),
  ].map(({ alert, record }) => withTargets(alert, record, from, deps));
  return {
    later: told.map(({ alert, record }) => ({ alert, targets: record.targets })),
    records: told.map(({ record }) => record),
    revised: new Set(again.map(({ alert }) => alert.id)),
    counted: new Set(told.map(({ record }) => record.dedupKey)),
  };
}

/** A severity that has risen is told as such, also where the condition was found again behind its quiet time: priorities and escalations go by it. */
function againOr(alert: Alert, record: FiringAlert): 'again' | 'severity' {
  return severityRank(alert.severity) > severityRank(record.severity) ? 'severity' : 'again';
}

function updateOf(alert: Alert, record: FiringAlert): Updated {
  validateAlert(alert);
  return { alert, record };
}

/** Updates of what was not told by itself, less those that a silence or maintenance hides. */
async function unhidden(due: readonly DueUpdate[], from: FiringInput, deps: RunDeps): Promise<readonly Updated[]> {
  if (due.length === 0) return [];
  const { input, answer, decision, time } = from;
  const { logicalTime } = input.planned;
  const silences = (await deps.silences?.()) ?? [];
  const map = createAlertMapper(contextOf(input, answer, time, deps.redaction));
  const heldBack = new Map(decision.quiet.map(({ dedupKey, held }) => [dedupKey, held]));
  return due.flatMap(({ record, hits, kind }) => {
    const { dedupKey } = record;
    const alert = map({ dedupKey, hits, held: heldBack.get(dedupKey) ?? {} });
    if (hiderOf(silences, timeOfHit(hits[0], logicalTime), () => alert)) return [];
    return [updateOf(makeUpdate(alert, record, { kind, logicalTime }), record)];
  });
}

/** Where it went before, and where it would go as it is now. */
function withTargets(alert: Alert, record: FiringAlert, { input }: FiringInput, deps: RunDeps): Updated {
  const targets = [...new Set([...record.targets, ...deps.waysOf(input.rule, alert).map(({ target }) => target)])];
  const { revision, severity, rowCount, lastSeen } = alert;
  const toldAt = Math.max(record.toldAt, input.planned.logicalTime);
  return { alert, record: { ...record, revision, severity, rowCount, lastSeen, toldAt, targets } };
}
