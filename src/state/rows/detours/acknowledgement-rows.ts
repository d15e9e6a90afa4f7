import { sql } from 'kysely';
import type { Disposition } from '../../../alerts/alert.ts';
import type { AcknowledgementCount, DetourStore, StoredAcknowledgement } from '../../detour-store.ts';
import type { Database } from '../../steps/database.ts';
import { compiledOnce } from '../../steps/statement.ts';
import { all, change, type RowSteps } from '../../steps/steps.ts';
import { db } from '../../steps/tables.ts';
import { noteChange } from '../audit/audit-rows.ts';
import { exactText } from '../text.ts';
import { answerRises, endEscalations } from './escalation-rows.ts';
import { newestAlert } from './newest-alert.ts';
import { readAcknowledgement } from './read-acknowledgement.ts';

/** Who has taken alerts on. */
export function createAcknowledgementRows(
  database: Database,
): Pick<DetourStore, 'acknowledge' | 'acknowledgementOf' | 'acknowledgementCounts'> {
  return {
    acknowledge: (alertId, acknowledgement, asked) =>
      database.write(function* () {
        const before = asked ? shown(yield* readAcknowledgement(alertId)) : null;
        const after = yield* acknowledge(alertId, acknowledgement);
        if (asked && after)
          yield* noteChange({ ...asked, action: 'acknowledge_alert', subject: alertId, before, after: shown(after) });
        return after;
      }),
    acknowledgementOf: (alertId) => database.ask(() => readAcknowledgement(alertId)),
    acknowledgementCounts: () => database.ask(readCounts),
  };
}

function* readCounts(): RowSteps<AcknowledgementCount[]> {
  return (yield* all(countQuery({}))).map(countOfRow);
}

function* acknowledge(
  alertId: string,
  { by, at, disposition = undefined }: StoredAcknowledgement,
): RowSteps<StoredAcknowledgement | null> {
  const alert = yield* newestAlert(alertId);
  if (!alert) return null;
  const of = { alert_id: alertId, tenant: alert.tenant, rule_id: alert.rule.id };
  const who = { by: exactText(by), at };
  const isRisen = yield* answerRises(alertId);
  const insert = db.insertInto('acknowledgement').values({ ...of, ...who, disposition: null });
  const add = insert.onConflict((conflict) => {
    const known = conflict.column('alert_id');
    return isRisen ? known.doUpdateSet(who) : known.doNothing();
  });
  yield* change(add);
  if (disposition !== undefined) {
    const judged = db.updateTable('acknowledgement').set({ disposition }).where('alert_id', '=', alertId);
    yield* change(judged);
  }
  yield* endEscalations(alertId);
  return yield* readAcknowledgement(alertId);
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
    .orderBy('rule_id');
});

type CountRow = { readonly tenant: string | null; readonly rule_id: string | null } & Readonly<
  Record<'all' | Disposition, number>
>;

function countOfRow({ tenant, rule_id, all, ...dispositions }: CountRow): AcknowledgementCount {
  return { tenant: tenant ?? '', ruleId: rule_id ?? '', acknowledged: all, dispositions };
}
