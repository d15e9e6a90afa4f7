import { columnsOfTable } from '../../kql/defender.ts';
import type { Column } from '../../kql/types.ts';

/** Finds the column that a name in a file stands for. */
export interface ColumnNames {
  /** Null for what describes other members (`Timestamp@odata.type`). */
  columnOf(name: string): string | null;
  /** Whether a column is one of times by its name or its header. */
  isTime(column: string): boolean;
  /** Zones that headers told, by column: `TimeGenerated [UTC]`. */
  readonly zones: ReadonlyMap<string, string>;
}

const ZONED = /^(.*\S)\s*\[([^[\]]+)\]$/;
const TIME_COLUMNS: readonly string[] = ['Timestamp', 'TimeGenerated'];

/** Names as the schema writes them, whatever the file's letter case; the exact name goes first, because some differ in case only. */
export function columnNames(table: string): ColumnNames {
  const known: readonly Column[] = columnsOfTable(table) ?? [];
  const exact = new Set(known.map((column) => column.name));
  const folded = new Map(
    [...TIME_COLUMNS, ...known.map(({ name }) => name)].reverse().map((name) => [name.toLowerCase(), name]),
  );
  const zones = new Map<string, string>();
  const plain = (name: string): string => (exact.has(name) ? name : (folded.get(name.toLowerCase()) ?? name));
  return {
    zones,
    isTime: (column) => TIME_COLUMNS.includes(column) || zones.has(column),
    columnOf(given) {
      if (exact.has(given)) return given;
      if (given.includes('@odata.')) return null;
      const name = given.trim();
      const [, bare, zone] = ZONED.exec(name) ?? [];
      if (bare === undefined || zone === undefined) return plain(name);
      zones.set(plain(bare), zone);
      return plain(bare);
    },
  };
}
