import type { Alert, HealthCode } from '../alerts/alert.ts';
import { messageId } from '../alerts/alert.ts';
import { hiddenAlert, hushHealth } from '../alerts/hush-health.ts';
import { makeHealthAlert } from '../alerts/map/health-alert.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Way } from '../state/detour-store.ts';
import type { HealthRecord, Message, OutboxStore } from '../state/outbox-store.ts';
import type { SilenceReader } from '../state/silence-store.ts';

export interface ConditionOptions {
  readonly store: OutboxStore;
  readonly clock: Clock;
  readonly log: Log;
  /** The tenant that health alerts of targets are raised under. */
  readonly tenant: string;
  readonly healthTargets: readonly string[];
  /** Which ways they go; left out: to all of `healthTargets`. */
  readonly routeHealth?: (alert: Alert) => readonly Way[];
  /** What is silent at the moment; left out: nothing ever is. */
  readonly silences?: SilenceReader;
}

export type TargetCondition = Extract<HealthCode, 'target-blocked' | 'dead-letter'>;

/** The open health conditions of targets. Raising one that is open, or resolving one that is not, does nothing. */
export interface Conditions {
  /** Both tell whether alerts were committed. `since`: when it began, in epoch ms. */
  raise(code: TargetCondition, target: string, since: number, message: string): Promise<boolean>;
  resolve(code: TargetCondition, target: string, message: string): Promise<boolean>;
  /** Targets with this condition open. */
  subjects(code: TargetCondition): readonly string[];
}

interface Desk extends ConditionOptions {
  readonly open: Map<string, HealthRecord>;
}

export async function loadConditions(options: ConditionOptions): Promise<Conditions> {
  const open = new Map<string, HealthRecord>();
  for (const record of await options.store.openHealth()) {
    if (record.tenant === options.tenant) open.set(keyOf(record.code, record.subject), record);
  }
  const desk: Desk = { ...options, open };
  return {
    raise: (code, target, since, message) => raise(desk, code, target, since, message),
    resolve: (code, target, message) => resolve(desk, code, target, message),
    subjects: (code) => [...open.values()].filter((one) => one.code === code).map((one) => one.subject),
  };
}

function keyOf(code: HealthCode, subject: string): string {
  return `${code} ${subject}`;
}

async function raise(
  desk: Desk,
  code: TargetCondition,
  subject: string,
  since: number,
  message: string,
): Promise<boolean> {
  if (desk.open.has(keyOf(code, subject))) return false;
  const about = { tenant: desk.tenant, code, subject, since, revision: 0 };
  const alert = makeHealthAlert({ ...about, time: desk.clock.now(), status: 'firing', message });
  const verdict = hushHealth(alert, null, (await desk.silences?.()) ?? []);
  const hider = verdict.kind === 'tell' ? null : verdict.hider;
  const record: HealthRecord = { ...about, alertId: alert.id, ...(hider && { isHidden: true }) };
  const messages = hider ? [] : healthMessages(desk, alert, subject);
  const hidden = hider ? [hiddenAlert(alert, hider)] : [];
  await desk.store.commitHealth({ alerts: [alert], messages, health: [{ ...about, record }], hidden });
  desk.open.set(keyOf(code, subject), record);
  desk.log.error(message, { target: subject, code });
  return messages.length > 0;
}

async function resolve(desk: Desk, code: TargetCondition, subject: string, message: string): Promise<boolean> {
  const record = desk.open.get(keyOf(code, subject));
  if (!record) return false;
  const about = { ...record, revision: record.revision + 1 };
  const alert = makeHealthAlert({ ...about, time: desk.clock.now(), status: 'resolved', message });
  const told = (await isHiddenNow(desk, record)) ? [] : [alert];
  const messages = told.flatMap((one) => healthMessages(desk, one, subject));
  await desk.store.commitHealth({ alerts: told, messages, health: [{ ...about, record: null }] });
  desk.open.delete(keyOf(code, subject));
  desk.log.info(message, { target: subject, code });
  return messages.length > 0;
}

/** What a silence hid is told when it has ended, by whoever looks after silences: the state knows. */
async function isHiddenNow({ store }: Desk, { isHidden, alertId }: HealthRecord): Promise<boolean> {
  if (!isHidden) return false;
  return (await store.openHealth()).some((one) => one.alertId === alertId && one.isHidden);
}

/** A target is never told of its own trouble: the message would wait behind it. One order key for all of one condition keeps a resolve behind its firing. */
export function healthMessages(desk: ConditionOptions, alert: Alert, subject: string): Message[] {
  const routed = desk.routeHealth?.(alert) ?? [...new Set(desk.healthTargets)].map((target) => ({ target }));
  const ways = routed.filter(({ target }) => target !== subject);
  if (ways.length === 0) desk.log.warn('No other target is there to take a health alert.', { target: subject });
  const ids = { messageId: messageId(alert), alertId: alert.id, revision: alert.revision, orderKey: alert.dedupKey };
  return ways.map((way) => ({ ...ids, ...way }));
}
