import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Rule } from '../rules/rule.ts';
import type { Store, StoreReader } from '../state/store.ts';
import type { ConfiguredSilence } from './silences/silence-rows.ts';

/** The configuration, as far as actions look at it. */
export interface ActionConfig {
  /** Absolute; for messages. */
  readonly file: string;
  readonly tenants: readonly { readonly name: string; readonly source: { readonly api: string } }[];
  readonly silences: readonly ConfiguredSilence[];
}

/** What actions take from the process that they run in, and who asks. */
export interface ActionDeps {
  /** Who asks: the name of a token, or of a user of this machine. */
  readonly by: string;
  /** Aborts when nobody waits for the outcome any more. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** From [0, 1), for names that are made up. */
  readonly random: () => number;
  readonly log: Log;
  readonly config: ActionConfig;
  /** Work on the state, which is open for as long. One that only reads needs no lock, and one that writes none of the runner's. */
  readonly reading: <Found>(work: (store: StoreReader) => Promise<Found>) => Promise<Found>;
  readonly writing: <Found>(work: (store: Store) => Promise<Found>) => Promise<Found>;
  /** The rules of a tenant that this process works with. */
  readonly rulesOf: (tenant: string) => Promise<readonly Rule[]>;
}
