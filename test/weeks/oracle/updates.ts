import type { Alert } from '../../../src/alerts/alert.ts';
import { SEVERITIES } from '../../../src/rules/rule.ts';
import type { RuleSpec } from '../scenario.ts';
import { type Finding, iso } from './finding.ts';
import type { ExpectedHit, ExpectedRun } from './reference.ts';
import type { CommittedRun } from './runs.ts';

/** An alert that fires, as it was told last; times are L, but `takenAt`, which is true time. */
export interface OpenAlert {
  readonly alertId: string;
  readonly dedupKey: string;
  readonly toldAt: number;
  readonly severity: Alert['severity'];
  readonly rowCount: number;
  readonly lastSeen: number;
  /** When somebody has taken it on; null: nobody has. */
  readonly takenAt: number | null;
}

/** Those of one rule, by id, in the order in which they began. */
export type OpenAlerts = Map<string, OpenAlert>;

/** Whether somebody had taken an alert on for a run: it reads that at some time between its first question and its commit. */
export type Taken = 'yes' | 'maybe' | 'no';

export function takenFor(open: OpenAlerts, dedupKey: string, { asked, at }: CommittedRun): Taken {
  const takenAt = latestOf(open, dedupKey)?.takenAt ?? null;
  if (takenAt === null || takenAt > at) return 'no';
  return takenAt < (asked[0]?.began ?? at) ? 'yes' : 'maybe';
}

type Kind = NonNullable<Alert['change']>['kind'];

/** What a run should say of an alert that fires: nothing, that there is more of it, or either as far as one can know. */
type Due = { readonly kind: Kind; readonly sure: boolean } | null;

/**
 * docs/alerts.md, Life cycle: a condition that goes on is one alert; what is found again behind the quiet time is its next revision, what is held back
 * is told once in `every` where there is more of it, at once where its severity has risen, and then also where somebody has taken it on.
 */
export function checkUpdates(run: CommittedRun, expected: ExpectedRun, open: OpenAlerts): readonly Finding[] {
  const { spec, commit } = run;
  if (!spec.updates) return [];
  const due = new Map([...open.values()].map((one) => [one.alertId, dueOf(run, expected, open, one)]));
  const own = commit.alerts.filter(
    ({ kind, status, overflow }) => kind === 'detection' && status === 'firing' && !overflow,
  );
  const updated = new Set(own.filter(({ revision }) => revision > 0).map(({ id }) => id));
  const sure = [...due].filter(([, one]) => one?.sure);
  const missing = sure.length > (spec.limit ?? 150) ? [] : sure.filter(([id]) => !updated.has(id));
  return [
    ...missing.map(([id, one]) => finding(run, 'untold', `${id} has ${one?.kind} and no update says so`)),
    ...own.flatMap((alert) => wrongWith(alert, run, expected, { open, due })),
  ];
}

interface Standing {
  readonly open: OpenAlerts;
  readonly due: ReadonlyMap<string, Due>;
}

function wrongWith(
  alert: Alert,
  run: CommittedRun,
  expected: ExpectedRun,
  { open, due }: Standing,
): readonly Finding[] {
  const known = open.get(alert.id);
  if (alert.revision === 0) {
    const keys = new Set(
      (alert.evidence as readonly { readonly DeviceId?: unknown }[]).map(({ DeviceId }) => String(DeviceId)),
    );
    const other = [...open.values()].find(({ dedupKey }) => keys.has(dedupKey));
    return other
      ? [finding(run, 'second-id', `${other.dedupKey} fires as ${other.alertId} and is told as ${alert.id}`)]
      : [];
  }
  const kind = alert.change?.kind;
  if (!known) return [finding(run, 'told-wrongly', `${alert.id} is updated (${kind}) and does not fire`)];
  const told = expected.hits.some(
    (hit) => hit.dedupKey === known.dedupKey && (hit.expected === 'told' || hit.expected === 'either'),
  );
  const asTold = rank(run.spec.severity) > rank(known.severity) ? 'severity' : 'again';
  const fits = (told && kind === asTold) || due.get(alert.id)?.kind === kind;
  return fits
    ? []
    : [finding(run, 'told-wrongly', `${alert.id} is updated (${kind}), and nothing of that kind is due`)];
}

/** By the latest alert of its key alone. */
function dueOf(run: CommittedRun, { hits }: ExpectedRun, open: OpenAlerts, one: OpenAlert): Due {
  const { spec, commit } = run;
  const { logicalTime } = commit.run;
  const own = hits.filter(({ dedupKey }) => dedupKey === one.dedupKey);
  const held = own.filter(({ expected }) => ['duplicate', 'quiet', 'either'].includes(expected));
  if (own.length === 0 || held.length < own.length || latestOf(open, one.dedupKey) !== one) return null;
  if (logicalTime <= one.toldAt || own.some(({ hides }) => hides)) return null;
  const sure = own.every(({ expected }) => expected !== 'either');
  if (rank(spec.severity) > rank(one.severity)) return { kind: 'severity', sure };
  const taken = takenFor(open, one.dedupKey, run);
  const { every = 0, when } = spec.updates ?? {};
  if (taken === 'yes' || when !== 'grown' || logicalTime - one.toldAt < every * 1000 || !hasGrown(one, own))
    return null;
  return { kind: 'grown', sure: sure && taken === 'no' };
}

function hasGrown({ rowCount, lastSeen }: OpenAlert, hits: readonly ExpectedHit[]): boolean {
  const rows = hits.reduce((sum, { rowKeys }) => sum + rowKeys.length, 0);
  return rows > rowCount || hits.some(({ newest }) => (newest ?? 0) > lastSeen);
}

function latestOf(open: OpenAlerts, dedupKey: string): OpenAlert | undefined {
  return [...open.values()].findLast((one) => one.dedupKey === dedupKey);
}

function rank(severity: RuleSpec['severity']): number {
  return SEVERITIES.indexOf(severity);
}

/** What fires behind a run. */
export function followAlerts(
  open: OpenAlerts,
  alerts: readonly Alert[],
  { logicalTime }: { readonly logicalTime: number },
): void {
  for (const alert of alerts) {
    if (alert.kind !== 'detection' || alert.overflow) continue;
    const { id: alertId, severity, rowCount, status } = alert;
    if (status === 'resolved') open.delete(alertId);
    else {
      const before = open.get(alertId);
      const [row] = alert.evidence as readonly { readonly DeviceId?: unknown }[];
      open.set(alertId, {
        alertId,
        dedupKey: before?.dedupKey ?? String(row?.DeviceId),
        toldAt: Math.max(before?.toldAt ?? logicalTime, logicalTime),
        ...{ severity, rowCount, lastSeen: Date.parse(alert.lastSeen), takenAt: before?.takenAt ?? null },
      });
    }
  }
}

/** The first one to take it on counts. */
export function takeOn(open: OpenAlerts, alertId: string, at: number): void {
  const one = open.get(alertId);
  if (one) open.set(alertId, { ...one, takenAt: one.takenAt ?? at });
}

function finding(run: CommittedRun, kind: Finding['kind'], message: string): Finding {
  const { logicalTime } = run.commit.run;
  return { kind, subject: run.spec.id, message: `${iso(run.at)} L ${iso(logicalTime)}: ${message}` };
}
