import type { Action } from '../../actions/action.ts';
import type { ConsolePages } from '../../actions/pages/console-pages.ts';
import type { FoundAt } from '../../actions/pages/findings.ts';
import type { TriedChart, TriedResult } from '../../actions/pages/tried-result.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { ExplainedRow } from '../../trial/explain/row/explained-row.ts';
import type { Caller } from '../action-routes.ts';
import type { Token, TokenScope } from '../tokens.ts';

/** A reverse proxy that has users sign in and says who they are. */
export interface ProxyLogin {
  /** Name of the header that names the user. */
  readonly header: string;
  /** Addresses of the proxy: nobody else's header is believed. */
  readonly from: readonly string[];
  readonly scopes: readonly TokenScope[];
}

/** Over what queries may be tried. */
export interface TryPlaces {
  /** Over local data; null: there is none. */
  readonly local: ((kql: string, signal: AbortSignal) => Promise<TriedResult>) | null;
  /** Whether tenants may be asked. */
  readonly tenant: boolean;
  /** The chart that fits an answer; null: none does. */
  readonly chart: (kql: string, answer: Pick<TriedResult, 'columns' | 'rows'>) => TriedChart | null;
  /** What is wrong with a query, before it is asked. */
  readonly check: (kql: string, signal: AbortSignal) => Promise<readonly FoundAt[]>;
  /** What becomes of a row of a rule. */
  readonly row: (
    of: { readonly tenant: string; readonly rule: string },
    text: string,
    signal: AbortSignal,
  ) => Promise<ExplainedRow>;
}

export interface ConsoleDeps {
  readonly pages: ConsolePages;
  readonly perform: (action: Action, input: unknown, caller: Caller) => Promise<unknown>;
  readonly tokens: readonly Token[];
  readonly login: ProxyLogin | null;
  readonly tries: TryPlaces;
  /** Where the console lies: begins with a slash and does not end with one. */
  readonly base: string;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly log: Log;
}
