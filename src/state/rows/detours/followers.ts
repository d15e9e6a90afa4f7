import type { Message } from '../../outbox-store.ts';
import { all, type RowSteps } from '../../steps/steps.ts';
import { db } from '../../steps/tables.ts';

/**
 * These messages, and those that updates and resolves owe to further targets: whoever was told of an alert in the place of another target,
 * or because nobody had acknowledged it, is told how it goes on.
 */
export function* withFollowers(messages: readonly Message[]): RowSteps<readonly Message[]> {
  if (messages.every(({ revision }) => revision === 0)) return messages;
  const later = new Map(messages.filter(({ revision }) => revision > 0).map((one) => [one.messageId, one]));
  const owed: Message[] = [];
  for (const message of later.values()) {
    const told = new Set(messages.filter(({ messageId }) => messageId === message.messageId).map((one) => one.target));
    for (const target of yield* detoursOf(message.alertId))
      if (!told.has(target)) owed.push({ ...withoutDigest(message), target });
  }
  const known: Message[] = [];
  for (const message of messages) known.push(yield* asBefore(message));
  return [...known, ...owed];
}

/** Whoever has an alert in a digest is told in a digest how it goes on. */
function* asBefore(message: Message): RowSteps<Message> {
  if (message.revision === 0 || message.digestMs !== undefined) return message;
  const query = db
    .selectFrom('alert')
    .innerJoin('digest_item as item', 'item.alert', 'alert.id')
    .innerJoin('digest', 'digest.id', 'item.digest')
    .select('every_ms')
    .where('alert.alert_id', '=', message.alertId)
    .where('item.target', '=', message.target);
  const [digest] = yield* all(query.limit(1));
  return digest ? { ...message, digestMs: digest.every_ms } : message;
}

/** Whoever was told by itself is told of the end by itself. */
function withoutDigest({ digestMs: _, ...message }: Message): Message {
  return message;
}

/** Targets that an alert has reached, or is to reach, by a detour. */
function* detoursOf(alertId: string): RowSteps<readonly string[]> {
  const query = db
    .selectFrom('alert')
    .innerJoin('outbox', 'outbox.alert', 'alert.id')
    .select('outbox.target')
    .distinct()
    .where('alert.alert_id', '=', alertId)
    .where((where) => where.or([where('instead_of', 'is not', null), where('escalated_after', 'is not', null)]));
  return (yield* all(query)).map(({ target }) => target);
}
