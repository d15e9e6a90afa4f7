import { type CompiledQuery, sql } from 'kysely';
import type { Alert } from '../../../alerts/alert.ts';
import type { Severity } from '../../../rules/rule.ts';
import type { DetourStore, DueDigest } from '../../detour-store.ts';
import type { Message } from '../../outbox-store.ts';
import type { Connection } from '../connection.ts';
import { compiledOnce } from '../statement.ts';
import { db } from '../tables.ts';
import { exactText, fromExactText } from '../text.ts';
import { messageIdOf } from './newest-alert.ts';

/** Counts of severity and rule that are told of one digest. */
const MOST_COUNTS = 1000;
const SEVERITIES: readonly Severity[] = ['informational', 'low', 'medium', 'high', 'critical'];

type UntoldRow = ReturnType<typeof untoldQuery> extends CompiledQuery<infer Row> ? Row : never;
type SaveAlert = (alert: Alert, message: Message) => void;

/** Messages that go out together. `save` stores an alert with one entry, inside a transaction. */
export function createDigestRows(
  connection: Connection,
  save: SaveAlert,
): Pick<DetourStore, 'dueDigests' | 'tellDigest' | 'nextDetour'> {
  return {
    dueDigests: async ({ now, targets, limit }) => {
      // It is asked often and seldom finds any: most looks write nothing, and read no more than this.
      const standing = standingOf(connection.all(untoldQuery({})), now, targets);
      if (standing.hasDue) connection.write(() => closeDue(connection, now, targets));
      if (!standing.hasDue && !standing.hasClosed) return [];
      return connection.read(() => untold(connection).map((row) => readDigest(connection, row, limit)));
    },
    tellDigest: async ({ id, target }, alert) =>
      connection.write(() => {
        const told = db
          .updateTable('digest')
          .set({ told_at: Date.parse(alert.time) })
          .where('id', '=', id);
        if (connection.run(told.where('told_at', 'is', null).compile()) === 0) return;
        const ids = { messageId: alert.id, alertId: alert.id, revision: 0, orderKey: alert.dedupKey };
        save(alert, { ...ids, target });
      }),
    nextDetour: async () => {
      const { digest = null, escalation = null } = connection.all(nextQuery({}))[0] ?? {};
      const times = [digest, escalation].filter((time) => time !== null);
      return times.length === 0 ? null : Math.min(...times);
    },
  };
}

export interface DigestTimes {
  /** Outbox time. */
  readonly now: number;
  /** Epoch ms. */
  readonly at: number;
}

/** Inside a transaction. `rowOf` tells the row of a message's alert. A message that was in a digest before stays there. */
export function addToDigests(
  connection: Connection,
  messages: readonly Message[],
  rowOf: (message: Message) => number,
  times: DigestTimes,
): void {
  for (const message of messages) {
    if (message.digestMs === undefined) continue;
    const alert = rowOf(message);
    const seen = db.selectFrom('digest_item').select('id').where('alert', '=', alert);
    if (connection.all(seen.where('target', '=', message.target).compile()).length > 0) continue;
    const { tenant, severity, rule } = documentOf(connection, alert);
    const digest = openDigest(connection, tenant, message.target, message.digestMs, times);
    const what = { alert, alert_id: message.alertId, target: message.target };
    const rank = SEVERITIES.indexOf(severity);
    const values = { digest, ...what, rank, rule: exactText(rule.id) };
    connection.run(db.insertInto('digest_item').values(values).compile());
  }
}

function documentOf(connection: Connection, alert: number): Alert {
  const query = db.selectFrom('alert').select('document').where('id', '=', alert);
  return JSON.parse(connection.all(query.compile())[0]?.document ?? '{}') as Alert;
}

