import type { Alert } from '../../alerts/alert.ts';
import { messageId } from '../../alerts/alert.ts';
import { carries, type PlantedAttack } from '../../emulator/company/company.ts';
import { cefField, type ReceivedMessage } from '../../emulator/syslog-receiver.ts';
import type { ReceivedPost } from '../../emulator/webhook-receiver.ts';
import type { RunRecord } from '../../state/run-record.ts';
import type { Commit } from '../../state/store.ts';
import { SYSLOG, WEBHOOK } from './demo-config.ts';

/** An alert that the HTTP receiver got for the first time. */
export interface ReceivedAlert {
  readonly alert: Alert;
  /** Demo time, epoch ms. */
  readonly at: number;
  /** The attacks that its evidence shows. */
  readonly attacks: readonly PlantedAttack[];
}

/** What has been seen so far. */
export interface Scoreboard {
  readonly attacks: PlantedAttack[];
  readonly runs: RunRecord[];
  /** Message ids that runs have put into the outbox, with the id of the rule, by target. */
  readonly expected: Readonly<Record<string, Map<string, string>>>;
  /** Message ids that came, by target; from the webhook only what was signed. */
  readonly received: Readonly<Record<string, Set<string>>>;
  readonly alerts: ReceivedAlert[];
  /** What a receiver could not accept, in words. */
  readonly refused: string[];
  /** Runs that end now are no longer counted: what they tell could not arrive before the end. */
  closed: boolean;
}

/** In place of the rule's id where a message is about Huntwire itself. */
const HEALTH = '';

export function createScoreboard(): Scoreboard {
  return {
    attacks: [],
    runs: [],
    expected: { [WEBHOOK]: new Map(), [SYSLOG]: new Map() },
    received: { [WEBHOOK]: new Set(), [SYSLOG]: new Set() },
    alerts: [],
    refused: [],
    closed: false,
  };
}

export function noteCommit(scoreboard: Scoreboard, { run, alerts, messages }: Commit): void {
  if (scoreboard.closed) return;
  scoreboard.runs.push(run);
  const health = new Set(alerts.filter((alert) => alert.kind === 'health').map((alert) => alert.id));
  for (const { target, messageId: id, alertId } of messages)
    scoreboard.expected[target]?.set(id, health.has(alertId) ? HEALTH : run.ruleId);
}

/** The alert where it is new, for those who watch; null for a repeat and for what is not signed. */
export function notePost(scoreboard: Scoreboard, post: ReceivedPost, at: number): ReceivedAlert | null {
  if (!post.verified) {
    scoreboard.refused.push(`${WEBHOOK}: the message ${post.messageId} is not signed as it should be`);
    return null;
  }
  const received = scoreboard.received[WEBHOOK];
  if (!received || received.has(post.messageId)) return null;
  received.add(post.messageId);
  const alert = JSON.parse(post.body) as Alert;
  const attacks = scoreboard.attacks.filter((attack) => shows(alert, attack));
  const one = { alert, at, attacks };
  scoreboard.alerts.push(one);
  return one;
}

function shows(alert: Alert, attack: PlantedAttack): boolean {
  return alert.kind === 'detection' && alert.evidence.some((row) => attack.marks.some((mark) => carries(row, mark)));
}

/** A CEF message names the alert and its revision, which make the message id. */
export function noteMessage(scoreboard: Scoreboard, { payload }: ReceivedMessage): void {
  const id = cefField(payload, 'externalId');
  const revision = Number(cefField(payload, 'cn1') ?? 'none');
  if (id === null || Number.isNaN(revision)) scoreboard.refused.push(`${SYSLOG}: a message names no alert`);
  else scoreboard.received[SYSLOG]?.add(messageId({ id, revision }));
}

export function finderOf(scoreboard: Scoreboard, attack: PlantedAttack): ReceivedAlert | null {
  return scoreboard.alerts.find((one) => one.attacks.includes(attack)) ?? null;
}

/** Message ids of a target that were to come and did not. */
export function missingAt(scoreboard: Scoreboard, target: string): readonly string[] {
  const received = scoreboard.received[target];
  return [...(scoreboard.expected[target]?.keys() ?? [])].filter((id) => !received?.has(id));
}

/** How many messages of a rule have come at a target. */
export function receivedOf(scoreboard: Scoreboard, target: string, ruleId: string): number {
  const ids = [...(scoreboard.expected[target] ?? [])].filter(([, rule]) => rule === ruleId).map(([id]) => id);
  return ids.filter((id) => scoreboard.received[target]?.has(id)).length;
}

export function areAllFound(scoreboard: Scoreboard): boolean {
  return scoreboard.attacks.every((attack) => finderOf(scoreboard, attack) !== null);
}

export function isAllReceived(scoreboard: Scoreboard): boolean {
  return [WEBHOOK, SYSLOG].every((target) => missingAt(scoreboard, target).length === 0);
}
