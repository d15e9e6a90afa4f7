import { createHmac } from 'node:crypto';
import type { Redaction } from '../rules/rule.ts';
import type { Cell, Row } from '../sources/source.ts';
import { cellText } from './cell.ts';

/** What the configuration says of all alerts, and the secret that values are hashed with. */
export interface RedactionSettings {
  /** Beside what rules say themselves. */
  readonly own: Redaction | null;
  readonly key: string;
}

/** Takes values out of what is told of hits. What is decided of hits goes by the true ones. */
export interface Redactor {
  readonly rows: (rows: readonly Row[]) => readonly Row[];
  /** A key of a row, group or dedup key as alerts may show it: made of values, it would let a guess be tried. */
  readonly key: (key: string) => string;
}

/** Hex digits of a hashed value: 64 bits. */
const VALUE_DIGITS = 16;
const KEY_DIGITS = 32;
/** For rule tests and other rehearsals, which deliver nothing: known to everybody. */
const REHEARSAL: RedactionSettings = { own: null, key: 'rehearsal' };

/** What a rule and the configuration ask for; null: nothing. Where both name a column, dropping wins. */
export function redactorFor(
  { redact }: { readonly redact?: Redaction },
  { own, key }: RedactionSettings = REHEARSAL,
): Redactor | null {
  const redactions = [redact ?? null, own].filter((one) => one !== null);
  if (redactions.length === 0) return null;
  const named = new Map<string, Redaction['how']>();
  for (const wanted of ['hash', 'drop'] as const)
    for (const { columns } of redactions.filter(({ how }) => how === wanted))
      for (const column of columns) named.set(column.toLowerCase(), wanted);
  const known = new Map<string, Redaction['how'] | null>();
  const howOf = (column: string): Redaction['how'] | null => {
    const found = known.get(column);
    if (found !== undefined) return found;
    const how = howOfColumn(named, column);
    known.set(column, how);
    return how;
  };
  return {
    rows: (rows) => rows.map((row) => redactedRow(row, howOf, key)),
    key: (text) => digest(key, 'key', text, KEY_DIGITS),
  };
}

/** In upper or lower case, and as a join names the column of its other side: `AccountUpn1`. */
function howOfColumn(named: ReadonlyMap<string, Redaction['how']>, column: string): Redaction['how'] | null {
  const name = column.toLowerCase();
  return named.get(name) ?? named.get(name.replace(/\d+$/, '')) ?? null;
}

function redactedRow(row: Row, howOf: (column: string) => Redaction['how'] | null, key: string): Row {
  const cells = Object.entries(row).map(([column, cell]) => [column, redactedCell(cell, howOf(column), key)] as const);
  return Object.fromEntries(cells);
}

function redactedCell(cell: Cell, how: Redaction['how'] | null, key: string): Cell {
  if (how === null || cell === null || cell === '') return cell;
  // Names of accounts, hosts and hashes are the same in upper and lower case.
  return how === 'drop' ? null : `hash:${digest(key, 'value', cellText(cell).toLowerCase(), VALUE_DIGITS)}`;
}

function digest(key: string, what: string, text: string, digits: number): string {
  return createHmac('sha256', key).update(`${what}\0${text}`).digest('hex').slice(0, digits);
}