function openDigest(
  connection: Connection,
  tenant: string,
  target: string,
  everyMs: number,
  { now, at }: DigestTimes,
): number {
  const query = db
    .selectFrom('digest')
    .select('id')
    .where('tenant', '=', tenant)
    .where('target', '=', target)
    .where('every_ms', '=', everyMs)
    .where('closed', '=', sql.lit(0))
    .compile();
  const found = connection.all(query)[0]?.id;
  if (found !== undefined) return found;
  const times = { every_ms: everyMs, from_at: at, due_at: Math.round(now + everyMs) };
  connection.run(
    db
      .insertInto('digest')
      .values({ tenant, target, ...times })
      .compile(),
  );
  return connection.all(query)[0]?.id ?? 0;
}

const nextQuery = compiledOnce(() => {
  const soonest = sql<number | null>`min(due_at)`.as('due');
  const digest = db.selectFrom('digest').select(soonest).where('told_at', 'is', null);
  const escalation = db.selectFrom('escalation').select(soonest).where('due_at', 'is not', null);
  return db.selectNoFrom([digest.as('digest'), escalation.as('escalation')]).compile();
});

const untoldQuery = compiledOnce(() => {
  const query = db.selectFrom('digest').select(['id', 'tenant', 'target', 'from_at', 'due_at', 'closed']);
  return query.where('told_at', 'is', null).orderBy('id').compile();
});

/** Whether there are closed ones to tell, and whether `closeDue` would close others. */
function standingOf(rows: readonly UntoldRow[], now: number, targets: readonly string[]) {
  const hasClosed = rows.some(({ closed }) => closed === 1);
  const hasDue = rows.some(
    ({ closed, due_at, target }) => closed === 0 && (due_at <= now || !targets.includes(target)),
  );
  return { hasClosed, hasDue };
}

/** From now on messages go to a new digest: what is closed can be read and told in peace. */
function closeDue(connection: Connection, now: number, targets: readonly string[]): void {
  const due = db
    .updateTable('digest')
    .set({ closed: 1 })
    .where('closed', '=', sql.lit(0))
    .where((where) => where.or([where('due_at', '<=', now), where('target', 'not in', [...targets, ''])]));
  connection.run(due.compile());
}

function untold(connection: Connection): readonly UntoldRow[] {
  return connection.all(untoldQuery({})).filter(({ closed }) => closed === 1);
}

function readDigest(connection: Connection, { id, tenant, target, from_at }: UntoldRow, limit: number): DueDigest {
  const [first] = connection.all(itemsOf(id).orderBy('item.id').limit(1).compile());
  const newest = itemsOf(id).where(isNewest);
  return {
    id,
    tenant,
    target,
    from: from_at,
    firstMessageId: messageIdOf(JSON.parse(first?.document ?? '{}') as Alert),
    counts: countsOf(connection, id),
    alerts: connection
      .all(newest.orderBy('rank', 'desc').orderBy('item.id').limit(limit).compile())
      .map(({ document }) => JSON.parse(document) as Alert),
  };
}

/** Of several messages of one alert the last one counts. */
const isNewest = sql<boolean>`not exists (select 1 from digest_item as later where later.digest = item.digest
  and later.alert_id = item.alert_id and later.id > item.id)`;

function itemsOf(digest: number) {
  return db
    .selectFrom('digest_item as item')
    .innerJoin('alert', 'alert.id', 'item.alert')
    .select('document')
    .where('item.digest', '=', digest);
}

function countsOf(connection: Connection, digest: number): DueDigest['counts'] {
  const query = db
    .selectFrom('digest_item as item')
    .select(['rank', 'rule', sql<number>`count(*)`.as('alerts')])
    .where('item.digest', '=', digest)
    .where(isNewest)
    .groupBy(['rank', 'rule'])
    .orderBy('rank', 'desc')
    .orderBy('alerts', 'desc')
    .orderBy('rule')
    .limit(MOST_COUNTS);
  return connection.all(query.compile()).map(({ rank, rule, alerts }) => ({
    severity: SEVERITIES[rank] ?? 'informational',
    rule: fromExactText(rule),
    alerts,
  }));
}
