import { LEG_COLUMN, ROW_COLUMN } from '../../kql/pack/pack-query.ts';
import type { Column } from '../../kql/types.ts';
import { HuntwireError } from '../../lib/errors.ts';
import { createRowNormalizer } from '../../sources/decode/normalize-row.ts';
import { parseLossless } from '../../sources/decode/parse-lossless.ts';
import type { Row, RowSink } from '../../sources/source.ts';

/** Rows of a pack as they come, each back in the form that its leg's own answer would have had. */
export interface Unpacking extends RowSink {
  /** The rows of each leg, once the answer is complete. */
  rows(): readonly (readonly Row[])[];
}

/** `legs`: the result columns of each leg. A row that is none of them is SOURCE_RESPONSE_INVALID. */
export function createUnpacking(legs: readonly (readonly Column[])[]): Unpacking {
  const unpackers = legs.map((columns) => ({ columns, normalizer: createRowNormalizer(columns), rows: [] as Row[] }));
  return {
    schema: (columns) => {
      const names = new Set(columns.map(({ name }) => name));
      if (!names.has(LEG_COLUMN) || !names.has(ROW_COLUMN)) throw notPacked();
    },
    row: (row) => {
      const leg = unpackers[Number(row[LEG_COLUMN])];
      const cells = leg && cellsOf(row[ROW_COLUMN]);
      if (!cells || cells.length !== leg.columns.length) throw notPacked();
      const entries = leg.columns.map(({ name, type }, index) => [name, cellValue(type, cells[index])] as const);
      leg.rows.push(leg.normalizer.normalize(Object.fromEntries(entries)));
    },
    rows: () => unpackers.map(({ rows }) => rows),
  };
}

/** The text of a null is empty, and no value of these types is. */
function cellValue(type: Column['type'], cell: unknown): unknown {
  return cell === '' && type !== 'string' && type !== 'dynamic' ? null : cell;
}

/** A row that is too long for a text of the service comes as none. */
function cellsOf(cell: Row[string] | undefined): readonly unknown[] | null {
  if (typeof cell !== 'string') return null;
  try {
    const cells = parseLossless(cell);
    return Array.isArray(cells) ? cells : null;
  } catch {
    return null;
  }
}

function notPacked(): HuntwireError {
  return new HuntwireError('SOURCE_RESPONSE_INVALID', 'A row of several rules in one call could not be read.');
}
