import type { Alert, HealthCode } from '../alerts/alert.ts';
import { healthAlertId } from '../alerts/alert-id.ts';
import { makeHealthAlert } from '../alerts/map/health-alert.ts';
import type { RunnableRule } from '../rules/rule.ts';
import type { HealthChange, HealthRecord } from '../state/outbox-store.ts';

/** What a run says of one condition: it holds (with what to tell), it is over, or (left out) nothing. */
export interface Condition {
  readonly code: HealthCode;
  readonly subject: string;
  readonly firing: boolean;
  readonly message: string;
  /** Tell a condition that is open already once more, with this message: a new gap beside an old one. */
  readonly again: boolean;
}

export interface HealthInput {
  readonly tenant: string;
  /** The rule and the run that found it; null where none did. */
  readonly rule: RunnableRule | null;
  readonly runId: string | null;
  readonly source: string;
  /**
   * Epoch ms of the service's clock, of ours where that is not known: when a condition that is found began. Not its L: a window that is asked again may find anew what was
   * over in between, and that is another alert.
   */
  readonly time: number;
  readonly open: readonly HealthRecord[];
  readonly conditions: readonly Condition[];
}

export interface HealthNews {
  readonly alerts: readonly Alert[];
  readonly changes: readonly HealthChange[];
}

/** Turns conditions into health alerts: a firing one when it begins, a resolved one, a revision later, when it is over. */
export function healthOf(input: HealthInput): HealthNews {
  const alerts: Alert[] = [];
  const changes: HealthChange[] = [];
  for (const condition of input.conditions) {
    const record = input.open.find(
      (one) => one.tenant === input.tenant && one.code === condition.code && one.subject === condition.subject,
    );
    const next = nextRecord(input, condition, record);
    if (!next) continue;
    alerts.push(healthAlert(input, condition, next));
    const { tenant, code, subject } = next;
    changes.push({ tenant, code, subject, record: condition.firing ? next : null });
  }
  return { alerts, changes };
}

function nextRecord(input: HealthInput, condition: Condition, record: HealthRecord | undefined): HealthRecord | null {
  if (record) return condition.firing && !condition.again ? null : { ...record, revision: record.revision + 1 };
  if (!condition.firing) return null;
  const { tenant, time: since } = input;
  const { code, subject } = condition;
  return { tenant, code, subject, since, alertId: healthAlertId(tenant, code, subject, since), revision: 0 };
}

function healthAlert(input: HealthInput, condition: Condition, record: HealthRecord): Alert {
  return makeHealthAlert({
    tenant: input.tenant,
    code: condition.code,
    subject: condition.subject,
    since: record.since,
    status: condition.firing ? 'firing' : 'resolved',
    revision: record.revision,
    time: input.time,
    message: condition.message,
    rule: input.rule,
    runId: input.runId,
    source: input.source,
  });
}
