import type { Column } from '../types.ts';
import { call, type Foreign } from './foreign.ts';
import { loadKusto } from './runtime.ts';

/** A function that the database knows, with a KQL body so that the binder can tell its result. */
export interface StoredFunction {
  readonly name: string;
  /** For example `(T:(*), x:string="SHA1", y:long=100)`. */
  readonly parameters: string;
  /** For example `{ T | extend Signer="" }`. */
  readonly body: string;
}

export interface KqlSchema {
  readonly tables: Readonly<Record<string, readonly Column[]>>;
  readonly functions: readonly StoredFunction[];
}

interface View {
  readonly schema: KqlSchema;
  readonly globals: Promise<Foreign>;
}

/** Views of the latest schemas: rule tests ask for the same one again and again. */
const latest: View[] = [];
const KEPT_VIEWS = 4;

/** The parser's view of a schema, for adapter.ts. One that holds the same lists of columns and functions as a view made before is that view. */
export function buildGlobals(schema: KqlSchema): Promise<Foreign> {
  const known = latest.find((view) => isSame(view.schema, schema));
  if (known) return known.globals;
  const view = { schema, globals: makeGlobals(schema) };
  latest.unshift(view);
  latest.splice(KEPT_VIEWS);
  return view.globals;
}

function isSame(one: KqlSchema, other: KqlSchema): boolean {
  if (one.functions !== other.functions) return false;
  const names = Object.keys(one.tables);
  if (names.length !== Object.keys(other.tables).length) return false;
  return names.every((name) => Object.hasOwn(other.tables, name) && one.tables[name] === other.tables[name]);
}

async function makeGlobals(schema: KqlSchema): Promise<Foreign> {
  const { language } = await loadKusto();
  const symbols = (language as unknown as { Symbols: Record<string, never> }).Symbols as unknown as SymbolClasses;
  const tables = Object.entries(schema.tables).map(([name, columns]) => tableSymbol(symbols, name, columns));
  const functions = schema.functions.map(
    (one) => new symbols.FunctionSymbol.$ctor16(one.name, one.parameters, one.body, null),
  );
  const database = new symbols.DatabaseSymbol.ctor('hunting', [...tables, ...functions]);
  const state = (language as unknown as { GlobalState: { Default: { WithDatabase(database: object): Foreign } } })
    .GlobalState;
  return withMaps(state.Default.WithDatabase(database), database);
}

/**
 * A view makes each of its maps when first asked for something in it. Every analysis works on a copy of the view, which takes over the maps that
 * are there and would make all others itself, of hundreds of functions, operators and tables, for a query that names three.
 */
function withMaps(view: Foreign, database: object): Foreign {
  for (const ask of ['GetFunction', 'GetAggregate', 'GetPlugIn']) call(view, ask, 'count');
  call(view, 'GetOperator', 0);
  call(view, 'GetCluster', database);
  call(view, 'GetDatabase$2', database);
  return view;
}

/** Of one view: the same with names from outside, by those names and their types. */
interface NamedView {
  readonly globals: Foreign;
  readonly key: string;
  readonly named: Foreign;
  uses: number;
}

const namedViews: NamedView[] = [];
const KEPT_NAMED = 8;

/** A view notes what it has bound, queries' own tables among it: after so many queries another takes its place. */
const MOST_USES = 100;

/**
 * The same view with names that are given from outside, such as a rule's params: name to scalar type. One that was made lately is taken
 * again, because a view makes maps of all functions and operators, and of what it has bound, when it is first used.
 */
export async function withParameters(globals: Foreign, parameters: Readonly<Record<string, string>>): Promise<Foreign> {
  const { language } = await loadKusto();
  const key = JSON.stringify(Object.entries(parameters));
  const at = namedViews.findIndex((view) => view.globals === globals && view.key === key);
  const [known] = at < 0 ? [] : namedViews.splice(at, 1);
  const view =
    known && known.uses < MOST_USES ? known : { globals, key, named: nameIn(language, globals, parameters), uses: 0 };
  view.uses += 1;
  namedViews.unshift(view);
  namedViews.splice(KEPT_NAMED);
  return view.named;
}

function nameIn(language: Foreign, globals: Foreign, parameters: Readonly<Record<string, string>>): Foreign {
  const symbols = (language as unknown as { Symbols: Record<string, never> }).Symbols as unknown as SymbolClasses;
  const made = Object.entries(parameters).map(
    ([name, type]) => new symbols.ParameterSymbol(name, symbols.ScalarTypes.GetSymbol(type), null),
  );
  return call(call(globals, 'WithParameters', made), 'WithCache');
}

interface SymbolClasses {
  readonly ParameterSymbol: new (name: string, type: object, description: null) => object;
  readonly TableSymbol: { readonly $ctor4: new (name: string, columns: readonly object[]) => object };
  readonly ColumnSymbol: new (name: string, type: object) => object;
  readonly FunctionSymbol: {
    readonly $ctor16: new (name: string, parameters: string, body: string, description: null) => object;
  };
  readonly DatabaseSymbol: { readonly ctor: new (name: string, members: readonly object[]) => object };
  readonly ScalarTypes: { GetSymbol(name: string): object };
}

function tableSymbol(symbols: SymbolClasses, name: string, columns: readonly Column[]): object {
  const members = columns.map(
    (column) => new symbols.ColumnSymbol(column.name, symbols.ScalarTypes.GetSymbol(column.type)),
  );
  return new symbols.TableSymbol.$ctor4(name, members);
}
