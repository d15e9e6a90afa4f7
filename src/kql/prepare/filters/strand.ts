import type { KqlColumn, KqlNode } from '../../ast.ts';
import { itemsOf, walk } from '../../ast.ts';
import { nameText } from '../nodes.ts';
import { operatorName } from '../operator-flow.ts';
import type { TableUse } from '../table-uses.ts';
import type { TimeLimits } from './time-limits.ts';

/** The columns that hold the times of events. */
export const TIME_NAMES = ['Timestamp', 'TimeGenerated'];

/** The column that holds the time of a table's rows, some way down the pipe. */
export interface TimeTrack {
  readonly name: string;
  /** The binder's id; null for a table of unknown columns, whose columns have ids only once they are named. */
  readonly id: number | null;
  /** The other of Timestamp and TimeGenerated, where the table has both. */
  readonly twin: number | null;
  /** Ids that it had before it was renamed: what was computed of it then says them. */
  readonly former: readonly number[];
  /** The operator behind which rows are no longer just those of the table; null as long as they are. */
  readonly behind: string | null;
}

/** A conjunct of a `where` that a strand passes, and what it says of the strand's time. */
export interface Bound {
  /** Span in the query's text. */
  readonly start: number;
  readonly end: number;
  readonly node: KqlNode;
  /** Added to offsets of `node` gives those in the query's text. */
  readonly shift: number;
  readonly limits: TimeLimits;
  /** Why no window can stand for it, in words; null: none of that. */
  readonly obstacle: string | null;
}

/** A conjunct that compares a time with now, and nothing constant says how far apart they are. Span in the query's text. */
export interface UnclearFilter {
  readonly start: number;
  readonly end: number;
}

/** One way on which rows of a table reach the result, with the bounds that they pass on it. */
export interface Strand {
  readonly use: TableUse;
  /** null where the time is lost, or is that of several rows. */
  readonly time: TimeTrack | null;
  readonly bounds: readonly Bound[];
  readonly unclear: readonly UnclearFilter[];
}

/** The strands without their times: what is compared further down is not the time of one row. */
export function closed(strands: readonly Strand[]): readonly Strand[] {
  return distinct(strands.map((strand) => (strand.time ? { ...strand, time: null } : strand)));
}

/** Strands that differ in nothing are one. */
export function distinct(strands: readonly Strand[]): readonly Strand[] {
  if (strands.length < 2) return strands;
  const kept = new Map<string, Strand>();
  for (const strand of strands) kept.set(fingerprint(strand), strand);
  return [...kept.values()];
}

function fingerprint({ use, time, bounds, unclear }: Strand): string {
  return JSON.stringify([
    use.table,
    use.start,
    time,
    unclear,
    bounds.map(({ start, end, limits, obstacle }) => [start, end, obstacle, limits.lower, limits.upper]),
  ]);
}

const CLEAN = /^(Filter|Extend|Project\w*|Parse\w*|As)Operator$/;

/** The strand behind an operator that passes rows on, `renamed` telling old ids of columns to new ones. */
export function followed(strand: Strand, operator: KqlNode, renamed: ReadonlyMap<number, number>): Strand {
  if (!strand.time) return strand;
  const time = strand.time.id === null ? openTime(strand.time, operator) : knownTime(strand.time, operator, renamed);
  const behind = strand.time.behind ?? (CLEAN.test(operator.kind) ? null : operatorName(operator));
  return { ...strand, time: time && { ...time, behind } };
}

function knownTime(time: TimeTrack, operator: KqlNode, renamed: ReadonlyMap<number, number>): TimeTrack | null {
  const candidates = [time.id, renamed.get(time.id ?? -1)];
  const column =
    operator.columns?.find((one) => candidates.includes(one.id)) ??
    // The times of a series, each of which becomes a row again.
    (operator.kind === 'MvExpandOperator' ? operator.columns?.find((one) => one.name === time.name) : undefined);
  const twin = operator.columns?.some((one) => one.id === time.twin) ? time.twin : null;
  if (!column) return null;
  const former = time.id === null || time.id === column.id ? time.former : [...time.former, time.id];
  return { ...time, id: column.id, name: column.name, twin, former };
}

/** A column that nobody has named yet is there until an operator gives its name away, or names those that stay. */
function openTime(time: TimeTrack, operator: KqlNode): TimeTrack | null {
  if (declares(operator, time.name)) return null;
  if (operator.kind === 'ProjectOperator' || operator.kind === 'ProjectKeepOperator') {
    const column = operator.columns?.find((one) => one.name === time.name);
    return column ? { ...time, id: column.id } : null;
  }
  const dropped = /^Project(Away|Rename)Operator$/.test(operator.kind) && names(operator, time.name);
  return dropped ? null : time;
}

function declares(operator: KqlNode, name: string): boolean {
  for (const node of walk(operator)) if (node.kind === 'NameDeclaration' && nameText(node) === name) return true;
  return false;
}

function names(operator: KqlNode, name: string): boolean {
  return itemsOf(operator, 'Expressions').some((node) => [...walk(node)].some((part) => nameText(part) === name));
}

/** Behind a union or join: the column that holds what `before` did, by name or by its place. */
export function movedTo(strand: Strand, column: KqlColumn | undefined, operator: KqlNode): Strand {
  if (!strand.time) return strand;
  const behind = strand.time.behind ?? operatorName(operator);
  return { ...strand, time: column ? { id: column.id, name: column.name, twin: null, former: [], behind } : null };
}
