import type { CompiledQuery } from 'kysely';
import Database from 'libsql';
import type { SqlValue } from '../steps/bind.ts';
import { toStateError } from './state-error.ts';

/** A statement that was compiled once. Values stand in the order of its parameters: see rows/bind.ts, which knows them by their names. */
export interface PreparedStatement {
  /** Returns how many rows it changed. */
  run(values: readonly SqlValue[]): number;
  /** Rows by the names of their columns, blobs as ArrayBuffers. */
  rows(values: readonly SqlValue[]): readonly unknown[];
}

/**
 * One open database file. All calls are synchronous, so transactions of one process never interleave.
 * Failures are HuntwireErrors with a STATE_ code that name the file.
 */
export interface Connection {
  readonly path: string;
  all<Row>(query: CompiledQuery<Row>): readonly Row[];
  /** Runs a statement and returns how many rows it changed. */
  run(query: CompiledQuery<unknown>): number;
  script(text: string): void;
  prepare(text: string): PreparedStatement;
  /** Reads from one snapshot. */
  read<Result>(work: () => Result): Result;
  /** All that `work` writes, or nothing of it. On return it has reached the disk. */
  write<Result>(work: () => Result): Result;
  /** As write, but a power failure may undo it (never a part of it): for what can be repeated or made again. */
  writeLazily<Result>(work: () => Result): Result;
  close(): void;
}

interface Context {
  readonly path: string;
  readonly database: Database.Database;
  readonly statements: Map<string, Database.Statement>;
}

export const IN_MEMORY = ':memory:';
/** More statements than the program has; a full cache drops the oldest. */
const STATEMENT_LIMIT = 400;

/** Opens a file (or IN_MEMORY) as it is: no schema, no pragmas. */
export function openConnection(path: string): Connection {
  const context: Context = { path, database: guarded(path, () => new Database(path)), statements: new Map() };
  // In memory nobody else writes between two reads, and nothing has to reach a disk.
  const isAlone = path === ':memory:';
  const write: Connection['write'] = (work) => transact(context, 'BEGIN IMMEDIATE', work);
  return {
    path,
    all: (query) => guarded(path, () => allRows(context, query)),
    run: (query) => guarded(path, () => runQuery(context, query)),
    script: (text) => guarded(path, () => void context.database.exec(text)),
    prepare: (text) => prepareStatement(context, text),
    read: (work) => (isAlone ? guarded(path, work) : transact(context, 'BEGIN', work)),
    write,
    writeLazily: (work) => (isAlone ? write(work) : withoutSync(context, () => write(work))),
    close: () => {
      context.statements.clear();
      context.database.close();
    },
  };
}

function guarded<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (thrown) {
    throw toStateError(thrown, path);
  }
}

function statementFor(context: Context, text: string): Database.Statement {
  const known = context.statements.get(text);
  if (known) return known;
  const oldest = context.statements.keys().next();
  if (context.statements.size >= STATEMENT_LIMIT && !oldest.done) context.statements.delete(oldest.value);
  const statement = context.database.prepare(text);
  context.statements.set(text, statement);
  return statement;
}

function allRows<Row>(context: Context, query: CompiledQuery<Row>): readonly Row[] {
  return statementFor(context, query.sql).all([...query.parameters]) as Row[];
}

function runQuery(context: Context, query: CompiledQuery<unknown>): number {
  return statementFor(context, query.sql).run([...query.parameters]).changes;
}

function prepareStatement(context: Context, text: string): PreparedStatement {
  const statement = guarded(context.path, () => context.database.prepare(text));
  return {
    run: (values) => guarded(context.path, () => statement.run(values).changes),
    rows: (values) => guarded(context.path, () => statement.all(values)),
  };
}

function transact<Result>(context: Context, begin: string, work: () => Result): Result {
  return guarded(context.path, () => {
    context.database.exec(begin);
    try {
      const result = work();
      context.database.exec('COMMIT');
      return result;
    } finally {
      // SQLite has already rolled back by itself after some errors, a full disk among them.
      if (context.database.inTransaction) context.database.exec('ROLLBACK');
    }
  });
}

/** In memory there is nothing to sync. */
function withoutSync<Result>(context: Context, work: () => Result): Result {
  if (context.path === IN_MEMORY) return work();
  context.database.exec('PRAGMA synchronous = NORMAL');
  try {
    return work();
  } finally {
    context.database.exec('PRAGMA synchronous = FULL');
  }
}
