import type { ScalarType } from '../../kql/types.ts';
import type { RangeOf } from '../table-data.ts';
import type { CodedCells } from './coded-cells.ts';
import { createTextPool, type TextPool } from './text-pool.ts';
import { widened } from './widen.ts';

/** What a reader is to do with the cells of a file. */
export interface CellPlan {
  /** The column that a name in the file stands for; null where it stands for none (`@odata.type`). */
  columnOf(name: string): string | null;
  /** Whether cells of the column are wanted. */
  keeps(column: string): boolean;
  /** Whether the type of the column is to be learnt from its values. */
  learns(column: string): boolean;
  /** Whether the column is one of times by its name or header. */
  isTime(column: string): boolean;
  /** Whether codes are welcome where the file has them; else there are cells only. */
  readonly takesCodes?: boolean;
  /** What is needed of the rows, where a reader that can do without the others is to leave them out. */
  readonly narrow?: NarrowPlan;
}

/** How a reader may spare itself cells: of a part that holds no row that is needed, and those that no condition asks for. */
export interface NarrowPlan {
  /** The type that the column's cells become; null: it has none. */
  typeOf(column: string): ScalarType | null;
  /** Whether a condition reads the column. */
  asks(column: string): boolean;
  mayKeep(rangeOf: RangeOf): boolean;
}

/** One column while a file is read. */
export interface FileColumn {
  readonly name: string;
  readonly keep: boolean;
  readonly learn: boolean;
  readonly isTime: boolean;
  readonly pool: TextPool;
  /** What holds all values seen so far; null: nothing seen. */
  type: ScalarType | null;
  cells: unknown[];
}

/** Rows of a file as it holds them, by column; a column that began later is shorter in front: its cells are aligned by `undefined`. */
export interface RawBatch {
  readonly rowCount: number;
  readonly cells: ReadonlyMap<string, readonly unknown[]>;
  /** Columns that have codes instead of cells. */
  readonly coded?: ReadonlyMap<string, CodedCells>;
  /** Whether no row of it can be needed; it then has only cells that may not become what their column holds. */
  readonly pruned?: boolean;
  /** Reads the cells that were left out, where some were; only before the next batch is asked for. */
  readonly more?: () => Promise<RawBatch>;
}

/** Takes the cells of a file row by row. */
export interface RawColumns {
  /** The name of the column for a name in the file; null where nothing is to be done with it. */
  nameOf(name: string): string | null;
  /** The column for a name in the file; null where nothing is to be done with it. */
  open(name: string): FileColumn | null;
  /** A cell of the row that is being read; a later one of the same column wins. */
  put(column: FileColumn, value: unknown, type: ScalarType | null): void;
  endRow(): void;
  /** The rows since the last batch. */
  takeBatch(): RawBatch;
  /** Types of the columns to be learnt, so far. */
  types(): ReadonlyMap<string, ScalarType | null>;
}

export function createRawColumns(plan: CellPlan): RawColumns {
  const columns = new Map<string, FileColumn>();
  let row = 0;
  const nameOf = (name: string): string | null => {
    const column = plan.columnOf(name);
    return column !== null && (plan.keeps(column) || plan.learns(column)) ? column : null;
  };
  const open = (name: string): FileColumn | null => {
    const column = nameOf(name);
    if (column === null) return null;
    const known = columns.get(column);
    if (known) return known;
    const made = newColumn(column, plan);
    columns.set(column, made);
    return made;
  };
  return {
    nameOf,
    open,
    put(column, value, type) {
      if (column.learn) column.type = widened(column.type, type);
      if (!column.keep) return;
      fill(column.cells, row);
      column.cells[row] = value;
    },
    endRow: () => {
      row += 1;
    },
    takeBatch() {
      const kept = [...columns.values()].filter((column) => column.keep && column.cells.length > 0);
      const cells = new Map(kept.map((column) => [column.name, fill(column.cells, row)]));
      const batch = { rowCount: row, cells };
      for (const column of kept) column.cells = [];
      row = 0;
      return batch;
    },
    types: () => new Map([...columns.values()].filter(({ learn }) => learn).map(({ name, type }) => [name, type])),
  };
}

function newColumn(name: string, plan: CellPlan): FileColumn {
  const does = { keep: plan.keeps(name), learn: plan.learns(name), isTime: plan.isTime(name) };
  return { name, ...does, pool: createTextPool(), type: null, cells: [] };
}

/** No holes: engines read lists without them faster. */
function fill(cells: unknown[], length: number): unknown[] {
  while (cells.length < length) cells.push(undefined);
  return cells;
}
