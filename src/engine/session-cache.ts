import type { KqlNode, KqlTree } from '../kql/ast.ts';
import { analyze } from '../kql/parser/adapter.ts';
import type { Foreign } from '../kql/parser/foreign.ts';
import { buildGlobals, type KqlSchema } from '../kql/parser/globals.ts';
import { burdenOf } from '../kql/query-load.ts';
import type { Column } from '../kql/types.ts';
import { HuntwireError } from '../lib/errors.ts';
import { parseStoredFunctions } from './stored-functions.ts';

/** What the parser has to know of a schema; making it takes longer than a small query. */
export interface KnownSchema {
  /** A query's tree; the latest ones are kept. Rejects as `analyze` does. */
  treeOf(text: string): Promise<KqlTree>;
  readonly storedFunctions: ReadonlyMap<string, KqlNode>;
}

interface Entry {
  readonly schema: KqlSchema;
  readonly known: Promise<KnownSchema>;
  uses: number;
}

/** Engines for rule tests come and go over the same few schemas. */
const MOST_SCHEMAS = 4;
/** The parser's view of a schema grows with every query it has seen; it is made anew after so many engines. */
const MOST_USES = 500;
/** The tests of a rule ask the same text again and again, of which analyzing takes longest. Trees are frozen. */
const MOST_TREES = 32;

let entries: readonly Entry[] = [];

/** The parser's view of the schema, from memory where an equal one was asked for lately. */
export function knownSchema(schema: KqlSchema): Promise<KnownSchema> {
  const found = entries.find((entry) => entry.uses < MOST_USES && isSame(entry.schema, schema));
  const entry = found ?? { schema, known: prepare(schema), uses: 0 };
  entry.uses += 1;
  entries = [entry, ...entries.filter((one) => one !== entry)].slice(0, MOST_SCHEMAS);
  return entry.known;
}

async function prepare(schema: KqlSchema): Promise<KnownSchema> {
  return { treeOf: rememberTrees(await buildGlobals(schema)), storedFunctions: await parseStoredFunctions(schema) };
}

/** What would keep the parser busy for minutes is refused before it begins. */
async function analyzeLight(text: string, globals: Foreign): Promise<KqlTree> {
  const burden = burdenOf(text);
  if (burden !== null) throw new HuntwireError('KQL_BUDGET', `${burden} Split or shorten it.`);
  return await analyze(text, globals);
}

function rememberTrees(globals: Foreign): KnownSchema['treeOf'] {
  const trees = new Map<string, Promise<KqlTree>>();
  return (text) => {
    const tree = trees.get(text) ?? analyzeLight(text, globals);
    trees.delete(text);
    trees.set(text, tree);
    const [oldest] = trees.keys();
    if (trees.size > MOST_TREES && oldest !== undefined) trees.delete(oldest);
    return tree;
  };
}

function isSame(left: KqlSchema, right: KqlSchema): boolean {
  const names = Object.keys(left.tables);
  if (left.functions !== right.functions && JSON.stringify(left.functions) !== JSON.stringify(right.functions))
    return false;
  if (names.length !== Object.keys(right.tables).length) return false;
  return names.every((name) => Object.hasOwn(right.tables, name) && sameColumns(left.tables[name], right.tables[name]));
}

function sameColumns(left: readonly Column[] = [], right: readonly Column[] = []): boolean {
  if (left === right) return true;
  if (left.length !== right.length) return false;
  return left.every((column, index) => column.name === right[index]?.name && column.type === right[index]?.type);
}
