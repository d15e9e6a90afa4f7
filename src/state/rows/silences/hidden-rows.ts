import type { HiddenCount, HidingReason } from '../../../alerts/silences.ts';
import type { Severity } from '../../../rules/rule.ts';
import type { HiddenTotal, SilenceStore, SummaryMark } from '../../silence-store.ts';
import type { Database } from '../../steps/database.ts';
import { compiledOnce } from '../../steps/statement.ts';
import { all, change, type RowSteps } from '../../steps/steps.ts';
import { db } from '../../steps/tables.ts';
import { greatest, least } from '../../steps/words.ts';
import { exactText, fromExactText } from '../text.ts';

/** What silences and maintenance hid. */
export function createHiddenRows(database: Database): Pick<SilenceStore, 'hiddenTotals'> {
  return {
    hiddenTotals: async () => ((await database.ask(isAnyHidden)) ? database.read(readTotals) : []),
  };
}

/** Mostly nothing is, and it is asked once a minute. */
function* isAnyHidden(): RowSteps<boolean> {
  return (yield* all(anyHidden({}))).length > 0;
}

const anyHidden = compiledOnce(() => db.selectFrom('hidden').select('id').limit(1));

/** Inside a transaction: adds to what was counted before. */
export function* saveHidden(counts: readonly HiddenCount[]): RowSteps<void> {
  for (const one of counts) {
    const { since, until, severity, hits } = one;
    const key = { counts: one.counts, name: one.id, since, tenant: one.tenant, rule_id: exactText(one.ruleId) };
    const times = { until, first_at: one.firstAt, last_at: one.lastAt };
    const query = db
      .insertInto('hidden')
      .values({ ...key, severity, hits, ...times })
      .onConflict((conflict) =>
        conflict.columns(['counts', 'name', 'since', 'tenant', 'rule_id', 'severity']).doUpdateSet((set) => ({
          until: greatest(set.ref('hidden.until'), set.ref('excluded.until')),
          hits: set('hidden.hits', '+', hits),
          first_at: least(set.ref('hidden.first_at'), set.ref('excluded.first_at')),
          last_at: greatest(set.ref('hidden.last_at'), set.ref('excluded.last_at')),
        })),
      );
    yield* change(query);
  }
}

/** Inside a transaction. */
export function* saveSummaries(marks: readonly SummaryMark[]): RowSteps<void> {
  for (const { counts, id, since, tenant, revision, hits, at } of marks) {
    const told = { revision, hits, at: Math.round(at) };
    const query = db
      .insertInto('summary')
      .values({ counts, name: id, since, tenant, ...told })
      .onConflict((conflict) => conflict.columns(['counts', 'name', 'since', 'tenant']).doUpdateSet(told));
    yield* change(query);
  }
}

const hiddenQuery = compiledOnce(() => db.selectFrom('hidden').selectAll().orderBy('hits', 'desc').orderBy('id'));
const summaryQuery = compiledOnce(() => db.selectFrom('summary').selectAll());

type Span = { readonly counts: string; readonly name: string; readonly since: number; readonly tenant: string };

function spanKey({ counts, name, since, tenant }: Span): string {
  return JSON.stringify([counts, name, since, tenant]);
}

function* readTotals(): RowSteps<readonly HiddenTotal[]> {
  const told = new Map(
    (yield* all(summaryQuery({}))).map((row) => [spanKey(row), { revision: row.revision, hits: row.hits, at: row.at }]),
  );
  const totals = new Map<string, HiddenTotal>();
  for (const row of yield* all(hiddenQuery({}))) {
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
