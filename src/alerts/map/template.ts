import { wellFormed } from '../../lib/text.ts';
import type { Row } from '../../sources/source.ts';
import { cellText } from '../cell.ts';
import { columnIn, nestedCell } from './nested-cell.ts';

const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;

/** A title or description with `{{Column}}` and `{{Column.Key}}` places. */
export interface Template {
  /** Columns that it names, each once; of a path the one in which it begins. */
  columnsIn(row: Row): readonly string[];
  /** Fills in a row's cells; a column that the row lacks, and what a path does not find in it, renders empty. */
  render(row: Row): string;
}

export function compileTemplate(text: string): Template {
  const parts = text.split(PLACEHOLDER).map((part, index) => (index % 2 === 0 ? part : part.trim()));
  const named = [...new Set(parts.filter((_, index) => index % 2 === 1))];
  return {
    columnsIn: (row) => [...new Set(named.map((name) => columnIn(row, name)))],
    render: (row) => {
      let text = '';
      for (const [index, part] of parts.entries()) text += index % 2 === 0 ? part : cellText(nestedCell(row, part));
      return wellFormed(text);
    },
  };
}
