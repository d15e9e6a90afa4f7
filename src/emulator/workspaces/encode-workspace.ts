import type { Answer } from '../answer.ts';
import { encodeRows } from './encode-cells.ts';
import { partialError, RECORD_LIMIT } from './workspace-errors.ts';

/** The answer of Log Analytics: one table, and an error beside it where the rows are more than it gives. */
export function encodeWorkspaceAnswer(answer: Answer, isCut: boolean): string {
  const columns = JSON.stringify(answer.columns.map(({ name, type }) => ({ name, type })));
  const error = isCut ? `,"error":${JSON.stringify(partialError(RECORD_LIMIT))}` : '';
  return `{"tables":[{"name":"PrimaryResult","columns":${columns},"rows":${encodeRows(answer, true)}}]${error}}`;
}
