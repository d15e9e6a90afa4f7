import type { KqlColumn, KqlReference, KqlReferenceKind } from '../ast.ts';
import { type Foreign, foreignList, foreignText, member } from './foreign.ts';
import { kindNames } from './kind-names.ts';

/** What the binder says of one tree, made plain. Symbols get small ids in the order of their first appearance. */
export interface Symbols {
  readonly language: Foreign;
  readonly kinds: ReadonlyMap<number, string>;
  readonly ids: Map<unknown, number>;
  readonly types: Map<unknown, PlainType>;
  readonly columns: Map<unknown, KqlColumn>;
  readonly references: Map<unknown, KqlReference>;
}

/** A result type: that of a table has columns and no name. */
export interface PlainType {
  readonly name: string | null;
  readonly columns: readonly KqlColumn[] | null;
}

export function createSymbols(language: Foreign): Symbols {
  return {
    language,
    kinds: kindNames(language, 'Symbols', 'SymbolKind'),
    ids: new Map(),
    types: new Map(),
    columns: new Map(),
    references: new Map(),
  };
}

export function plainType(symbols: Symbols, type: Foreign): PlainType {
  const known = symbols.types.get(type);
  if (known) return known;
  const kind = symbolKindOf(symbols, type);
  const isTable = kind === 'Table';
  const name = isTable ? null : foreignText(member(type, 'Name')) || (kind || 'unknown').toLowerCase();
  const made = { name, columns: isTable ? plainColumns(symbols, type) : null };
  symbols.types.set(type, made);
  return made;
}

function plainColumns(symbols: Symbols, table: Foreign): readonly KqlColumn[] {
  return Object.freeze(foreignList(member(table, 'Columns')).map((column) => plainColumn(symbols, column)));
}

/** A column that is passed through stands in the table of each step. */
function plainColumn(symbols: Symbols, column: Foreign): KqlColumn {
  const known = symbols.columns.get(column);
  if (known) return known;
  const made = Object.freeze({
    name: foreignText(member(column, 'Name')),
    type: foreignText(member(member(column, 'Type'), 'Name')),
    id: idOf(symbols, column),
  });
  symbols.columns.set(column, made);
  return made;
}

export function plainReference(symbols: Symbols, symbol: Foreign): KqlReference {
  const known = symbols.references.get(symbol);
  if (known) return known;
  const kind = REFERENCE_KINDS[symbolKindOf(symbols, symbol)] ?? 'other';
  const made = Object.freeze({
    kind,
    name: foreignText(member(symbol, 'Name')),
    id: idOf(symbols, symbol),
    builtIn: isBuiltIn(symbols.language, symbol, kind),
  });
  symbols.references.set(symbol, made);
  return made;
}

function idOf({ ids }: Symbols, symbol: unknown): number {
  const known = ids.get(symbol);
  if (known !== undefined) return known;
  ids.set(symbol, ids.size);
  return ids.size - 1;
}

function symbolKindOf({ kinds }: Symbols, symbol: Foreign): string {
  return kinds.get(Number(member(symbol, 'Kind'))) ?? '';
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
