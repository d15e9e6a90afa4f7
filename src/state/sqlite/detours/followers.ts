import type { Message } from '../../outbox-store.ts';
import type { Connection } from '../connection.ts';
import { db } from '../tables.ts';

/**
 * These messages, and those that updates and resolves owe to further targets: whoever was told of an alert in the place of another target,
 * or because nobody had acknowledged it, is told how it goes on.
 */
export function withFollowers(connection: Connection, messages: readonly Message[]): readonly Message[] {
  if (messages.every(({ revision }) => revision === 0)) return messages;
  const later = new Map(messages.filter(({ revision }) => revision > 0).map((one) => [one.messageId, one]));
  const owed = [...later.values()].flatMap((message) => {
    const told = new Set(messages.filter(({ messageId }) => messageId === message.messageId).map((one) => one.target));
    const targets = detoursOf(connection, message.alertId).filter((target) => !told.has(target));
    return targets.map((target) => ({ ...message, target }));
  });
  return [...messages, ...owed];
}

/** Targets that an alert has reached, or is to reach, by a detour. */
function detoursOf(connection: Connection, alertId: string): readonly string[] {
  const query = db
    .selectFrom('alert')
    .innerJoin('outbox', 'outbox.alert', 'alert.id')
    .select('outbox.target')
    .distinct()
    .where('alert.alert_id', '=', alertId)
    .where((where) => where.or([where('instead_of', 'is not', null), where('escalated_after', 'is not', null)]));
  return connection.all(query.compile()).map(({ target }) => target);
}
