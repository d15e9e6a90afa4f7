import type { Column } from '../../kql/types.ts';
import type { AlertPer, RunnableRule, Severity } from '../../rules/rule.ts';
import type { Row } from '../../sources/source.ts';
import { cellOf } from '../cell.ts';
import { eventTimesBeside } from '../event-time.ts';
import { hashText } from '../hash-text.ts';
import type { Collected, Hit, RowKey } from '../hit.ts';
import { severityOf } from '../severity.ts';
import { type ExceptedBook, exceptedOf, noteExcepted, startExcepted } from './excepted.ts';
import { compileExceptions, type ExceptionMatcher } from './exceptions.ts';
import { type Gathering, type GatheringLimits, gatherRow, newerRow, startGathering } from './gathering.ts';
import { type Measurement, type MeasurementPlan, planMeasurement, startMeasurement } from './measurement.ts';
import { type OldKeys, startOldKeys } from './old-keys.ts';
import { resultWarnings } from './result-warnings.ts';
import { createColumnsKeyer, createRowKeyer, type KeyForm, keyFormOf } from './row-key.ts';
import { passesThreshold } from './threshold.ts';

/** Beyond it rows are counted only. */
const MAX_RUN_SIZE = 256 * 1024 * 1024;
const MAX_EVIDENCE = 500;
const RUN_KEY = hashText('run');

/** Takes the rows of one run, one at a time and from all slices of its window, and ends in hits. */
export interface HitCollector {
  add(row: Row): void;
  /** `complete`: nothing of the window is missing, so that no rows means none, where the schema came. May be called once. */
  finish(end: { readonly complete: boolean }): Collected;
}

export interface HitCollectorOptions {
  /** The schema that came with the rows. */
  readonly columns: readonly Column[];
  /** L in epoch ms; decides exceptions for rows without an event time. */
  readonly logicalTime: number;
  /** Forms that keys of this rule had before, under which its rows may still be known. */
  readonly oldForms?: readonly KeyForm[];
  /** Characters of rows that the hits keep together; left out: 256 Mi. */
  readonly maxRunSize?: number;
}

interface Collection {
  readonly rule: RunnableRule;
  readonly columns: readonly Column[];
  readonly per: AlertPer;
  readonly exceptions: ExceptionMatcher;
  readonly plan: MeasurementPlan;
  readonly rowKey: (row: Row) => string;
  readonly oldKeys: OldKeys;
  readonly groupKey: ((row: Row) => string) | null;
  readonly dedupKey: ((row: Row) => string) | null;
  readonly limits: GatheringLimits;
  readonly gatherings: Map<string, Gathering>;
  /** Counts every row of the run; groups count their own beside it. */
  readonly total: Measurement;
  readonly excepted: ExceptedBook;
}

/**
 * The first steps from rows to alerts: exceptions, then threshold and grouping over all rows that remain. Memory is bounded by the
 * evidence that each hit keeps (at most 500 rows or 64 KB, 256 MB in all) and one key per row.
 */
export function createHitCollector(rule: RunnableRule, options: HitCollectorOptions): HitCollector {
  const collection = startCollection(rule, options);
  return {
    add: (row) => addRow(collection, row),
    // Without a schema nobody has said that there is anything to count.
    finish: ({ complete }) => finishCollection(collection, complete && options.columns.length > 0),
  };
}

/** What hits of this rule are made of: groups where `groupBy` says so, else as `alert.per` says. */
export function hitKind(rule: Pick<RunnableRule, 'threshold' | 'alert'>): AlertPer {
  if (rule.threshold.groupBy.length > 0) return 'group';
  return rule.alert.per === 'group' ? 'run' : rule.alert.per;
}

function startCollection(rule: RunnableRule, options: HitCollectorOptions): Collection {
  const { columns, logicalTime, oldForms = [], maxRunSize = MAX_RUN_SIZE } = options;
  const { dedupColumns } = rule.alert;
  const { groupBy } = rule.threshold;
  const { identity } = rule.prepared;
  const present = columns.length > 0 ? columns.map(({ name }) => name) : null;
  const times = eventTimesBeside(identity.otherTimes ?? [], present);
  return {
    rule,
    columns,
    per: hitKind(rule),
    exceptions: compileExceptions(rule.exceptions, columns, { logicalTime, times }),
    plan: planMeasurement(rule.threshold, columns),
    rowKey: createRowKeyer(keyFormOf({ shape: rule.effectiveShape, identity, dedupColumns }), columns),
    oldKeys: startOldKeys(oldForms, columns),
    groupKey: groupBy.length > 0 ? createColumnsKeyer(groupBy, columns) : null,
    dedupKey: dedupKeyer(dedupColumns, columns),
    limits: {
      evidence: Math.max(1, Math.min(rule.alert.evidence, MAX_EVIDENCE)),
      budget: { left: maxRunSize },
      times,
      isNewer: newerRow(hitKind(rule) === 'row' ? (identity.newest ?? []) : []),
    },
    gatherings: new Map(),
    total: startMeasurement(),
    excepted: startExcepted(),
  };
}

