import type { ScalarType } from '../../../kql/types.ts';
import type { FileReading } from '../file-reading.ts';
import { JsonText } from '../json-text.ts';
import type { FileColumn, RawColumns } from '../raw-columns.ts';
import { createTextPool } from '../text-pool.ts';
import { typeOfValue } from '../widen.ts';
import type { DeclaredColumn } from './declared-columns.ts';
import { createMemberScanner, type MemberScanner } from './member-scanner.ts';
import { readCell, readText } from './read-cell.ts';
import { BYTE, Malformed, skipSpace, skipValue } from './scan-value.ts';

/** Takes the records of a file; each function gives the offset behind the record, or -1 where the bytes end too early and nothing was taken. */
export interface RecordTaker {
  /** A row as an object, or a record of the Streaming API with a row in `properties`. */
  object(bytes: Buffer, start: number): number;
  /** A row as a list, beside the columns that its answer declares. */
  list(bytes: Buffer, start: number, columns: readonly DeclaredColumn[]): number;
}

interface Slots {
  readonly scanner: MemberScanner;
  /** By slot; undefined until a row has the member, because a record around rows has members that are no columns. */
  readonly columns: (FileColumn | null | undefined)[];
  readonly names: readonly string[];
}

/** Members by which a record of the Streaming API is known: `{time, tenantId, category: "AdvancedHunting-<Table>", properties: {…}}`. */
const ENVELOPE = ['category', 'properties', 'time', '_TimeReceivedBySvc'] as const;
const [CATEGORY, PROPERTIES, TIME, RECEIVED] = [0, 1, 2, 3];
const CATEGORIES = createTextPool();
const EXPORTED = /^AdvancedHunting-(\w+)$/;

/** Rows of one table; `named` tells whether the file is named for it, so that records without a table of their own are its rows. */
export function createRecordTaker(
  table: string,
  named: boolean,
  columns: RawColumns,
  reading: FileReading,
): RecordTaker {
  const outer = slotsFor(columns, ENVELOPE);
  const inner = slotsFor(columns, []);
  return {
    object(bytes, start) {
      const end = outer.scanner.scan(bytes, start);
      if (end < 0) return -1;
      const exported = exportedTable(bytes, outer.scanner);
      if (exported === table) takeExported(bytes, outer.scanner, inner, columns);
      else if (exported === null && named) putFound(bytes, outer, columns);
      else if (exported !== null) reading.others.set(exported, (reading.others.get(exported) ?? 0) + 1);
      else reading.nameless += 1;
      if (exported === table || (exported === null && named)) {
        columns.endRow();
        reading.rows += 1;
      }
      return end;
    },
    list(bytes, start, declared) {
      const end = skipValue(bytes, start);
      if (end < 0) return -1;
      if (!named) {
        reading.nameless += 1;
        return end;
      }
      takeList(bytes, start, declared, columns);
      reading.rows += 1;
      return end;
    },
  };
}

/** Slots of the given names come first, whether they are columns or not. */
function slotsFor(columns: RawColumns, reserved: readonly string[]): Slots {
  const names = [...reserved];
  const slotOf = (name: string): number => {
    if (reserved.includes(name)) return reserved.indexOf(name);
    const column = columns.nameOf(name);
    if (column === null) return -1;
    const slot = names.indexOf(column);
    return slot >= 0 ? slot : names.push(column) - 1;
  };
  return { scanner: createMemberScanner(slotOf), columns: [], names };
}

function has({ found, count }: MemberScanner, slot: number): boolean {
  for (let index = 0; index < count; index += 1) if (found[index] === slot) return true;
  return false;
}

function exportedTable(bytes: Buffer, scanner: MemberScanner): string | null {
  const { starts, ends } = scanner;
  if (!has(scanner, CATEGORY) || !has(scanner, PROPERTIES)) return null;
  const [category, properties] = [starts[CATEGORY] ?? 0, starts[PROPERTIES] ?? 0];
  if (bytes[category] !== BYTE.quote || bytes[properties] !== BYTE.openObject) return null;
  return EXPORTED.exec(readText(bytes, category, ends[CATEGORY] ?? 0, CATEGORIES))?.[1] ?? null;
}

function takeExported(bytes: Buffer, envelope: MemberScanner, inner: Slots, columns: RawColumns): void {
  if (inner.scanner.scan(bytes, envelope.starts[PROPERTIES] ?? 0) < 0)
    throw new Malformed(0, 'its properties have no end');
  putFound(bytes, inner, columns);
  for (const [slot, name] of [
    [TIME, '_time'],
    [RECEIVED, '_TimeReceivedBySvc'],
  ] as const) {
    const column = has(envelope, slot) ? columns.open(name) : null;
    if (column) putCell(bytes, envelope.starts[slot] ?? 0, envelope.ends[slot] ?? 0, column, columns);
  }
}

function putFound(bytes: Buffer, { scanner, columns: held, names }: Slots, columns: RawColumns): void {
  for (let index = 0; index < scanner.count; index += 1) {
    const slot = scanner.found[index] as number;
    if (held[slot] === undefined) held[slot] = columns.open(names[slot] ?? '');
    const column = held[slot];
    if (column) putCell(bytes, scanner.starts[slot] ?? 0, scanner.ends[slot] ?? 0, column, columns);
  }
}

function putCell(bytes: Buffer, start: number, end: number, column: FileColumn, columns: RawColumns): void {
  const value = readCell(bytes, start, end, column.pool);
  columns.put(column, value, column.learn ? typeOfJson(value, column.isTime) : null);
}

function typeOfJson(value: unknown, isTime: boolean): ScalarType | null {
  return value instanceof JsonText ? 'dynamic' : typeOfValue(value, isTime);
}

/** Cells beyond the declared columns belong to none. */
function takeList(bytes: Buffer, start: number, declared: readonly DeclaredColumn[], columns: RawColumns): void {
  let at = skipSpace(bytes, start + 1);
  for (let index = 0; bytes[at] !== BYTE.closeList; index += 1) {
    const end = skipValue(bytes, at);
    const name = declared[index]?.name;
    const column = name === undefined ? null : columns.open(name);
    if (column) putCell(bytes, at, end, column, columns);
    at = skipSpace(bytes, end);
    if (bytes[at] === BYTE.comma) at = skipSpace(bytes, at + 1);
    else if (bytes[at] !== BYTE.closeList) throw new Malformed(at, 'there is no comma behind a value');
  }
  columns.endRow();
}
