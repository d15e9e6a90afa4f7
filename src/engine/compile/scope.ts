import { childOf, type KqlColumn, type KqlNode } from '../../kql/ast.ts';
import type { Budget } from '../budget.ts';
import type { Fixtures } from '../fixtures.ts';
import type { GraphPlan } from '../graph/graph.ts';
import type { Table } from '../runtime/table.ts';
import type { RangeOf } from '../table-data.ts';
import type { Tracer } from '../trace.ts';
import type { EvaluationContext } from '../value.ts';
import type { AggregateCollector } from './aggregate-collector.ts';
import type { Expression } from './expression.ts';

/** A tabular expression, ready to run; asked twice it may answer from memory. */
export type TablePlan = () => Table;

/** One step of a pipe. */
export type TableStep = (input: Table) => Table;

export type Declaration =
  | { readonly kind: 'scalar'; readonly expression: Expression; readonly rows: object }
  | { readonly kind: 'table'; readonly plan: TablePlan; readonly view: boolean }
  | { readonly kind: 'graph'; readonly plan: GraphPlan }
  | { readonly kind: 'entities'; readonly entities: readonly KqlNode[] }
  | { readonly kind: 'function' | 'pattern'; readonly declaration: KqlNode; readonly environment: Declarations };

/** Names that `let`, `as` and parameters declare; inner ones hide outer ones. */
export interface Declarations {
  readonly parent: Declarations | null;
  readonly names: Map<string, Declaration>;
  /** What can be seen from here of the tables that the parents and the database have; null for all. */
  readonly access: Access | null;
}

/** What `restrict access to` leaves of tables and of what gives tables. */
export interface Access {
  /** Of what the query declared before. */
  readonly declared: (name: string) => boolean;
  /** Of the database. */
  readonly stored: (name: string) => boolean;
}

/** What is known of the tables and functions outside the query text. */
export interface Surroundings {
  /** Names of the tables that can be read. */
  readonly tableNames: readonly string[];
  /** Declarations of stored functions by name, parsed. */
  readonly storedFunctions: ReadonlyMap<string, KqlNode>;
  readonly fixtures: Fixtures;
}

/** The conditions of the `where`s right behind a table, in their order. */
export interface TableFilter {
  /** The pipe that ends with the last of them. */
  readonly pipe: KqlNode;
  readonly expressions: readonly Expression[];
  /** The columns that they read; `_ingested` among them where it asks when rows arrived. */
  readonly columns: ReadonlySet<string>;
  /** False where they hold for no row with such values. */
  readonly mayHold: (rangeOf: RangeOf) => boolean;
  /** Whether no row makes one of them fail. */
  readonly isCalm: boolean;
}

/** How often a query names a table, and what filters it at those places, in the order in which they are compiled. */
export interface TableReads {
  uses: number;
  readonly filters: TableFilter[];
}

/** One compilation of one query for one run. */
export interface Compilation {
  readonly text: string;
  readonly evaluation: EvaluationContext;
  readonly budget: Budget;
  readonly tracer: Tracer;
  readonly surroundings: Surroundings;
  readonly warnings: string[];
  /** Names of the tables that the query reads; filled while compiling. */
  readonly requested: Set<string>;
  /** By stored table, how the query reads it; filled while compiling. */
  readonly reads: Map<string, TableReads>;
  /** Whether ingestion_time() is used. */
  readonly hidden: Set<string>;
  /** The rows of a table; only while running. */
  readTable(name: string): Table;
  /** Compiles a scalar expression over rows of `scope`. */
  expression(node: KqlNode, scope: Scope): Expression;
  /** Compiles a tabular expression; with `input`, one that starts from the rows of an outer operator. */
  table(node: KqlNode, scope: Scope): TablePlan;
  /** Compiles an expression that gives a graph. */
  graph(node: KqlNode, scope: Scope): GraphPlan;
  /** Compiles one operator, or a pipe of operators that begins with one, over rows of `scope`. */
  operator(node: KqlNode, scope: Scope): TableStep;
}

export interface Scope {
  readonly compilation: Compilation;
  readonly environment: Declarations;
  /** Columns of the rows in reach, as the binder sees them. */
  readonly columns: readonly KqlColumn[];
  /** Where aggregates are allowed: collects them. */
  readonly aggregates: AggregateCollector | null;
  /** Stands for the row space: a value that depends on rows must not be read in another one. */
  readonly rows: object;
  /** The expression whose rows an operator gets, where it is known. */
  readonly input: KqlNode | null;
  /** Inside a pattern of a graph: calls that have a meaning of their own there. */
  readonly graph?: { call(node: KqlNode, scope: Scope): Expression | null } | undefined;
}

/** The name under which an environment keeps the key of `partition by key {…}`: only `toscalar(key)` reads it. */
export function partitionKey(column: string): string {
  return `toscalar(${column})`;
}

/** The name under which an environment keeps what a step of `scan` knows of a column. */
export function stepValue(step: string, column: string): string {
  return `scan ${step}.${column}`;
}

export function childEnvironment(parent: Declarations | null, access: Access | null = null): Declarations {
  return { parent, names: new Map(), access };
}

/** What a name means here; null also where it is a table that cannot be seen from here. */
export function lookUp(environment: Declarations, name: string): Declaration | null {
  let isHidden = false;
  for (let current: Declarations | null = environment; current; current = current.parent) {
    const declared = current.names.get(name);
    if (declared) return isHidden && givesTable(declared) ? null : declared;
    if (current.access?.declared(name) === false) isHidden = true;
  }
  return null;
}

function givesTable(declared: Declaration): boolean {
  if (declared.kind !== 'function') return declared.kind !== 'scalar' && declared.kind !== 'entities';
  const body = childOf(declared.declaration, 'Body');
  return Boolean(body && childOf(body, 'Expression')?.columns);
}

/** The scope of an operator whose input has these columns. */
export function rowScope(scope: Scope, columns: readonly KqlColumn[], input: KqlNode | null = null): Scope {
  return { ...scope, columns, aggregates: null, rows: {}, input };
}
