/** What became of a row, or would, step by step, as one tenant's state has it now. Times are ISO texts in UTC. */
export interface ExplainedRow {
  readonly tenant: string;
  /** Whose event it was taken for; null: a row of the query's result. */
  readonly table: string | null;
  /** When it happened, and as of when the query was run over it. */
  readonly time: string;
  readonly logicalTime: string;
  /** Columns of it that the table does not have. */
  readonly leftOut: readonly string[];
  /** What happened to it, in order, in sentences. */
  readonly says: readonly string[];
  /** How many rows each operator let through; empty: it was a row of the result. */
  readonly steps: readonly ExplainedStep[];
  /** The alert that comes of it, or would if nothing held it back; null: none does. */
  readonly alert: ExplainedRowAlert | null;
}

export interface ExplainedStep {
  /** In the rule's file; null: the window's. */
  readonly line: number | null;
  readonly text: string;
  readonly rowsIn: number;
  readonly rowsOut: number;
}

export interface ExplainedRowAlert {
  readonly id: string;
  readonly title: string;
  readonly severity: string;
  readonly dedupKey: string;
  /** By type, what each names. */
  readonly entities: readonly { readonly type: string; readonly name: string }[];
  /** Whether the state has an alert of this id. */
  readonly isTold: boolean;
}
