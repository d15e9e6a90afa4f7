/** What came of a query that somebody tried. */
export interface TriedResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly truncated: boolean;
  readonly source: string;
  readonly elapsedMs: number;
  /** Left out: a tenant was asked, which tells nothing of that. */
  readonly trace?: {
    readonly operators: readonly {
      readonly line: number;
      readonly rowsIn: number;
      readonly rowsOut: number;
      readonly text: string;
    }[];
    readonly notes: readonly string[];
  };
  /** What `render` asks for; null: nothing that can be drawn. */
  readonly chart?: TriedChart | null;
}

export interface TriedChart {
  readonly kind: string;
  readonly title: string | null;
  readonly isTime: boolean;
  readonly series: readonly {
    readonly name: string;
    readonly points: readonly { readonly x: number | string; readonly y: number }[];
  }[];
}
