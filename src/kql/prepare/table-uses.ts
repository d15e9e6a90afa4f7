import { argumentsOf, childOf, type KqlNode, type KqlTree, walk } from '../ast.ts';
import { columnsOfTable, defenderTables, isEntityTable, timeColumnOf } from '../defender.ts';
import { type FindingList, refuseQuery, warn } from '../findings.ts';
import type { PrepareOptions } from '../prepared.ts';
import { type IndirectTables, indirectTables, placeKey } from './indirect-tables.ts';
import { calledName, nameText, outermost, parameterText, parentsOf } from './nodes.ts';
import { isTabularPosition } from './tabular-position.ts';
import { matchesWildcard } from './wildcard.ts';

/** A place in the query that denotes a table. */
export interface TableUse {
  readonly table: string;
  /** The whole expression that denotes it. */
  readonly start: number;
  readonly end: number;
  readonly known: boolean;
  readonly expanded: boolean;
  readonly nameLeg: boolean;
  /** One of the tables that `table()` of a name stands for here, by the call of the function around. Absent: it is the only one. */
  readonly indirect?: true;
}

interface Search {
  readonly options: PrepareOptions;
  readonly parents: ReadonlyMap<KqlNode, KqlNode>;
  readonly findings: FindingList;
  readonly uses: TableUse[];
  /** Places where the binder missed a table. */
  readonly missed: ReadonlySet<string>;
  /** What `table()` of a name stands for; asked for once, where there is one. */
  readonly indirect: () => IndirectTables;
  /** Functions of the query that wildcards take for tables. */
  readonly views: readonly string[];
  /** Nodes that belong to an expression already dealt with. */
  readonly done: Set<KqlNode>;
}

/** Asks a workspace for a list. */
const WATCHLIST = '_GetWatchlist';

/** Scopes that lie outside the tenant's hunting tables: their rows have no window that we know how to set. */
const REMOTE = ['cluster', 'workspace', 'app', 'resource', 'adx', 'arg'];
const INDIRECT = ['materialized_view', 'external_table', 'stored_query_result'];

/**
 * Every place in the query text that denotes a table, in source order, also inside function bodies. What cannot be given a
 * window is refused in `findings`, unless the query has none.
 */
export function findTableUses(tree: KqlTree, options: PrepareOptions, findings: FindingList): readonly TableUse[] {
  const search = startSearch(tree, options, findings);
  for (const node of walk(tree.root)) {
    if (search.done.has(node)) continue;
    if (node.kind === 'PathExpression') visitPath(node, search);
    else if (node.kind === 'FunctionCallExpression') visitCall(node, search);
    else if (node.kind === 'NameReference') visitName(node, search);
    else if (node.kind === 'FindOperator') refuseOf(node, search, '`find`', 'Write `union` of the tables and `where`.');
    else if (node.kind === 'SearchOperator') visitSearch(node, search);
  }
  return search.uses;
}

/** The binder's "tabular value expected", told of unresolved arguments. */
const TABLE_EXPECTED = 'KS111';

function startSearch(tree: KqlTree, options: PrepareOptions, findings: FindingList): Search {
  const missed = tree.diagnostics.filter((one) => one.code === TABLE_EXPECTED).map((one) => `${one.start}:${one.end}`);
  const views: string[] = [];
  for (const node of walk(tree.root)) {
    const value = node.kind === 'LetStatement' ? childOf(node, 'Expression') : null;
    if (value && childOf(value, 'ViewKeyword')) views.push(nameText(childOf(node, 'Name')));
  }
  return {
    options,
    parents: parentsOf(tree.root),
    findings,
    uses: [],
    indirect: once(() => indirectTables(tree, options)),
    missed: new Set(missed),
    views,
    done: new Set(),
  };
}

function once<T>(find: () => T): () => T {
  let found: { readonly value: T } | null = null;
  return () => {
    found ??= { value: find() };
    return found.value;
  };
}

function refuseOf(node: KqlNode, search: Search, what: string, hint: string): void {
  if (search.options.basis === 'none') return;
  refuseQuery(search.findings, node, `${what} cannot be given a time window.`, hint);
}

function finish(node: KqlNode, search: Search): void {
  for (const part of walk(node)) search.done.add(part);
}

function addUse(node: KqlNode, table: string, search: Search, expanded = false): void {
  const known = columnsOfTable(table) !== null;
  const nameLeg = isNamedLeg(node, search);
  search.uses.push({ table, start: node.start, end: node.end, known, expanded, nameLeg });
}

/** A wildcard elsewhere, as in `project-away *1`, names columns. */
function isUnionLeg(node: KqlNode, search: Search): boolean {
  const list = search.parents.get(outermost(node, search.parents));
  return list?.role === 'Expressions' && search.parents.get(list)?.kind === 'UnionOperator';
}

/** Whether the table is itself a leg of a union that tells each row's table. */
function isNamedLeg(node: KqlNode, search: Search): boolean {
  const outer = outermost(node, search.parents);
  const parent = search.parents.get(outer);
  const operator =
    parent?.kind === 'PipeExpression' && outer.role === 'Expression'
      ? childOf(parent, 'Operator')
      : parent?.role === 'Expressions'
        ? search.parents.get(parent)
        : null;
  return operator?.kind === 'UnionOperator' && parameterText(operator, /^with_?source$/i) !== '';
}

function visitSearch(node: KqlNode, search: Search): void {
  if (node.role === 'Operator' && !childOf(node, 'InClause')) return;
  refuseOf(node, search, '`search` over tables', 'Write `union` of the tables and `where`, or `T | search "text"`.');
}

