import type { HiddenCount, HidingReason } from '../../../alerts/silences.ts';
import type { Severity } from '../../../rules/rule.ts';
import type { HiddenTotal, SilenceStore, SummaryMark } from '../../silence-store.ts';
import type { Connection } from '../connection.ts';
import { compiledOnce } from '../statement.ts';
import { db } from '../tables.ts';
import { exactText, fromExactText } from '../text.ts';

/** What silences and maintenance hid. */
export function createHiddenRows(connection: Connection): Pick<SilenceStore, 'hiddenTotals'> {
  return { hiddenTotals: async () => connection.read(() => readTotals(connection)) };
}

/** Inside a transaction: adds to what was counted before. */
export function saveHidden(connection: Connection, counts: readonly HiddenCount[]): void {
  for (const one of counts) {
    const { since, until, severity, hits } = one;
    const key = { counts: one.counts, name: one.id, since, tenant: one.tenant, rule_id: exactText(one.ruleId) };
    const times = { until, first_at: one.firstAt, last_at: one.lastAt };
    const query = db
      .insertInto('hidden')
      .values({ ...key, severity, hits, ...times })
      .onConflict((conflict) =>
        conflict.columns(['counts', 'name', 'since', 'tenant', 'rule_id', 'severity']).doUpdateSet((set) => ({
          until: set.fn('max', ['hidden.until', 'excluded.until']),
          hits: set('hidden.hits', '+', hits),
          first_at: set.fn('min', ['hidden.first_at', 'excluded.first_at']),
          last_at: set.fn('max', ['hidden.last_at', 'excluded.last_at']),
        })),
      );
    connection.run(query.compile());
  }
}

/** Inside a transaction. */
export function saveSummaries(connection: Connection, marks: readonly SummaryMark[]): void {
  for (const { counts, id, since, tenant, revision, hits, at } of marks) {
    const told = { revision, hits, at: Math.round(at) };
    const query = db
      .insertInto('summary')
      .values({ counts, name: id, since, tenant, ...told })
      .onConflict((conflict) => conflict.columns(['counts', 'name', 'since', 'tenant']).doUpdateSet(told));
    connection.run(query.compile());
  }
}

const hiddenQuery = compiledOnce(() =>
  db.selectFrom('hidden').selectAll().orderBy('hits', 'desc').orderBy('id').compile(),
);
const summaryQuery = compiledOnce(() => db.selectFrom('summary').selectAll().compile());

type Span = { readonly counts: string; readonly name: string; readonly since: number; readonly tenant: string };

function spanKey({ counts, name, since, tenant }: Span): string {
  return JSON.stringify([counts, name, since, tenant]);
}

function readTotals(connection: Connection): readonly HiddenTotal[] {
  const told = new Map(
    connection
      .all(summaryQuery({}))
      .map((row) => [spanKey(row), { revision: row.revision, hits: row.hits, at: row.at }]),
  );
  const totals = new Map<string, HiddenTotal>();
  for (const row of connection.all(hiddenQuery({}))) {
    const key = spanKey(row);
    const before = totals.get(key);
    const part = { ruleId: fromExactText(row.rule_id), severity: row.severity as Severity, hits: row.hits };
    totals.set(key, {
      counts: row.counts as HidingReason,
      id: row.name,
      since: row.since,
      tenant: row.tenant,
      until: Math.max(row.until, before?.until ?? row.until),
      hits: row.hits + (before?.hits ?? 0),
      firstAt: Math.min(row.first_at, before?.firstAt ?? row.first_at),
      lastAt: Math.max(row.last_at, before?.lastAt ?? row.last_at),
      parts: [...(before?.parts ?? []), part],
      told: told.get(key) ?? null,
    });
  }
  return [...totals.values()];
}
