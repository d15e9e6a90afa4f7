import type { Answer } from '../answer.ts';
import { encodeRows } from './encode-cells.ts';
import { workspaceStatistics } from './statistics.ts';
import { partialError, RECORD_LIMIT } from './workspace-errors.ts';

/** The answer of Log Analytics: one table, and an error beside it where the rows are more than it gives. */
export function encodeWorkspaceAnswer(answer: Answer, isCut: boolean, seconds: number): string {
  const columns = JSON.stringify(answer.columns.map(({ name, type }) => ({ name, type })));
  const error = isCut ? `,"error":${JSON.stringify(partialError(RECORD_LIMIT))}` : '';
  const rows = encodeRows(answer, true);
  const statistics = `,"statistics":${JSON.stringify({ query: workspaceStatistics(rows.length, seconds) })}`;
  return `{"tables":[{"name":"PrimaryResult","columns":${columns},"rows":${rows}}]${statistics}${error}}`;
}
