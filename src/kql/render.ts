import { HuntwireError } from '../lib/errors.ts';
import { applyEdits, type Edit, type EditedText } from './edits.ts';
import { datetimeAt, paramLiteral } from './literal.ts';
import type { ParamValue, PreparedQuery, TableReference, TimeCall } from './prepared.ts';
import { type FilterTimes, type LateArrivals, type Unstamped, windowFilter } from './render-filter.ts';
import { datetimeLiteral, type Window } from './window.ts';

export interface RenderOptions extends Unstamped {
  /** L, in epoch ms: what `now()` means. */
  readonly logicalTime: number;
  /** null: no table is filtered (snapshot). */
  readonly window: Window | null;
  /** How much older than its arrival an event may be and still be found. */
  readonly latenessMs: number;
  readonly params: Readonly<Record<string, ParamValue>>;
  /** Driving tables give only what came so late; left out: what came in time. */
  readonly late?: LateArrivals;
  /** Time columns that the settings name, and of tables that the schema does not have those that the service told; null: the table has none. */
  readonly timeColumns?: Readonly<Record<string, string | null>>;
  /** Since when (epoch ms) every row of a table has an ingestion time; left out: of none that is known. */
  readonly stampedSince?: (table: string) => number | null;
}

/** A query as it is sent, less the comment line. */
export type RenderedQuery = EditedText;

/**
 * The text of one run: window filters behind the tables, what they absorb left out, time calls as literals, params and window ends as lets on the first
 * statement's line. No line is added, so lines stay what they are. Throws KQL_WINDOW_REFUSED where the query names `_from` or
 * `_to` and there is no window.
 */
export function renderQuery(prepared: PreparedQuery, options: RenderOptions): RenderedQuery {
  const absorbed = options.window === null ? [] : prepared.absorbed;
  const timeCalls = prepared.timeCalls.filter((call) => !absorbed.some((edit) => holds(edit, call)));
  const edits = [
    ...preludeEdits(prepared, options),
    ...tableEdits(prepared, options),
    ...absorbed,
    ...timeCalls.flatMap((call) => timeEdits(call, prepared.text, options.logicalTime)),
  ];
  return applyEdits(prepared.text, edits);
}

function holds(edit: Edit, call: TimeCall): boolean {
  return call.start >= edit.start && call.end <= edit.end;
}

function preludeEdits(prepared: PreparedQuery, options: RenderOptions): readonly Edit[] {
  const lets = [
    ...(prepared.usesWindowNames ? windowLets(options.window) : []),
    ...Object.entries(options.params).map(([name, value]) => `let ${name} = ${paramLiteral(value)};`),
  ];
  if (lets.length === 0) return [];
  return [{ start: prepared.preludeAt, end: prepared.preludeAt, text: `${lets.join(' ')} ` }];
}

function windowLets(window: Window | null): readonly string[] {
  if (window) return [`let _from = ${datetimeLiteral(window.from)};`, `let _to = ${datetimeLiteral(window.to)};`];
  throw new HuntwireError('KQL_WINDOW_REFUSED', 'The query names _from or _to, but it is asked for without a window.');
}

function tableEdits(prepared: PreparedQuery, options: RenderOptions): readonly Edit[] {
  const { window } = options;
  if (prepared.basis === 'none' || window === null) return [];
  const spans = new Map<number, TableReference[]>();
  for (const one of prepared.tables) spans.set(one.start, [...(spans.get(one.start) ?? []), one]);
  return [...spans.values()].flatMap((references) => wrap(references, options, window));
}

/** One table gets its filter around its own text; the tables of a wildcard take the wildcard's place. */
function wrap(references: readonly TableReference[], options: RenderOptions, window: Window): readonly Edit[] {
  const [first] = references;
  if (!first) return [];
  const stampedSince = stampedOf(references, options);
  const suffixes = references.map((reference) => suffixOf(reference, options, { window, stampedSince }));
  if (new Set(suffixes).size > 1 && !first.expanded) throw unlike(references);
  if (!first.expanded) return suffixes[0] ? around(first.start, first.end, '(', `${suffixes[0]})`) : [];
  const legs = references.map(({ table }, index) => (suffixes[index] ? `(${table}${suffixes[index]})` : table));
  return [{ start: first.start, end: first.end, text: legs.join(', ') }];
}

/** Tables that share a place share a filter. */
function stampedOf(references: readonly TableReference[], { stampedSince }: RenderOptions): number | null {
  const since = references.map(({ table }) => stampedSince?.(table) ?? null);
  const known = since.filter((one) => one !== null);
  return known.length < since.length ? null : Math.max(...known);
}

/** What the service tells of tables that nobody knew may come too late for the analysis. */
function unlike(references: readonly TableReference[]): HuntwireError {
  const names = references.map(({ table }) => table).join(', ');
  const message = `One table() stands for tables that have their time in different columns: ${names}.`;
  return new HuntwireError('KQL_WINDOW_REFUSED', message);
}

/** What follows a table: its filter, and its name where the union tells each row's table; empty for a table without time. */
function suffixOf(
  reference: TableReference,
  options: RenderOptions,
  own: Pick<FilterTimes, 'window' | 'stampedSince'>,
): string {
  const time = timeColumnFor(reference, options);
  if (time === null) return '';
  const { logicalTime, latenessMs, late, unstamped } = options;
  const unstampedReachMs = unstamped?.tables.has(reference.table) ? unstamped.reachMs : null;
  const times = { ...own, logicalTime, latenessMs, unstampedReachMs, ...(late && { late }) };
  const filter = ` | where ${windowFilter(time, reference, times)}`;
  return reference.nameLeg ? `${filter} | as ${reference.table}` : filter;
}

/** The column that the filter of a table goes by; null: it has none. */
export function timeColumnFor(reference: TableReference, { timeColumns = {} }: RenderOptions): string | null {
  if (reference.timeColumn === null) return null;
  const learnt = Object.hasOwn(timeColumns, reference.table) ? timeColumns[reference.table] : undefined;
  return learnt === undefined ? reference.timeColumn : learnt;
}

function around(start: number, end: number, before: string, after: string): readonly Edit[] {
  return [
    { start, end: start, text: before },
    { start: end, end, text: after },
  ];
}

function timeEdits(call: TimeCall, text: string, logicalTime: number): readonly Edit[] {
  const literal = call.offsetMs === null ? null : datetimeAt(logicalTime, call.offsetMs);
  if (literal) return [{ start: call.start, end: call.end, text: literal }];
  const argument = text.slice(call.argumentStart, call.argumentEnd);
  if (argument === '') return [{ start: call.start, end: call.end, text: datetimeLiteral(logicalTime) }];
  return [
    { start: call.start, end: call.argumentStart, text: `(${datetimeLiteral(logicalTime)} ${call.sign} (` },
    { start: call.argumentEnd, end: call.end, text: '))' },
  ];
}
