import { sql } from 'kysely';
import type { Disposition } from '../../../alerts/alert.ts';
import type { AcknowledgementCount, DetourStore, StoredAcknowledgement } from '../../detour-store.ts';
import type { NoteAudit } from '../audit/audit-rows.ts';
import type { Connection } from '../connection.ts';
import { compiledOnce } from '../statement.ts';
import { db } from '../tables.ts';
import { exactText } from '../text.ts';
import { answerRises, endEscalations } from './escalation-rows.ts';
import { newestAlert } from './newest-alert.ts';
import { readAcknowledgement } from './read-acknowledgement.ts';

/** Who has taken alerts on. */
export function createAcknowledgementRows(
  connection: Connection,
  note: NoteAudit,
): Pick<DetourStore, 'acknowledge' | 'acknowledgementOf' | 'acknowledgementCounts'> {
  return {
    acknowledge: async (alertId, acknowledgement, asked) =>
      connection.write(() => {
        const before = asked ? shown(readAcknowledgement(connection, alertId)) : null;
        const after = acknowledge(connection, alertId, acknowledgement);
        if (asked && after)
          note({ ...asked, action: 'acknowledge_alert', subject: alertId, before, after: shown(after) });
        return after;
      }),
    acknowledgementOf: async (alertId) => readAcknowledgement(connection, alertId),
    acknowledgementCounts: async () => connection.all(countQuery({})).map(countOfRow),
  };
}

function acknowledge(
  connection: Connection,
  alertId: string,
  { by, at, disposition = undefined }: StoredAcknowledgement,
): StoredAcknowledgement | null {
  const alert = newestAlert(connection, alertId);
  if (!alert) return null;
  const of = { alert_id: alertId, tenant: alert.tenant, rule_id: alert.rule.id };
  const who = { by: exactText(by), at };
  const isRisen = answerRises(connection, alertId);
  const insert = db.insertInto('acknowledgement').values({ ...of, ...who, disposition: null });
  const add = insert.onConflict((conflict) => {
    const known = conflict.column('alert_id');
    return isRisen ? known.doUpdateSet(who) : known.doNothing();
  });
  connection.run(add.compile());
  if (disposition !== undefined) {
    const change = db.updateTable('acknowledgement').set({ disposition }).where('alert_id', '=', alertId);
    connection.run(change.compile());
  }
  endEscalations(connection, alertId);
  return readAcknowledgement(connection, alertId);
}

function shown(given: StoredAcknowledgement | null): unknown {
  return given && { ...given, at: new Date(given.at).toISOString() };
}

const countQuery = compiledOnce(() => {
  const among = (disposition: Disposition) =>
    sql<number>`count(*) FILTER (WHERE disposition = ${sql.lit(disposition)})`;
  return db
    .selectFrom('acknowledgement')
    .select(['tenant', 'rule_id'])
    .select((select) => [
      select.fn.countAll<number>().as('all'),
      among('true').as('true'),
      among('false').as('false'),
      among('benign').as('benign'),
    ])
    .where('rule_id', 'is not', null)
    .groupBy(['tenant', 'rule_id'])
    .orderBy('tenant')
    .orderBy('rule_id')
    .compile();
});

type CountRow = { readonly tenant: string | null; readonly rule_id: string | null } & Readonly<
  Record<'all' | Disposition, number>
>;

function countOfRow({ tenant, rule_id, all, ...dispositions }: CountRow): AcknowledgementCount {
  return { tenant: tenant ?? '', ruleId: rule_id ?? '', acknowledged: all, dispositions };
}
