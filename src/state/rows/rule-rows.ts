import type { Database } from '../steps/database.ts';
import { compiledOnce } from '../steps/statement.ts';
import { all, change, type RowSteps } from '../steps/steps.ts';
import { db } from '../steps/tables.ts';
import type { LedgerEntry, RuleState, Store } from '../store.ts';
import { requireFence } from './fence.ts';
import { runOfText } from './journal/run-text.ts';
import { plainText } from './text.ts';

/** As it stands in the file: there the standing is called `condition`, as it was in the first release. */
type StoredState = Omit<RuleState, 'ledger' | 'lastRun' | 'standing'> & { readonly condition: RuleState['standing'] };
type LedgerOutcome = LedgerEntry['outcome'];
type Name = { readonly tenant: string; readonly ruleId: string };
type Of = { readonly rule: number };
type EntryRow = Of & {
  readonly entryId: string;
  readonly from: number;
  readonly to: number;
  readonly logicalTime: number;
  readonly attempts: number;
  readonly outcome: string;
  readonly reason: string | null;
  readonly failedAt: number | null;
};

export function createRuleRows(
  database: Database,
  fence: number,
): Pick<Store, 'ruleState' | 'ruleStates' | 'moveRule'> {
  return {
    ruleState: (tenant, ruleId) => database.read(() => readState(tenant, ruleId)),
    ruleStates: () => database.read(readStates),
    moveRule: (tenant, ids) =>
      database.write(function* () {
        yield* requireFence(database.name, fence);
        return yield* moveRule(tenant, ids);
      }),
  };
}

/** The row id of a rule, or 0, which is that of none, where nothing was ever committed for it. */
export function* ruleRowId(tenant: string, ruleId: string): RowSteps<number> {
  return (yield* all(rowIdOf({ tenant, ruleId })))[0]?.id ?? 0;
}

const rowIdOf = compiledOnce(({ tenant, ruleId }: Name) =>
  db.selectFrom('rule').select('id').where('tenant', '=', tenant).where('rule_id', '=', ruleId),
);

/** All that is kept of a rule hangs on its row. */
function* moveRule(tenant: string, { from, to }: { readonly from: string; readonly to: string }): RowSteps<boolean> {
  if ((yield* ruleRowId(tenant, from)) === 0 || (yield* ruleRowId(tenant, to)) !== 0) return false;
  yield* change(renameRow({ tenant, from, to }));
  return true;
}

const renameRow = compiledOnce(
  ({ tenant, from, to }: { readonly tenant: string; readonly from: string; readonly to: string }) =>
    db.updateTable('rule').set({ rule_id: to }).where('tenant', '=', tenant).where('rule_id', '=', from),
);

/** Writes the state of a rule and returns its row id. Inside a transaction. */
export function* saveRule(tenant: string, ruleId: string, rule: Omit<RuleState, 'lastRun'>): RowSteps<number> {
  const { ledger, standing, ...rest } = rule;
  const stored: StoredState = { ...rest, condition: standing };
  const id = (yield* all(upsertRule({ tenant, ruleId, state: JSON.stringify(stored) })))[0]?.id ?? 0;
  yield* saveLedger(id, ledger);
  return id;
}

const upsertRule = compiledOnce(({ tenant, ruleId, state }: Name & { readonly state: string }) =>
  db
    .insertInto('rule')
    .values({ tenant, rule_id: ruleId, state })
    .onConflict((conflict) => conflict.columns(['tenant', 'rule_id']).doUpdateSet({ state }))
    .returning('id'),
);

function* saveLedger(rule: number, ledger: readonly LedgerEntry[]): RowSteps<void> {
  const before = new Map((yield* readLedger(rule)).map((entry) => [entry.id, JSON.stringify(entry)]));
  for (const entry of ledger) {
    if (before.get(entry.id) !== JSON.stringify(inOrder(entry))) yield* saveEntry(rule, entry);
    before.delete(entry.id);
  }
  for (const entryId of before.keys()) yield* change(deleteEntry({ rule, entryId }));
}

const deleteEntry = compiledOnce(({ rule, entryId }: Of & { readonly entryId: string }) =>
  db.deleteFrom('ledger').where('rule', '=', rule).where('entry_id', '=', entryId),
);

function* saveEntry(rule: number, entry: LedgerEntry): RowSteps<void> {
  const { id: entryId, from, to, logicalTime, attempts, outcome } = entry;
  const reason = entry.reason === null ? null : plainText(entry.reason);
  const failedAt = entry.failedAt ?? null;
  yield* change(upsertEntry({ rule, entryId, from, to, logicalTime, attempts, outcome, reason, failedAt }));
}

