import type { KqlTree } from '../kql/ast.ts';
import type { KqlSchema } from '../kql/parser/globals.ts';
import type { Column } from '../kql/types.ts';
import { HuntwireError, toHuntwireError } from '../lib/errors.ts';
import { type Budget, createBudget, DEFAULT_LIMITS, type Limits } from './budget.ts';
import { chartOf } from './chart.ts';
import { COMPILER } from './compile/compiler.ts';
import { type Compilation, childEnvironment, type Surroundings } from './compile/scope.ts';
import { compileQuery } from './compile/statements.ts';
import { refuseFaulty } from './diagnostics.ts';
import { type EngineFiles, engineTables, type GivenTable } from './engine-tables.ts';
import { type Fixtures, NO_FIXTURES } from './fixtures.ts';
import { narrowingOf } from './narrow.ts';
import { type AnyTable, openTouched } from './open-tables.ts';
import { locate, QueryProblem } from './problem.ts';
import { seededRandom } from './random.ts';
import { ColumnNeeded, type LoadedTable, loadTable, mentionedNames, openTable } from './read-tables.ts';
import { type KqlResult, resultOf } from './result.ts';
import { type KnownSchema, knownSchema } from './session-cache.ts';
import { INGESTED, type TableSource } from './table-data.ts';
import { createTracer } from './trace.ts';
import type { EvaluationContext } from './value.ts';
import { datetimeOfUnix } from './values/ticks.ts';
import { createWorkClock, type WorkClock } from './work-clock.ts';

export interface EngineOptions {
  /** Tables and functions that queries may name, beside those of the data. A table with no data is empty. */
  readonly schema?: KqlSchema;
  /** The data, by table name: rows, whose columns they tell themselves, or a source. */
  readonly tables?: Readonly<Record<string, GivenTable>>;
  /** Files and folders with more tables; what has to be told of them is among the warnings of a result. */
  readonly files?: EngineFiles;
  /** The value of now(), in epoch milliseconds; a function is asked when a query starts. */
  readonly now: number | (() => number);
  /** Monotonic milliseconds, for the time budget. */
  readonly elapsed: () => number;
  readonly limits?: Partial<Limits>;
  /** For rand(), new_guid() and sample. */
  readonly seed?: number;
  /** Whether results carry row counts by operator. */
  readonly trace?: boolean;
  readonly fixtures?: Fixtures;
}

export interface KqlEngine {
  /**
   * Runs one query. Throws HuntwireError with KQL_SYNTAX, KQL_UNSUPPORTED (before anything runs), KQL_FAILED, KQL_BUDGET or ABORTED;
   * all but the last two tell line and column in `problems`.
   */
  run(text: string, options: { readonly signal: AbortSignal }): Promise<KqlResult>;
}

interface Session {
  readonly options: EngineOptions;
  readonly sources: Readonly<Record<string, TableSource>>;
  readonly tables: ReadonlyMap<string, readonly Column[]>;
  readonly treeOf: KnownSchema['treeOf'];
  readonly surroundings: Surroundings;
}

const NO_SCHEMA: KqlSchema = { tables: {}, functions: [] };

/** An engine over tables in memory or on disk. The parser loads with the first query, files are read when a query names their table. */
export function createKqlEngine(options: EngineOptions): KqlEngine {
  const { schema = NO_SCHEMA, files } = options;
  const tables = engineTables(options.tables ?? {}, schema, files);
  return {
    async run(text, { signal }) {
      try {
        signal.throwIfAborted();
        const session = await openSession(text, { options, schema, tables: await tables.open() }, signal);
        const result = await runQuery(text, session, signal);
        return { ...result, warnings: [...tables.takeNotes(), ...result.warnings] };
      } catch (thrown) {
        throw signal.aborted ? stopped(thrown) : toHuntwireError(thrown);
      }
    },
  };
}

function stopped(cause: unknown): HuntwireError {
  return new HuntwireError('ABORTED', 'The query was stopped.', { cause, retryable: true });
}

interface EngineParts {
  readonly options: EngineOptions;
  readonly schema: KqlSchema;
  readonly tables: Readonly<Record<string, AnyTable>>;
}

