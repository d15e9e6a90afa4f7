import { HuntwireError } from '../../lib/errors.ts';
import type { KqlColumn, KqlNode, KqlReference, KqlReferenceKind, KqlTree } from '../ast.ts';
import { convertDiagnostics } from './convert-diagnostics.ts';
import { type Foreign, type ForeignSyntax, foreignList, foreignText, member } from './foreign.ts';
import { loadKusto } from './runtime.ts';

/**
 * What knows the parser's objects, with convert-diagnostics.ts: text in, frozen plain tree out (see ../ast.ts).
 * `globals` comes from globals.ts. Throws KQL_BUDGET for a text that is nested too deep or expands too far, and KQL_SYNTAX for one on
 * which the parser itself fails.
 */
export async function analyze(text: string, globals: Foreign): Promise<KqlTree> {
  const { language } = await loadKusto();
  try {
    return convertTree(language, text, globals);
  } catch (error) {
    if (error instanceof RangeError || isStackOverflow(error)) throw tooLarge('it is nested too deep', error);
    throw error;
  }
}

function convertTree(language: Foreign, text: string, globals: Foreign): KqlTree {
  const code = bind(language, text, globals);
  const conversion = createConversion(language);
  const result = member(code, 'ResultType') ?? null;
  const columns = convertColumns(conversion, result);
  return Object.freeze({
    text,
    root: convertNode(conversion, member(code, 'Syntax') as unknown as ForeignSyntax, ''),
    diagnostics: convertDiagnostics(code),
    columns,
    open: columns !== null && result !== null && Boolean(member(result, 'IsOpen')),
  });
}

/** The binder stumbles over some texts, such as a graph of an unknown function: a TypeError of its own. */
function bind(language: Foreign, text: string, globals: Foreign): Foreign {
  try {
    return member(language, 'KustoCode').ParseAndAnalyze?.(text, globals) as Foreign;
  } catch (error) {
    if (!String(error).startsWith('TypeError')) throw error;
    throw new HuntwireError('KQL_SYNTAX', "The query cannot be analyzed: Microsoft's parser fails on it.", {
      cause: error,
    });
  }
}

/** The parser may run in another realm, where RangeError is another class. */
function isStackOverflow(error: unknown): boolean {
  return String(error).includes('Maximum call stack size exceeded');
}

function tooLarge(reason: string, cause?: unknown): HuntwireError {
  return new HuntwireError('KQL_BUDGET', `The query cannot be analyzed: ${reason}. Split or shorten it.`, { cause });
}

/** One conversion a tree: symbols get small ids in the order of their first appearance. */
interface Conversion {
  readonly language: Foreign;
  readonly kinds: ReadonlyMap<number, string>;
  /** The kind of an item of a list together with what separates it from the next. */
  readonly separated: number | undefined;
  readonly symbolKinds: ReadonlyMap<number, string>;
  readonly ids: Map<unknown, number>;
  readonly columnLists: Map<unknown, readonly KqlColumn[]>;
  /** Function bodies that are being converted: a body that calls itself is cut. */
  readonly openBodies: Set<unknown>;
  /** How many nodes may still be made: functions that call functions twice multiply their bodies. */
  nodesLeft: number;
}

/** The densest query that fits the length limit of preparation has half as many. */
const MAX_NODES = 500_000;

function createConversion(language: Foreign): Conversion {
  const names = kinds(language, 'Syntax', 'SyntaxKind');
  return {
    language,
    kinds: names,
    separated: [...names].find(([, name]) => name === 'SeparatedElement')?.[0],
    symbolKinds: kinds(language, 'Symbols', 'SymbolKind'),
    ids: new Map(),
    columnLists: new Map(),
    openBodies: new Set(),
    nodesLeft: MAX_NODES,
  };
}

function convertNode(conversion: Conversion, syntax: ForeignSyntax, role: string): KqlNode {
  conversion.nodesLeft -= 1;
  if (conversion.nodesLeft < 0) throw tooLarge('it expands to too many parts');
  if (syntax.IsToken) return convertToken(conversion, syntax, role);
  const type = syntax.ResultType ?? null;
  const reference = convertReference(conversion, syntax.ReferencedSymbol ?? null);
  const columns = convertColumns(conversion, type);
  return Object.freeze({
    kind: conversion.kinds.get(syntax.Kind) ?? 'Unknown',
    role,
    start: syntax.TextStart,
    end: syntax.End,
    text: '',
    value: literalOf(syntax),
    children: Object.freeze(convertChildren(conversion, syntax)),
    type: columns || !type ? null : typeName(conversion, type),
    columns,
    reference,
    body: reference?.kind === 'function' && !reference.builtIn ? convertBody(conversion, syntax) : null,
  });
}

