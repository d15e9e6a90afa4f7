import { columnsOfTable } from '../../../kql/defender.ts';
import type { ScalarType } from '../../../kql/types.ts';
import { HuntwireError } from '../../../lib/errors.ts';
import { isoOfDatetime } from '../../values/datetime.ts';
import { coerceCells, type DateEvidence, decidedOrder } from '../coerce-column.ts';
import { columnNames } from '../column-names.ts';
import type { DataFile } from '../data-file.ts';
import { createDataNotes } from '../data-notes.ts';
import type { DateOrder } from '../dates.ts';
import { cellPlan } from '../file-part.ts';
import type { DataFolder } from '../folder.ts';
import { noteReading } from '../note-reading.ts';
import { readDataFile } from '../read-data-file.ts';
import { datesText } from './dates-text.ts';
import { type FileLook, lookAt, tablesIn } from './look-at.ts';

/** How one file is read, for one table: a file of exports may hold several. */
export interface CheckedFile {
  readonly file: string;
  /** Null: the file is not read. */
  readonly table: string | null;
  readonly rows: number;
  /** UTC ISO of the first and last event; null where none has a time. */
  readonly first: string | null;
  readonly last: string | null;
  /** The columns that the file has. */
  readonly columns: readonly { readonly name: string; readonly type: ScalarType; readonly known: boolean }[];
  /** Cells that became null, by column. */
  readonly nulls: Readonly<Record<string, number>>;
  /** How times were read, by column. */
  readonly dates: Readonly<Record<string, string>>;
  /** What is not read as it stands there, and why. */
  readonly skipped: readonly string[];
}

export interface CheckDataOptions {
  readonly signal: AbortSignal;
  /** Told after each file how many are done. */
  readonly onFile?: (count: number) => void;
}

/** Reads every file to its end, piece by piece, and tells what would be read of it. What is broken is told in its place. */
export async function checkData(folder: DataFolder, options: CheckDataOptions): Promise<readonly CheckedFile[]> {
  const checked: CheckedFile[] = [];
  for (const [index, file] of folder.files.entries()) {
    checked.push(...(await checkFile(file, options.signal)));
    options.onFile?.(index + 1);
  }
  return [...checked, ...folder.unread.map((name) => ({ ...NOTHING, file: name, skipped: [`${name}: not read`] }))];
}

const NOTHING = { table: null, rows: 0, first: null, last: null, columns: [], nulls: {}, dates: {} } as const;

async function checkFile(file: DataFile, signal: AbortSignal): Promise<readonly CheckedFile[]> {
  try {
    const tables = file.table === null ? await tablesIn(file, signal) : [file.table];
    const checked: CheckedFile[] = [];
    for (const table of tables) checked.push(await checkTable(file, table, signal));
    if (checked.length > 0) return checked;
    const reason = `${file.name}: neither its name nor its records say of which table it is`;
    return [{ ...NOTHING, file: file.name, skipped: [reason] }];
  } catch (thrown) {
    if (!(thrown instanceof HuntwireError) || thrown.code !== 'CONFIG_INVALID') throw thrown;
    return [{ ...NOTHING, file: file.name, table: file.table, skipped: [thrown.message] }];
  }
}

async function checkTable(file: DataFile, table: string, signal: AbortSignal): Promise<CheckedFile> {
  const look = await lookAt(file, table, signal);
  const orders = ordersOf(file, look);
  const { nulls, first, last } = await readValues(file, table, look, orders, signal);
  const notes = createDataNotes(false);
  noteReading(table, { file, found: look.found, zones: look.zones }, notes);
  const known = new Set((columnsOfTable(table) ?? []).map(({ name }) => name));
  return {
    file: file.name,
    table,
    rows: look.found.rows,
    first,
    last,
    columns: [...look.columns].map(([name, type]) => ({ name, type, known: known.has(name) })),
    nulls: Object.fromEntries(nulls),
    dates: Object.fromEntries([...look.dates].map(([name, evidence]) => [name, timesText(file, look, name, evidence)])),
    skipped: notes.all(),
  };
}

function timesText(file: DataFile, look: FileLook, name: string, evidence: DateEvidence): string {
  return datesText(evidence, file.dates, look.zones.get(name) ?? null);
}

function ordersOf(file: DataFile, { dates }: FileLook): ReadonlyMap<string, DateOrder | null> {
  return new Map([...dates].map(([name, evidence]) => [name, file.dates ?? decidedOrder(evidence)]));
}

interface CheckedValues {
  readonly nulls: Map<string, number>;
  first: string | null;
  last: string | null;
}

/** Hidden columns of arrival are no columns of the table. */
async function readValues(
  file: DataFile,
  table: string,
  look: FileLook,
  orders: ReadonlyMap<string, DateOrder | null>,
  signal: AbortSignal,
): Promise<CheckedValues> {
  const values: CheckedValues = { nulls: new Map(), first: null, last: null };
  const plan = cellPlan(table, columnNames(table), (column) => look.columns.has(column));
  const timeColumn = ['Timestamp', 'TimeGenerated'].find((name) => look.columns.get(name) === 'datetime');
  for await (const { cells } of readDataFile(file, table, plan, { signal }).batches) {
    signal.throwIfAborted();
    for (const [name, column] of cells) {
      const coerced = coerceCells(column, look.columns.get(name) ?? 'string', orders.get(name) ?? null);
      if (coerced.lost > 0) values.nulls.set(name, (values.nulls.get(name) ?? 0) + coerced.lost);
      if (name === timeColumn) spanTimes(values, coerced.values);
    }
  }
  return values;
}

function spanTimes(values: CheckedValues, times: ReturnType<typeof coerceCells>['values']): void {
  for (const time of times) {
    if (typeof time !== 'number' && typeof time !== 'bigint') continue;
    const text = isoOfDatetime(time);
    if (values.first === null || text < values.first) values.first = text;
    if (values.last === null || text > values.last) values.last = text;
  }
}
