import type { Column } from '../kql/types.ts';
import type { ApiName, Cell } from '../sources/source.ts';

/** The APIs that the emulator plays. */
export type EmulatedApi = Extract<ApiName, 'graph' | 'xdr' | 'mde' | 'loganalytics' | 'kusto' | 'lake'>;

/** Result rows as a query engine sees them: KQL types, datetimes as ISO text, integers beyond 2^53 as bigint or digits. */
export interface Answer {
  readonly columns: readonly Column[];
  readonly rows: readonly Readonly<Record<string, Cell | bigint>>[];
}

export interface Question {
  /** The text as sent, with the comment line in front. */
  readonly query: string;
  /** The stand-in's clock in epoch ms. */
  readonly now: number;
  readonly signal: AbortSignal;
}

/**
 * What stands behind the APIs. Rejects with a QueryFault where the service would answer 400;
 * anything else thrown becomes a 500.
 */
export interface Answerer {
  answer(question: Question): Promise<Answer>;
}

/** A query that the service refuses, with the text it would send. */
export class QueryFault extends Error {
  override readonly name = 'QueryFault';
}
