import type { DateOrder } from './dates.ts';

export type DataForm = 'json' | 'csv' | 'parquet';
export type Packing = 'plain' | 'gzip' | 'zstd';

/** One file of local data. */
export interface DataFile {
  readonly path: string;
  /** As it is told to people: below the folder that was opened. */
  readonly name: string;
  readonly form: DataForm;
  readonly packing: Packing;
  /** The table that its name tells; null for one whose records must name their tables themselves. */
  readonly table: string | null;
  /** The order of day and month in its dates, where `tables.yaml` or the caller says it. */
  readonly dates: DateOrder | null;
}
