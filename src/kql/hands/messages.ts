import type { PreparedQuery, PrepareOptions } from '../prepared.ts';

/** What the main thread asks the analyst's worker. */
export interface WorkerQuestion {
  readonly text: string;
  readonly options: PrepareOptions;
}

/** What the worker answers; `failed` is a fault of ours, not of the query. */
export type WorkerAnswer =
  | { readonly kind: 'prepared'; readonly prepared: PreparedQuery }
  | { readonly kind: 'failed'; readonly message: string };
