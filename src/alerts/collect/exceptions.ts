import type { Column } from '../../kql/types.ts';
import type { Exception } from '../../rules/rule.ts';
import type { Row } from '../../sources/source.ts';
import { cellOf, cellText } from '../cell.ts';
import type { EventTimes } from '../event-time.ts';
import { compileWildcard } from './wildcard.ts';

/** The exceptions of a rule, compiled for one result. */
export interface ExceptionMatcher {
  /** Columns that entries name and the result lacks; such an entry matches nothing. */
  readonly unknownColumns: readonly string[];
  /** The first entry that takes the row out, or null. */
  match(row: Row): Exception | null;
}

interface CompiledEntry {
  readonly entry: Exception;
  readonly tests: readonly { readonly column: string; readonly patterns: readonly ((text: string) => boolean)[] }[];
}

/**
 * Compiles exceptions. An entry holds for rows whose event time, else `logicalTime` (epoch ms), lies before its
 * `expires`.
 */
export function compileExceptions(
  exceptions: readonly Exception[],
  columns: readonly Column[],
  { logicalTime, times }: ExceptionTimes,
): ExceptionMatcher {
  const known = new Set(columns.map((column) => column.name));
  const named = exceptions.flatMap((entry) => Object.keys(entry.where));
  const usable = exceptions.filter((entry) => isUsable(entry, known)).map(compileEntry);
  return {
    unknownColumns: [...new Set(named)].filter((column) => !known.has(column)),
    match: (row) => usable.find((one) => holds(one, row, { logicalTime, times }))?.entry ?? null,
  };
}

/** What tells when a row's event happened. */
interface ExceptionTimes {
  readonly times: EventTimes;
  /** L in epoch ms: for rows that do not say. */
  readonly logicalTime: number;
}

/** An entry without columns would take every row out: it is never meant. */
function isUsable(entry: Exception, known: ReadonlySet<string>): boolean {
  const names = Object.keys(entry.where);
  return names.length > 0 && names.every((name) => known.has(name));
}

function compileEntry(entry: Exception): CompiledEntry {
  const tests = Object.entries(entry.where).map(([column, values]) => ({
    column,
    patterns: values.map(compileWildcard),
  }));
  return { entry, tests };
}

function holds(one: CompiledEntry, row: Row, { logicalTime, times }: ExceptionTimes): boolean {
  for (const { column, patterns } of one.tests) {
    const text = cellText(cellOf(row, column));
    if (!patterns.some((pattern) => pattern(text))) return false;
  }
  const eventTime = times.of(row);
  return (eventTime === null ? logicalTime : Date.parse(eventTime)) < one.entry.expires;
}
