import { wellFormed } from '../../lib/text.ts';
import type { Row } from '../../sources/source.ts';
import { cellOf, cellText } from '../cell.ts';

const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;

/** A title or description with `{{Column}}` places. */
export interface Template {
  /** Columns it names, each once. */
  readonly columns: readonly string[];
  /** Fills in a row's cells; a column that the row lacks renders empty. */
  render(row: Row): string;
}

export function compileTemplate(text: string): Template {
  const parts = text.split(PLACEHOLDER);
  const named = parts.filter((_, index) => index % 2 === 1).map((name) => name.trim());
  return {
    columns: [...new Set(named)],
    render: (row) => {
      const rendered = parts.map((part, index) => (index % 2 === 0 ? part : cellText(cellOf(row, part.trim()))));
      return wellFormed(rendered.join(''));
    },
  };
}
