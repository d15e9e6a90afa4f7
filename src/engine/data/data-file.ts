export type DataForm = 'json-lines' | 'csv' | 'parquet';

export interface DataFile {
  readonly path: string;
  readonly form: DataForm;
  /** The table that its name tells; null for an export whose records name their tables themselves. */
  readonly table: string | null;
}