function visitPath(node: KqlNode, search: Search): void {
  const calls = scopeCalls(node);
  if (calls.length === 0) return;
  finish(node, search);
  const remote = calls.map(calledName).find((name) => REMOTE.includes(name));
  const selector = childOf(node, 'Selector');
  if (remote) {
    refuseOf(node, search, `\`${remote}()\``, 'Name the tables of the tenant that the rule runs in.');
  } else if (selector?.kind !== 'NameReference' || isWildcard(selector)) {
    refuseOf(node, search, 'This expression', 'Write database("name").Table with one table.');
  } else addUse(node, nameText(selector), search);
}

/** The calls that a path starts with, such as cluster("c").database("d"); none for a path into a column. */
function scopeCalls(path: KqlNode): readonly KqlNode[] {
  const left = childOf(path, 'Expression');
  const inner = left?.kind === 'PathExpression' ? scopeCalls(left) : [];
  const parts = left?.kind === 'PathExpression' ? [childOf(left, 'Selector')] : [left];
  const calls = parts.filter((part): part is KqlNode => part?.kind === 'FunctionCallExpression');
  return [...inner, ...calls.filter((call) => calledName(call) === 'database' || REMOTE.includes(calledName(call)))];
}

function visitCall(node: KqlNode, search: Search): void {
  const name = calledName(node);
  const builtIn = node.reference?.builtIn ?? false;
  if (builtIn && name === 'table') visitTableCall(node, search);
  else if ((builtIn && INDIRECT.includes(name)) || (REMOTE.includes(name) && !isDeclared(node))) {
    finish(node, search);
    refuseOf(node, search, `\`${name}()\``, 'Name a table of the tenant.');
  } else if (!node.reference) visitUnknownCall(node, name, search);
}

function isDeclared(node: KqlNode): boolean {
  return node.reference?.kind === 'function' && !node.reference.builtIn;
}

function visitTableCall(node: KqlNode, search: Search): void {
  const argument = argumentsOf(node)[0];
  if (argument?.kind === 'StringLiteralExpression' && argument.value) addUse(node, argument.value, search);
  else visitIndirect(node, search);
  finish(node, search);
}

/** One filter serves all tables that it may stand for: they must have one column for the time, and be asked equally far back. */
function visitIndirect(node: KqlNode, search: Search): void {
  const names = [...(search.indirect().get(placeKey(node)) ?? [])];
  const { tables } = search.options;
  const kinds = names.map((name) => [timeColumnOf(name) ?? null, tables[name] ?? null, isEntityTable(name)].join());
  if (names.length === 0) {
    refuseOf(node, search, '`table()` of an expression', 'Write the name as a literal: table("DeviceEvents").');
  } else if (new Set(kinds).size > 1) {
    refuseOf(node, search, `\`table()\` of ${names.join(' or ')}`, 'Write one function for each kind of table.');
  } else for (const name of names) addIndirect(node, name, search, names.length > 1);
}

function addIndirect(node: KqlNode, table: string, search: Search, isOneOfSeveral: boolean): void {
  const { uses } = search;
  addUse(node, table, search);
  const use = uses.at(-1);
  if (use && isOneOfSeveral) uses[uses.length - 1] = { ...use, indirect: true };
}

function visitUnknownCall(node: KqlNode, name: string, search: Search): void {
  const invoked = node.role === 'Function';
  if (!invoked && !isTabularPosition(node, search.parents)) return;
  const listed = Object.hasOwn(search.options.tables, name);
  if (listed && !invoked) addUse(node, name, search);
  if (listed) return;
  const hint =
    name === WATCHLIST
      ? "Name the list's file in the configuration: watchlists: {alias: lists/alias.csv}."
      : `Say how far back it looks with window.tables: {${name}: 7d}, or none.`;
  refuseOf(node, search, `The unknown function \`${name}()\``, hint);
}

function isWildcard(node: KqlNode): boolean {
  return childOf(node, 'Name')?.kind === 'WildcardedName';
}

function visitName(node: KqlNode, search: Search): void {
  const name = nameText(node);
  if (name === '' || node.role === 'Name') return;
  if (isWildcard(node)) {
    if (isUnionLeg(node, search)) visitWildcard(node, search);
  } else if (isTable(node, search)) addUse(node, name, search);
}

function isTable(node: KqlNode, search: Search): boolean {
  if (node.reference?.kind === 'table' || isTabularPosition(node, search.parents)) return true;
  return !node.reference && search.missed.has(`${node.start}:${node.end}`);
}

function visitWildcard(node: KqlNode, search: Search): void {
  const pattern = nameText(node);
  const matches = defenderTables().filter((table) => matchesWildcard(table, pattern));
  const view = search.views.find((name) => matchesWildcard(name, pattern));
  if (view) {
    refuseOf(node, search, `\`${pattern}\`, which takes in the view ${view},`, 'Name the tables and views.');
  } else if (matches.length === 0) {
    refuseOf(node, search, `\`${pattern}\``, 'No table of the Defender schema matches; name the tables.');
  } else expand(node, pattern, matches, search);
}

function expand(node: KqlNode, pattern: string, matches: readonly string[], search: Search): void {
  for (const table of matches) addUse(node, table, search, true);
  if (search.options.basis === 'none') return;
  const message = `\`${pattern}\` is sent as the ${matches.length} tables of the schema that match.`;
  warn(search.findings, 'wildcard', node, message, 'Name the tables, so that the rule says what it searches.');
}