async function openSession(text: string, parts: EngineParts, signal: AbortSignal): Promise<Session> {
  const { options, schema } = parts;
  const bodies = schema.functions.filter(({ name }) => text.includes(name)).map(({ body }) => body);
  const sources = await openTouched([text, ...bodies].join('\n'), parts.tables, signal);
  const columns = Object.entries(sources).map(([name, source]) => [name, source.columns] as const);
  const tables = new Map([...Object.entries(schema.tables), ...columns]);
  const known = await knownSchema({ tables: Object.fromEntries(tables), functions: schema.functions });
  return {
    options,
    sources,
    tables,
    treeOf: known.treeOf,
    surroundings: {
      tableNames: [...tables.keys()],
      storedFunctions: known.storedFunctions,
      fixtures: options.fixtures ?? NO_FIXTURES,
    },
  };
}

async function runQuery(text: string, session: Session, signal: AbortSignal): Promise<KqlResult> {
  const tree = await session.treeOf(text);
  try {
    refuseFaulty(tree);
    const limits = { ...DEFAULT_LIMITS, ...session.options.limits };
    const clock = createWorkClock(session.options.elapsed);
    return await runTree(tree, session, { budget: createBudget(limits, clock.elapsed, signal), clock }, signal);
  } catch (thrown) {
    if (signal.aborted) throw stopped(thrown);
    throw thrown instanceof QueryProblem ? locate(thrown, text) : toHuntwireError(stackProblem(thrown));
  }
}

/** Values nested beyond the stack are a budget, too. */
function stackProblem(thrown: unknown): unknown {
  if (!(thrown instanceof RangeError)) return thrown;
  return new HuntwireError(
    'KQL_BUDGET',
    `The query is nested too deeply, or makes a value too large: ${thrown.message}.`,
    {
      cause: thrown,
    },
  );
}

/** Compiles, loads what the query mentions, runs; starts again where it turns out to need another column. */
async function runTree(
  tree: KqlTree,
  session: Session,
  { budget, clock }: { readonly budget: Budget; readonly clock: WorkClock },
  signal: AbortSignal,
): Promise<KqlResult> {
  const wanted = mentionedNames(tree);
  const loaded = new Map<string, LoadedTable>();
  for (;;) {
    const compilation = compilationFor(tree, session, budget, loaded);
    const scope = {
      compilation,
      environment: childEnvironment(null),
      columns: [],
      aggregates: null,
      rows: {},
      input: null,
    };
    const plan = compileQuery(tree.root, scope);
    for (const name of compilation.hidden) wanted.add(name);
    await clock.pause(() => loadMissing(compilation, wanted, loaded, session, signal));
    try {
      const table = plan();
      const { tracer, warnings } = compilation;
      const result = resultOf(table, { trace: tracer.steps, branches: [], warnings, chart: chartOf(tree) });
      // The columns of a result are computed last.
      return { ...result, branches: tracer.branches?.list() ?? [] };
    } catch (thrown) {
      if (!(thrown instanceof ColumnNeeded)) throw thrown;
      for (const column of session.tables.get(thrown.table) ?? []) wanted.add(column.name);
      wanted.add(INGESTED);
      loaded.delete(thrown.table);
    }
  }
}

async function loadMissing(
  { requested, reads }: Compilation,
  wanted: ReadonlySet<string>,
  loaded: Map<string, LoadedTable>,
  session: Session,
  signal: AbortSignal,
): Promise<void> {
  for (const name of requested) {
    if (loaded.has(name)) continue;
    const { sources } = session;
    const source = Object.hasOwn(sources, name) ? (sources[name] ?? null) : null;
    const columns = session.tables.get(name) ?? [];
    const narrow = session.options.trace ? null : narrowingOf(name, reads.get(name), columns, signal);
    loaded.set(name, await loadTable(columns, source, wanted, signal, narrow));
  }
}

function compilationFor(
  tree: KqlTree,
  session: Session,
  budget: Budget,
  loaded: ReadonlyMap<string, LoadedTable>,
): Compilation {
  const { options, surroundings } = session;
  const evaluation: EvaluationContext = {
    now: datetimeOfUnix(typeof options.now === 'number' ? options.now : options.now()),
    random: seededRandom(options.seed ?? 1),
    spend: (rows) => budget.spend(rows),
    tick: (work) => budget.tick(work),
  };
  return {
    ...COMPILER,
    text: tree.text,
    evaluation,
    budget,
    tracer: createTracer(options.trace ?? false),
    surroundings,
    warnings: [],
    requested: new Set(),
    reads: new Map(),
    hidden: new Set(),
    readTable(name) {
      const table = loaded.get(name);
      if (!table) throw new QueryProblem('INTERNAL', `The table '${name}' was not loaded.`, null);
      return openTable(name, table, budget);
    },
  };
}
