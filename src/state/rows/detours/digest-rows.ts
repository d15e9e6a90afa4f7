import { sql } from 'kysely';
import type { Alert } from '../../../alerts/alert.ts';
import type { Severity } from '../../../rules/rule.ts';
import type { DetourStore, DueDigest } from '../../detour-store.ts';
import type { Message } from '../../outbox-store.ts';
import type { Database } from '../../steps/database.ts';
import { compiledOnce } from '../../steps/statement.ts';
import { all, change, type RowSteps } from '../../steps/steps.ts';
import { db } from '../../steps/tables.ts';
import { exactText, fromExactText } from '../text.ts';
import { messageIdOf } from './newest-alert.ts';

/** Counts of severity and rule that are told of one digest. */
const MOST_COUNTS = 1000;
const SEVERITIES: readonly Severity[] = ['informational', 'low', 'medium', 'high', 'critical'];

interface UntoldRow {
  readonly id: number;
  readonly tenant: string;
  readonly target: string;
  readonly from_at: number;
  readonly due_at: number;
  readonly closed: number;
}
type SaveAlert = (alert: Alert, message: Message) => RowSteps<void>;
type Due = Parameters<DetourStore['dueDigests']>[0];

/** Messages that go out together. `save` stores an alert with one entry, inside a transaction. */
export function createDigestRows(
  database: Database,
  save: SaveAlert,
): Pick<DetourStore, 'dueDigests' | 'tellDigest' | 'nextDetour'> {
  return {
    dueDigests: (due) => readDue(database, due),
    tellDigest: (digest, alert) => database.write(() => tell(digest, alert, save)),
    nextDetour: () => database.ask(readNext),
  };
}

/** It is asked often and seldom finds any: most looks write nothing, and read no more than this. */
async function readDue(database: Database, { now, targets, limit }: Due): Promise<readonly DueDigest[]> {
  const standing = standingOf(await database.ask(() => all(untoldQuery({}))), now, targets);
  if (standing.hasDue) await database.write(() => closeDue(now, targets));
  if (!standing.hasDue && !standing.hasClosed) return [];
  return database.read(() => readClosed(limit));
}

function* readClosed(limit: number): RowSteps<DueDigest[]> {
  const digests: DueDigest[] = [];
  for (const row of yield* untold()) digests.push(yield* readDigest(row, limit));
  return digests;
}

function* tell({ id, target }: Pick<DueDigest, 'id' | 'target'>, alert: Alert, save: SaveAlert): RowSteps<void> {
  const told = db
    .updateTable('digest')
    .set({ told_at: Date.parse(alert.time) })
    .where('id', '=', id);
  if ((yield* change(told.where('told_at', 'is', null))) === 0) return;
  const ids = { messageId: alert.id, alertId: alert.id, revision: 0, orderKey: alert.dedupKey };
  yield* save(alert, { ...ids, target });
}

function* readNext(): RowSteps<number | null> {
  const { digest = null, escalation = null } = (yield* all(nextQuery({})))[0] ?? {};
  const times = [digest, escalation].filter((time) => time !== null);
  return times.length === 0 ? null : Math.min(...times);
}

export interface DigestTimes {
  /** Outbox time. */
  readonly now: number;
  /** Epoch ms. */
  readonly at: number;
}

/** Inside a transaction. `rowOf` tells the row of a message's alert. A message that was in a digest before stays there. */
export function* addToDigests(
  messages: readonly Message[],
  rowOf: (message: Message) => RowSteps<number>,
  times: DigestTimes,
): RowSteps<void> {
  for (const message of messages) {
    if (message.digestMs === undefined) continue;
    const alert = yield* rowOf(message);
    const seen = db.selectFrom('digest_item').select('id').where('alert', '=', alert);
    if ((yield* all(seen.where('target', '=', message.target))).length > 0) continue;
    const { tenant, severity, rule } = yield* documentOf(alert);
    const digest = yield* openDigest(tenant, message.target, message.digestMs, times);
    const what = { alert, alert_id: message.alertId, target: message.target };
    const rank = SEVERITIES.indexOf(severity);
    const values = { digest, ...what, rank, rule: exactText(rule.id) };
    yield* change(db.insertInto('digest_item').values(values));
  }
}

function* documentOf(alert: number): RowSteps<Alert> {
  const query = db.selectFrom('alert').select('document').where('id', '=', alert);
  return JSON.parse((yield* all(query))[0]?.document ?? '{}') as Alert;
}

function* openDigest(tenant: string, target: string, everyMs: number, { now, at }: DigestTimes): RowSteps<number> {
  const query = db
    .selectFrom('digest')
    .select('id')
    .where('tenant', '=', tenant)
    .where('target', '=', target)
    .where('every_ms', '=', everyMs)
    .where('closed', '=', sql.lit(0));
  const found = (yield* all(query))[0]?.id;
  if (found !== undefined) return found;
  const times = { every_ms: everyMs, from_at: at, due_at: Math.round(now + everyMs) };
  yield* change(db.insertInto('digest').values({ tenant, target, ...times }));
  return (yield* all(query))[0]?.id ?? 0;
}

const nextQuery = compiledOnce(() => {
  const soonest = sql<number | null>`min(due_at)`.as('due');
  const digest = db.selectFrom('digest').select(soonest).where('told_at', 'is', null);
  const escalation = db.selectFrom('escalation').select(soonest).where('due_at', 'is not', null);
  return db.selectNoFrom([digest.as('digest'), escalation.as('escalation')]);
});

const untoldQuery = compiledOnce(() => {
  const query = db.selectFrom('digest').select(['id', 'tenant', 'target', 'from_at', 'due_at', 'closed']);
  return query.where('told_at', 'is', null).orderBy('id');
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
function* closeDue(now: number, targets: readonly string[]): RowSteps<void> {
  const due = db
    .updateTable('digest')
    .set({ closed: 1 })
    .where('closed', '=', sql.lit(0))
    .where((where) => where.or([where('due_at', '<=', now), where('target', 'not in', [...targets, ''])]));
  yield* change(due);
}

function* untold(): RowSteps<readonly UntoldRow[]> {
  return (yield* all(untoldQuery({}))).filter(({ closed }) => closed === 1);
}

function* readDigest({ id, tenant, target, from_at }: UntoldRow, limit: number): RowSteps<DueDigest> {
  const [first] = yield* all(itemsOf(id).orderBy('item.id').limit(1));
  const newest = itemsOf(id).where(isNewest);
  const shown = yield* all(newest.orderBy('rank', 'desc').orderBy('item.id').limit(limit));
  return {
    id,
    tenant,
    target,
    from: from_at,
    firstMessageId: messageIdOf(JSON.parse(first?.document ?? '{}') as Alert),
    counts: yield* countsOf(id),
    alerts: shown.map(({ document }) => JSON.parse(document) as Alert),
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

function* countsOf(digest: number): RowSteps<DueDigest['counts']> {
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
  return (yield* all(query)).map(({ rank, rule, alerts }) => ({
    severity: SEVERITIES[rank] ?? 'informational',
    rule: fromExactText(rule),
    alerts,
  }));
}
