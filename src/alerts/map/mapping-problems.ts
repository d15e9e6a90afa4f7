import { cutText } from '../../lib/text.ts';
import type { Row } from '../../sources/source.ts';
import { cellOf, cellText, isEmptyCell } from '../cell.ts';
import { severityOf } from '../severity.ts';

const MAX_PROBLEMS = 50;
const MAX_NAME = 256;
const MAX_SHOWN = 64;

export interface MappingProblem {
  readonly column: string;
  readonly message: string;
}

/** What could not be mapped as the rule asks; each problem once, at most 50. */
export interface ProblemList {
  note(column: string, message: string): void;
  /** Notes the columns that the row does not have; an empty cell is no problem. */
  noteMissing(row: Row, columns: readonly string[], askedBy: string): void;
  /** Notes a severity column whose value names no severity. */
  noteSeverity(row: Row, column: string): void;
  list(): readonly MappingProblem[];
}

export function createProblemList(): ProblemList {
  // Most alerts have none.
  let problems: Map<string, MappingProblem> | null = null;
  const note = (column: string, message: string): void => {
    const key = JSON.stringify([column, message]);
    problems ??= new Map();
    if (problems.size < MAX_PROBLEMS) problems.set(key, { column: cutText(column, MAX_NAME), message });
  };
  return {
    note,
    noteMissing: (row, columns, askedBy) => {
      for (const column of columns) {
        if (!Object.hasOwn(row, column)) note(column, `The result has no such column; ${askedBy} names it.`);
      }
    },
    noteSeverity: (row, column) => {
      const cell = cellOf(row, column);
      if (severityOf(cell) !== null) return;
      const shown = isEmptyCell(cell) ? 'Nothing' : JSON.stringify(cutText(cellText(cell), MAX_SHOWN));
      note(column, `${shown} is no severity; the rule's own severity holds.`);
    },
    list: () => (problems === null ? [] : [...problems.values()]),
  };
}