const upsertEntry = compiledOnce((row: EntryRow) => {
  const values = {
    from_at: row.from,
    to_at: row.to,
    logical_time: row.logicalTime,
    attempts: row.attempts,
    outcome: row.outcome,
    reason: row.reason,
    failed_at: row.failedAt,
  };
  return db
    .insertInto('ledger')
    .values({ rule: row.rule, entry_id: row.entryId, ...values })
    .onConflict((conflict) => conflict.columns(['rule', 'entry_id']).doUpdateSet(values));
});

const entriesOf = compiledOnce(({ rule }: Of) =>
  db.selectFrom('ledger').selectAll().where('rule', '=', rule).orderBy('from_at').orderBy('id'),
);

function* readLedger(rule: number): RowSteps<LedgerEntry[]> {
  return (yield* all(entriesOf({ rule }))).map(toEntry);
}

const allEntries = compiledOnce(() =>
  db.selectFrom('ledger').selectAll().orderBy('rule').orderBy('from_at').orderBy('id'),
);

/** By the row id of their rule: thousands of rules are asked for at once. */
function* readLedgers(): RowSteps<ReadonlyMap<number, readonly LedgerEntry[]>> {
  const ledgers = new Map<number, LedgerEntry[]>();
  for (const row of yield* all(allEntries({}))) {
    const own = ledgers.get(row.rule);
    if (own) own.push(toEntry(row));
    else ledgers.set(row.rule, [toEntry(row)]);
  }
  return ledgers;
}

interface StoredEntryRow {
  readonly entry_id: string;
  readonly from_at: number;
  readonly to_at: number;
  readonly logical_time: number;
  readonly attempts: number;
  readonly outcome: string;
  readonly reason: string | null;
  readonly failed_at: number | null;
}

function toEntry(row: StoredEntryRow): LedgerEntry {
  return inOrder({
    id: row.entry_id,
    from: row.from_at,
    to: row.to_at,
    logicalTime: row.logical_time,
    attempts: row.attempts,
    outcome: row.outcome as LedgerOutcome,
    reason: row.reason,
    ...(row.failed_at !== null && { failedAt: row.failed_at }),
  });
}

/** One order of fields, so that two entries can be compared as text. */
function inOrder({ id, from, to, logicalTime, attempts, outcome, reason, failedAt }: LedgerEntry): LedgerEntry {
  const entry = { id, from, to, logicalTime, attempts, outcome, reason };
  return failedAt === undefined ? entry : { ...entry, failedAt };
}

function stateQuery() {
  return db
    .selectFrom('rule')
    .leftJoin('run', 'run.id', 'rule.last_run')
    .select(['rule.id', 'rule.tenant', 'rule.rule_id', 'rule.state', 'run.run_id', 'run.record']);
}

interface StateRow {
  readonly id: number;
  readonly tenant: string;
  readonly rule_id: string;
  readonly state: string;
  readonly run_id: string | null;
  readonly record: string | null;
}

function toState(row: StateRow, ledger: readonly LedgerEntry[]): RuleState {
  const { condition, ...stored } = JSON.parse(row.state) as StoredState;
  return { ...stored, standing: condition, ledger, lastRun: lastRunOf(row) };
}

function lastRunOf({ run_id: runId, record, tenant, rule_id: ruleId }: StateRow): RuleState['lastRun'] {
  return runId === null || record === null ? null : runOfText(record, { runId, tenant, ruleId });
}

function* readState(tenant: string, ruleId: string): RowSteps<RuleState | null> {
  const row = (yield* all(stateOf({ tenant, ruleId })))[0];
  return row ? toState(row, yield* readLedger(row.id)) : null;
}

const stateOf = compiledOnce(({ tenant, ruleId }: Name) =>
  stateQuery().where('rule.tenant', '=', tenant).where('rule.rule_id', '=', ruleId),
);

function* readStates(): RowSteps<{ tenant: string; ruleId: string; state: RuleState }[]> {
  const query = stateQuery().orderBy('rule.tenant').orderBy('rule.rule_id');
  const rows = yield* all(query);
  const ledgers = yield* readLedgers();
  return rows.map((row) => {
    return { tenant: row.tenant, ruleId: row.rule_id, state: toState(row, ledgers.get(row.id) ?? []) };
  });
}
