import type { ScalarType } from '../../kql/types.ts';

/** What is found out about a file while it is read, beside its cells. */
export interface FileReading {
  rows: number;
  /** Records of an export that belong to other tables, by table. */
  readonly others: Map<string, number>;
  /** Records that name no table, in a file that names none either. */
  nameless: number;
  /** Types that a saved answer or a Parquet file tells of its columns. */
  readonly declared: Map<string, ScalarType>;
  /** Lines of CSV with fewer, and with more cells than the header. */
  short: number;
  long: number;
  /** Headers that stand twice or are empty, as they were renamed. */
  readonly renamed: string[];
  /** Whether bytes that are no text were read as U+FFFD. */
  broken: boolean;
}

export function createFileReading(): FileReading {
  return {
    rows: 0,
    others: new Map(),
    nameless: 0,
    declared: new Map(),
    short: 0,
    long: 0,
    renamed: [],
    broken: false,
  };
}
