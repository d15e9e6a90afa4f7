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
    return targets.map((target) => ({ ...withoutDigest(message), target }));
  });
  return [...messages.map((message) => asBefore(connection, message)), ...owed];
}

/** Whoever has an alert in a digest is told in a digest how it goes on. */
function asBefore(connection: Connection, message: Message): Message {
  if (message.revision === 0 || message.digestMs !== undefined) return message;
  const query = db
    .selectFrom('alert')
    .innerJoin('digest_item as item', 'item.alert', 'alert.id')
    .innerJoin('digest', 'digest.id', 'item.digest')
    .select('every_ms')
    .where('alert.alert_id', '=', message.alertId)
    .where('item.target', '=', message.target);
  const [digest] = connection.all(query.limit(1).compile());
  return digest ? { ...message, digestMs: digest.every_ms } : message;
}

/** Whoever was told by itself is told of the end by itself. */
function withoutDigest({ digestMs: _, ...message }: Message): Message {
  return message;
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