/** The binder notes nothing on tokens. */
function convertToken(conversion: Conversion, token: ForeignSyntax, role: string): KqlNode {
  return Object.freeze({
    kind: conversion.kinds.get(token.Kind) ?? 'Unknown',
    role,
    start: token.TextStart,
    end: token.End,
    text: foreignText(token.Text),
    value: literalOf(token),
    children: NO_CHILDREN,
    type: null,
    columns: null,
    reference: null,
    body: null,
  });
}

const NO_CHILDREN: readonly KqlNode[] = Object.freeze([]);

function convertChildren(conversion: Conversion, syntax: ForeignSyntax): KqlNode[] {
  const children: KqlNode[] = [];
  const { ChildCount: count } = syntax;
  for (let index = 0; index < count; index += 1) {
    const child = syntax.GetChild(index);
    if (!child) continue;
    const item = child.Kind === conversion.separated ? child.GetChild(0) : child;
    if (item) children.push(convertNode(conversion, item, foreignText(syntax.GetName(index))));
  }
  return children;
}

function convertBody(conversion: Conversion, syntax: ForeignSyntax): KqlNode | null {
  const body = syntax.GetCalledFunctionBody?.();
  if (!body || conversion.openBodies.has(body)) return null;
  conversion.openBodies.add(body);
  const converted = convertNode(conversion, body, 'Body');
  conversion.openBodies.delete(body);
  return converted;
}

function convertColumns(conversion: Conversion, type: Foreign | null): readonly KqlColumn[] | null {
  if (!type || symbolKindOf(conversion, type) !== 'Table') return null;
  const known = conversion.columnLists.get(type);
  if (known) return known;
  const columns = foreignList(member(type, 'Columns')).map((column) =>
    Object.freeze({
      name: foreignText(member(column, 'Name')),
      type: foreignText(member(member(column, 'Type'), 'Name')),
      id: idOf(conversion, column),
    }),
  );
  conversion.columnLists.set(type, Object.freeze(columns));
  return columns;
}

function convertReference(conversion: Conversion, symbol: Foreign | null): KqlReference | null {
  if (!symbol) return null;
  const kind = REFERENCE_KINDS[symbolKindOf(conversion, symbol)] ?? 'other';
  return Object.freeze({
    kind,
    name: foreignText(member(symbol, 'Name')),
    id: idOf(conversion, symbol),
    builtIn: isBuiltIn(conversion.language, symbol, kind),
  });
}

function idOf(conversion: Conversion, symbol: unknown): number {
  const known = conversion.ids.get(symbol);
  if (known !== undefined) return known;
  conversion.ids.set(symbol, conversion.ids.size);
  return conversion.ids.size - 1;
}

function symbolKindOf(conversion: Conversion, symbol: Foreign): string {
  return conversion.symbolKinds.get(Number(member(symbol, 'Kind'))) ?? '';
}

function typeName(conversion: Conversion, type: Foreign): string {
  return foreignText(member(type, 'Name')) || (symbolKindOf(conversion, type) || 'unknown').toLowerCase();
}

const REFERENCE_KINDS: Readonly<Record<string, KqlReferenceKind>> = {
  Column: 'column',
  Table: 'table',
  ExternalTable: 'table',
  MaterializedView: 'table',
  Function: 'function',
  Variable: 'variable',
  Parameter: 'parameter',
  Operator: 'operator',
  Database: 'database',
  Cluster: 'cluster',
  PlugIn: 'plugin',
  Primitive: 'type',
};

const kindNames = new Map<string, ReadonlyMap<number, string>>();

/** The names of an enumeration of the parser by their numbers, asked for once. */
function kinds(language: Foreign, space: string, name: string): ReadonlyMap<number, string> {
  const known = kindNames.get(name);
  if (known) return known;
  const pairs = Object.entries(member(member(language, space), name)).filter(([, value]) => typeof value === 'number');
  const names = new Map(pairs.map(([text, value]) => [Number(value), text]));
  kindNames.set(name, names);
  return names;
}

function isBuiltIn(language: Foreign, symbol: Foreign, kind: KqlReferenceKind): boolean {
  if (kind === 'operator' || kind === 'type' || kind === 'plugin') return true;
  if (kind !== 'function') return false;
  return builtInFunctions(language).has(symbol);
}

let builtIns: ReadonlySet<unknown> | null = null;

function builtInFunctions(language: Foreign): ReadonlySet<unknown> {
  builtIns ??= new Set<unknown>([
    ...foreignList(member(member(language, 'Functions'), 'All')),
    ...foreignList(member(member(language, 'Aggregates'), 'All')),
    ...foreignList(member(member(language, 'PlugIns'), 'All')),
  ]);
  return builtIns;
}

function literalOf(syntax: ForeignSyntax): string | null {
  const text = syntax.IsLiteral ? syntax.LiteralValueInfo?.ValueText : null;
  return typeof text === 'string' ? text : null;
}
