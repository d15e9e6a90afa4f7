/** A list that a set of rules asks for with `_GetWatchlist('alias')`, as the query gets it. */
export interface Watchlist {
  readonly alias: string;
  readonly file: string;
  /** What stands for it in a query. */
  readonly name: string;
  readonly rows: number;
  /** `datatable(…)[…]`. */
  readonly table: string;
}
