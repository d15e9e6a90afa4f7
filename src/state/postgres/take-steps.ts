import { createBinder, createListBinder, type NamedValues, placesOf, type SqlValue } from '../steps/bind.ts';
import type { AskedRows, Built, Bulk, Recipe, RowStep, RowSteps } from '../steps/steps.ts';
import { binaryList } from './binary-list.ts';
import type { ClientResult, DatabaseClient } from './connection.ts';
import { listsForItems } from './items.ts';
import { LINE_LOCK } from './locks.ts';
import { compileForPostgres } from './query-compiler.ts';

/** Items that one statement takes. */
const MOST_ITEMS = 5000;
const MOST_LARGE_ITEMS = 500;

/** `plain`: rows that are hardly ever there are added as if none were, and one that is there is an error (isThere) after which all is undone. */
export type Adding = 'plain' | 'careful';

/** Takes the steps of a piece of work on one connection, one after another, and gives what it comes to. */
export async function takeStepsOn<Result>(
  session: DatabaseClient,
  steps: RowSteps<Result>,
  adding: Adding = 'careful',
): Promise<Result> {
  let step = steps.next();
  while (!step.done) step = steps.next(await answer(session, step.value, adding));
  return step.value;
}

async function answer(session: DatabaseClient, { asked, wants }: RowStep, adding: Adding): Promise<unknown> {
  if ('kind' in asked && asked.kind === 'line') return session.query({ text: LINE_LOCK });
  if ('kind' in asked && asked.kind === 'many') return answerMany(session, asked, wants, adding);
  const result = await ('kind' in asked ? answerFilled(session, asked) : answerBuilt(session, asked));
  return wants === 'rows' ? result.rows : (result.rowCount ?? 0);
}

function answerBuilt(session: DatabaseClient, built: Built<unknown>): Promise<ClientResult> {
  const { sql, parameters } = compileForPostgres(built);
  return session.query({ text: sql, values: parameters });
}

interface Compiled {
  readonly name: string;
  readonly text: string;
  readonly parameters: readonly unknown[];
}

type CompiledOnes = WeakMap<Recipe<unknown> | Bulk<unknown>, Compiled>;
const compiled: Readonly<Record<Adding, CompiledOnes>> = { plain: new WeakMap(), careful: new WeakMap() };
let made = 0;

/** Compiled here once, and by name once in each session. */
function compiledOf(
  of: Recipe<unknown> | Bulk<unknown>,
  build: () => Built<unknown>,
  adding: Adding = 'careful',
): Compiled {
  const known = compiled[adding].get(of);
  if (known) return known;
  const { sql: text, parameters } = compileForPostgres(build(), adding === 'plain');
  made += 1;
  const one = { name: `huntwire-${made}`, text, parameters };
  compiled[adding].set(of, one);
  return one;
}

type Filled = Extract<AskedRows<unknown>, { readonly kind: 'filled' }>;
type Many = Extract<AskedRows<unknown>, { readonly kind: 'many' }>;

function answerFilled(session: DatabaseClient, { recipe, values }: Filled): Promise<ClientResult> {
  const { name, text, parameters } = compiledOf(recipe, recipe.build);
  return session.query({ name, text, values: createBinder(parameters)([], 0, values) });
}

async function answerMany(
  session: DatabaseClient,
  { bulk, items: given, shared }: Many,
  wants: RowStep['wants'],
  adding: Adding,
): Promise<unknown> {
  const build = (): Built<unknown> => bulk.build(listsForItems(bulk.columns), placesOf<NamedValues>());
  const { name, text, parameters } = compiledOf(bulk, build, bulk.isNew ? adding : 'careful');
  const bind = createListBinder(parameters, (column, values) => binaryList(bulk.columns[column] ?? 'text', values));
  const size = bulk.isLarge ? MOST_LARGE_ITEMS : MOST_ITEMS;
  const items = lastOfEach(bulk, given);
  const rows: unknown[] = [];
  let changed = 0;
  for (let next = 0; next < items.length; next += size) {
    const values = bind(items.slice(next, next + size), shared);
    const result = await session.query({ name, text, values });
    changed += result.rowCount ?? 0;
    if (wants === 'rows') for (const row of result.rows) rows.push(row);
  }
  return wants === 'rows' ? rows : changed;
}

/** SQLite takes a row twice in one statement, Postgres does not. */
function lastOfEach({ unique }: Bulk<unknown>, items: readonly NamedValues[]): readonly NamedValues[] {
  if (unique === null) return items;
  const last = new Map(items.map((item) => [keyText(item[unique]), item]));
  return last.size === items.length ? items : [...last.values()];
}

function keyText(value: SqlValue | undefined): string {
  return Buffer.isBuffer(value) ? value.toString('hex') : String(value);
}
