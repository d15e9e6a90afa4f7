import { type Binder, createBinder, type NamedValues, placesOf, type SqlValue } from '../steps/bind.ts';
import type { AskedRows, Built, Bulk, Recipe, RowStep, RowSteps } from '../steps/steps.ts';
import type { Connection, PreparedStatement } from './connection.ts';
import { placesForItems } from './items.ts';
import { itemsOfForms, type PackedItems, packItems } from './packed/packed-items.ts';
import { compileForSqlite } from './query-compiler.ts';

/** Rows, or keys, per statement; every size is compiled once. SQLite takes 32,766 values a statement. */
const SIZES = [200, 20, 1] as const;
/** Those whose columns are packed: fewer are cheaper one by one. */
const FEWEST_PACKED = 16;
const MOST_PACKED = 1000;
/** For rows of kilobytes: packed, or in larger statements, they copy more than they save. */
const SIZES_OF_LARGE_ROWS = [100, 20, 1] as const;

interface Prepared {
  readonly statement: PreparedStatement;
  readonly bind: Binder;
}

interface Context {
  readonly connection: Connection;
  readonly recipes: Map<Recipe<unknown>, Prepared>;
  /** By how many items they take, or by the forms of their packed columns. */
  readonly bulks: Map<Bulk<unknown>, Map<number | string, Prepared>>;
}

/** Takes all steps of a piece of work, one after another, and gives what it comes to. */
export type TakeSteps = <Result>(steps: RowSteps<Result>) => Result;

/** Statements that are used again stay compiled for as long as the connection is used. */
export function createStepTaker(connection: Connection): TakeSteps {
  const context: Context = { connection, recipes: new Map(), bulks: new Map() };
  return (steps) => {
    let step = steps.next();
    while (!step.done) step = steps.next(answer(context, step.value));
    return step.value;
  };
}

export function takeSteps<Result>(connection: Connection, steps: RowSteps<Result>): Result {
  return createStepTaker(connection)(steps);
}

function answer(context: Context, { asked, wants }: RowStep): unknown {
  if (!('kind' in asked)) return answerBuilt(context.connection, asked, wants);
  if (asked.kind === 'line') return 0;
  if (asked.kind === 'many') return answerMany(context, asked, wants);
  const { statement, bind } = preparedRecipe(context, asked.recipe);
  const values = bind([], 0, asked.values);
  return wants === 'rows' ? statement.rows(values) : statement.run(values);
}

/** What is built anew each time is compiled anew, but prepared once. */
function answerBuilt(connection: Connection, built: Built<unknown>, wants: RowStep['wants']): unknown {
  const statement = compileForSqlite(built);
  return wants === 'rows' ? connection.all(statement) : connection.run(statement);
}

function answerMany(
  context: Context,
  { bulk, items, shared }: Extract<AskedRows<unknown>, { readonly kind: 'many' }>,
  wants: RowStep['wants'],
): unknown {
  const rows: unknown[] = [];
  let changed = 0;
  for (const { statement, values } of statementsFor(context, bulk, items, shared)) {
    if (wants === 'count') changed += statement.run(values);
    else for (const row of statement.rows(values)) rows.push(row);
  }
  return wants === 'rows' ? rows : changed;
}

interface Filled {
  readonly statement: PreparedStatement;
  readonly values: readonly SqlValue[];
}

function* statementsFor(
  context: Context,
  bulk: Bulk<unknown>,
  items: readonly NamedValues[],
  shared: NamedValues,
): Iterable<Filled> {
  for (let next = 0; next < items.length; next += MOST_PACKED) {
    const some = items.length > MOST_PACKED ? items.slice(next, next + MOST_PACKED) : items;
    const packed = bulk.isLarge || some.length < FEWEST_PACKED ? null : packItems(bulk.columns, some);
    if (packed) {
      const { statement, bind } = preparedPacked(context, bulk, packed);
      yield { statement, values: bind([], 0, { ...shared, ...packed.values }) };
      continue;
    }
    for (const { first, size } of chunks(bulk.isLarge ? SIZES_OF_LARGE_ROWS : SIZES, some.length)) {
      const { statement, bind } = preparedBulk(context, bulk, size);
      yield { statement, values: bind(some, first, shared) };
    }
  }
}

function preparedRecipe({ connection, recipes }: Context, recipe: Recipe<unknown>): Prepared {
  const known = recipes.get(recipe);
  if (known) return known;
  const { sql, bind } = compiledRecipe(recipe);
  const made = { statement: connection.prepare(sql), bind };
  recipes.set(recipe, made);
  return made;
}

interface Compiled {
  readonly sql: string;
  readonly bind: Binder;
}

/** For all connections: to build a statement takes longer than SQLite takes to answer it. */
const compiledRecipes = new WeakMap<Recipe<unknown>, Compiled>();

function compiledRecipe(recipe: Recipe<unknown>): Compiled {
  const known = compiledRecipes.get(recipe);
  if (known) return known;
  const { sql, parameters } = compileForSqlite(recipe.build());
  const made = { sql, bind: createBinder(parameters) };
  compiledRecipes.set(recipe, made);
  return made;
}

function preparedBulk({ connection, bulks }: Context, bulk: Bulk<unknown>, size: number): Prepared {
  return preparedOnce(bulks, bulk, size, () => {
    const items = placesForItems(bulk.columns, size);
    return prepare(connection, bulk.build(items, placesOf<NamedValues>()));
  });
}

function preparedPacked({ connection, bulks }: Context, bulk: Bulk<unknown>, { forms }: PackedItems): Prepared {
  return preparedOnce(bulks, bulk, forms.join(' '), () =>
    prepare(connection, bulk.build(itemsOfForms(forms), placesOf<NamedValues>())),
  );
}

function preparedOnce(
  bulks: Context['bulks'],
  bulk: Bulk<unknown>,
  form: number | string,
  make: () => Prepared,
): Prepared {
  const forms = bulks.get(bulk) ?? new Map<number | string, Prepared>();
  bulks.set(bulk, forms);
  const known = forms.get(form);
  if (known) return known;
  const made = make();
  forms.set(form, made);
  return made;
}

function prepare(connection: Connection, built: Built<unknown>): Prepared {
  const { sql, parameters } = compileForSqlite(built);
  return { statement: connection.prepare(sql), bind: createBinder(parameters) };
}

/** Where each statement begins and how many items it takes, the largest first. */
function chunks(sizes: readonly number[], count: number): readonly { readonly first: number; readonly size: number }[] {
  const made = [];
  let first = 0;
  for (const size of sizes) for (; count - first >= size; first += size) made.push({ first, size });
  return made;
}
