import type { PrepareOptions } from '../prepared.ts';
import type { AddedTables } from '../schemas/added-tables.ts';

/** What the main thread asks the analyst's worker. */
export interface WorkerQuestion {
  readonly text: string;
  readonly options: PrepareOptions;
  /** Tables beside the Defender's, from this question on; left out: as before. */
  readonly added?: AddedTables;
}

/** What the worker answers: the prepared query as JSON, which is less to read and write than its many objects; `failed` is a fault of ours, not of the query. */
export type WorkerAnswer =
  | { readonly kind: 'prepared'; readonly json: string }
  | { readonly kind: 'failed'; readonly message: string };
