import { type ErrorCode, HuntwireError } from '../lib/errors.ts';

/** A stretch of the query text, 0-based UTF-16 offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** An error of the engine that knows which part of the query it is about; engine.ts turns it into a HuntwireError with line and column. */
export class QueryProblem extends Error {
  readonly code: ErrorCode;
  readonly span: Span | null;
  /** Whether the problem is only that a table does not exist: `union isfuzzy=true` then leaves the leg out. */
  readonly missingTable: boolean;

  constructor(code: ErrorCode, message: string, span: Span | null, missingTable = false) {
    super(message);
    this.name = 'QueryProblem';
    this.code = code;
    this.span = span;
    this.missingTable = missingTable;
  }
}

/** A construct that the engine does not run. Decided while compiling, before any row is read. */
export function unsupported(construct: string, span: Span | null, hint = ''): QueryProblem {
  return new QueryProblem(
    'KQL_UNSUPPORTED',
    `The local engine does not support ${construct}.${hint ? ` ${hint}` : ''}`,
    span,
  );
}

/** The query is understood, and running it fails as it would in the service. */
export function queryFailed(message: string, span: Span | null): QueryProblem {
  return new QueryProblem('KQL_FAILED', message, span);
}

/** Line and column, both from 1, of an offset. */
export function placeOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

/** The problem with its place in `text`, as the project's one error class. */
export function locate(problem: QueryProblem, text: string): HuntwireError {
  const place = problem.span ? placeOf(text, problem.span.start) : null;
  const where = place ? ` (line ${place.line}, column ${place.column})` : '';
  const entry = {
    file: null,
    line: place?.line ?? null,
    column: place?.column ?? null,
    code: problem.code,
    message: problem.message,
  };
  return new HuntwireError(problem.code, `${problem.message}${where}`, { cause: problem, problems: [entry] });
}
