import type { Column, ScalarType } from '../../kql/types.ts';
import { textInJson } from '../../lib/json/text-in-json.ts';
import type { Cell, Row } from '../../sources/source.ts';
import { cellOf } from '../cell.ts';
import { ticksOf, trimTrailingZeros } from '../event-time.ts';
import { canonicalDynamic } from './canonical-dynamic.ts';

/** The canonical text of a cell; empty for an empty cell. */
export type CanonicalCell = (cell: Cell) => string;

const INTEGER = /^[+-]?\d+$/;
const PLAIN_INTEGER = /^(?:0|-?[1-9]\d*)$/;
const TIMESPAN = /^(-?(?:\d+\.)?\d\d:\d\d:\d\d)(?:\.(\d{1,7}))?$/;
const DECIMAL = /^([+-]?)(\d+)(?:\.(\d*))?$/;

const BY_TYPE: Readonly<Record<ScalarType, CanonicalCell>> = {
  string: (cell) => (typeof cell === 'string' ? quoted(cell) : canonicalDynamic(cell)),
  guid: (cell) => (typeof cell === 'string' ? quoted(cell.toLowerCase()) : canonicalDynamic(cell)),
  timespan: canonicalTimespan,
  bool: canonicalBool,
  int: canonicalInteger,
  long: canonicalInteger,
  real: canonicalReal,
  decimal: canonicalDecimal,
  datetime: canonicalDatetime,
  dynamic: (cell) => canonicalDynamic(cell),
};

/**
 * Gives a row's canonical text: its non-empty columns by name, typed by the schema. The same row has the same
 * text whichever API encoded it and in whichever order its columns came.
 */
export function createCanonicalizer(columns: readonly Column[]): (row: Row) => string {
  const fields = [...columns]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((column) => ({ name: column.name, label: `${JSON.stringify(column.name)}:`, form: BY_TYPE[column.type] }));
  return (row) => {
    let text = '';
    for (const { name, label, form } of fields) {
      const value = form(cellOf(row, name));
      if (value !== '') text += `${label}${value},`;
    }
    return text;
  };
}

export function canonicalCell(type: ScalarType): CanonicalCell {
  return BY_TYPE[type];
}

function quoted(text: string): string {
  return text === '' ? '' : textInJson(text);
}

function canonicalBool(cell: Cell): string {
  if (cell === true || cell === 1) return 'true';
  if (cell === false || cell === 0) return 'false';
  if (typeof cell !== 'string') return canonicalDynamic(cell);
  const text = cell.toLowerCase();
  if (text === 'true' || text === '1') return 'true';
  return text === 'false' || text === '0' ? 'false' : quoted(cell);
}

function canonicalInteger(cell: Cell): string {
  if (typeof cell === 'number') return String(cell);
  if (typeof cell !== 'string') return canonicalDynamic(cell);
  if (PLAIN_INTEGER.test(cell)) return cell;
  return INTEGER.test(cell) ? canonicalDecimal(cell) : quoted(cell);
}

function canonicalReal(cell: Cell): string {
  if (typeof cell === 'number') return String(cell);
  if (typeof cell !== 'string') return canonicalDynamic(cell);
  const number = Number(cell);
  return cell.trim() !== '' && Number.isFinite(number) ? canonicalReal(number) : quoted(cell);
}

function canonicalDecimal(cell: Cell): string {
  if (typeof cell === 'number') return canonicalReal(cell);
  if (typeof cell !== 'string') return canonicalDynamic(cell);
  const match = DECIMAL.exec(cell);
  if (!match) return quoted(cell);
  const [, sign = '', whole = '', fraction = ''] = match;
  const digits = joinDecimal(trimLeadingZeros(whole), trimTrailingZeros(fraction));
  return sign === '-' && digits !== '0' ? `-${digits}` : digits;
}

function joinDecimal(whole: string, fraction: string): string {
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

function trimLeadingZeros(digits: string): string {
  let start = 0;
  while (start < digits.length - 1 && digits[start] === '0') start += 1;
  return digits.slice(start);
}

/** `00:00:01.5` and `00:00:01.5000000` are one timespan. */
function canonicalTimespan(cell: Cell): string {
  if (typeof cell !== 'string') return canonicalDynamic(cell);
  const match = TIMESPAN.exec(cell);
  return match ? quoted(joinDecimal(match[1] ?? '', trimTrailingZeros(match[2] ?? ''))) : quoted(cell);
}

function canonicalDatetime(cell: Cell): string {
  if (typeof cell !== 'string') return canonicalDynamic(cell);
  const ticks = ticksOf(cell);
  return ticks === null ? quoted(cell) : `t${ticks}`;
}