/** Null where the key of the hit itself is the dedup key, also because the result has none of the columns. */
function dedupKeyer(names: readonly string[] | null, columns: readonly Column[]): Collection['dedupKey'] {
  const present = columns.some((column) => names?.includes(column.name));
  return names !== null && present ? createColumnsKeyer(names, columns) : null;
}

function addRow(collection: Collection, row: Row): void {
  const rowKey = collection.rowKey(row);
  collection.oldKeys.note(rowKey, row);
  const exception = collection.exceptions.match(row);
  if (exception !== null) {
    const newest = newestOfExcepted(collection, row);
    noteExcepted(
      collection.excepted,
      { key: rowKey, newest, dedupKey: () => dedupKeyOf(collection, row, rowKey) },
      exception,
    );
    return;
  }
  collection.plan.count(collection.total, row);
  const gathering = gatheringOf(collection, row, rowKey);
  if (gathering.measurement !== collection.total) collection.plan.count(gathering.measurement, row);
  gatherRow(gathering, { row, key: rowKey, severity: severityOfRow(collection.rule, row) }, collection.limits);
}

/** Only of a set is it asked later whether it holds a newer event. */
function newestOfExcepted({ rule, limits }: Collection, row: Row): string | null {
  return rule.effectiveShape === 'set' ? limits.times.newestOf(row) : null;
}

/** Null for a row of a stream that stands for itself: as it is known once, no other alert has its key. */
function dedupKeyOf(collection: Collection, row: Row, rowKey: string): string | null {
  if (collection.dedupKey !== null) return collection.dedupKey(row);
  if (collection.per === 'row' && collection.rule.effectiveShape === 'stream') return null;
  return hitKey(collection, row, rowKey);
}

function gatheringOf(collection: Collection, row: Row, rowKey: string): Gathering {
  const key = hitKey(collection, row, rowKey);
  const known = collection.gatherings.get(key);
  if (known) return known;
  const measurement = collection.per === 'group' ? startMeasurement() : collection.total;
  const dedupKey = collection.dedupKey === null ? key : collection.dedupKey(row);
  const started = startGathering(key, dedupKey, measurement, collection.per !== 'row');
  collection.gatherings.set(key, started);
  return started;
}

function hitKey(collection: Collection, row: Row, rowKey: string): string {
  if (collection.groupKey !== null) return collection.groupKey(row);
  return collection.per === 'row' ? rowKey : RUN_KEY;
}

function severityOfRow(rule: RunnableRule, row: Row): Severity {
  const { severityColumn } = rule.alert;
  return severityColumn === null ? rule.severity : (severityOf(cellOf(row, severityColumn)) ?? rule.severity);
}

function finishCollection(collection: Collection, complete: boolean): Collected {
  const passing: Gathering[] = [];
  const others: Gathering[] = [];
  for (const gathering of gatheringsToJudge(collection)) {
    const passes = passesThreshold(collection.plan, gathering.measurement, complete);
    (passes ? passing : others).push(gathering);
  }
  return {
    hits: passing.map((gathering) => hitOf(collection, gathering)),
    rows: collection.total.rows + collection.excepted.rows,
    excepted: exceptedOf(collection.excepted, collection.rule.exceptions),
    otherKeys: others.flatMap((gathering) => rowKeysOf(gathering).map(({ key }) => key)),
    otherRows: others.reduce((rows, gathering) => rows + gathering.rowCount, 0),
    oldKeys: collection.oldKeys.found,
    warnings: resultWarnings(collection.rule, collection.columns, {
      notNumbers: collection.total.ignored,
      unknownColumns: collection.exceptions.unknownColumns,
    }),
  };
}

/** A run-wide threshold is judged also when no row came: `rows == 0` is a hit without rows. */
function gatheringsToJudge(collection: Collection): readonly Gathering[] {
  if (collection.per !== 'run' || collection.gatherings.size > 0) return [...collection.gatherings.values()];
  return [startGathering(RUN_KEY, RUN_KEY, collection.total, true)];
}

function hitOf(collection: Collection, gathering: Gathering): Hit {
  return {
    per: collection.per,
    key: gathering.key,
    dedupKey: gathering.dedupKey,
    rowKeys: rowKeysOf(gathering),
    rows: gathering.rows,
    rowCount: gathering.rowCount,
    rowsCut: gathering.rowsCut,
    severity: gathering.severity ?? collection.rule.severity,
    firstSeen: gathering.firstSeen,
    lastSeen: gathering.lastSeen,
  };
}

function rowKeysOf({ key, newest, rowKeys }: Gathering): readonly RowKey[] {
  return rowKeys === null ? [{ key, newest }] : toRowKeys(rowKeys);
}

function toRowKeys(keys: ReadonlyMap<string, string | null>): readonly RowKey[] {
  return [...keys].map(([key, newest]) => ({ key, newest }));
}
