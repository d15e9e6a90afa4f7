import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { TestAlertSetting } from '../outbox/test-alert.ts';
import type { Rule } from '../rules/rule.ts';
import type { Lane } from '../sources/quota/lanes.ts';
import type { QuotaUsage } from '../sources/quota/quota-meter.ts';
import type { Source } from '../sources/source.ts';
import type { AuditEntry } from '../state/audit-store.ts';
import type { Store, StoreReader } from '../state/store.ts';
import type { Target } from '../targets/target.ts';
import type { RunnerOffers } from './running/offers.ts';
import type { ConfiguredSilence } from './silences/silence-rows.ts';

/** The configuration, as far as actions look at it. */
export interface ActionConfig {
  /** Absolute; for messages. */
  readonly file: string;
  readonly tenants: readonly { readonly name: string; readonly source: { readonly api: string } }[];
  readonly silences: readonly ConfiguredSilence[];
  readonly links: TestAlertSetting['links'];
  readonly functions: readonly string[];
  readonly watchlists: Readonly<Record<string, string>>;
}

/** A tenant to be asked: its source, which counts and waits for room in the quota itself. */
export interface MeteredSource extends Pick<Source, 'api' | 'query' | 'tables' | 'close'> {
  /** What of the quota is used and left; absent where there is none. */
  readonly usage?: () => Promise<QuotaUsage>;
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
  /** Keeps that somebody asked for what changes nothing in the state, where there is one. */
  readonly noteAsked: (asked: Pick<AuditEntry, 'action' | 'subject' | 'after'>) => Promise<void>;
  /** Has deliveries look at what waits; nothing where none are made here. */
  readonly wakeDeliveries: () => void;
  /** A target of the configuration, to be closed behind its use; USAGE where there is none of this name. */
  readonly openTarget: (name: string) => Promise<Target>;
  /** The tenant of this name, or the only one; USAGE where there is none. What it asks goes in this lane. */
  readonly openTenant: (name: string | undefined, lane: Lane) => Promise<MeteredSource>;
  /** Does what reads rule files or runs them, in a process of its own where this one has other things to do; gives the document of the action. */
  readonly rehearse: (slug: string, input: unknown) => Promise<unknown>;
  /** What this process can do because it runs. */
  readonly offers: RunnerOffers;
  /** The rules of a tenant that this process works with. */
  readonly rulesOf: (tenant: string) => Promise<readonly Rule[]>;
}
