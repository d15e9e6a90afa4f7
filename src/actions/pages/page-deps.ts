import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { Tenant } from '../../run/tenant.ts';
import type { WindowSettings } from '../../run/windows.ts';
import type { MachinesSeen } from '../../state/machine.ts';
import type { RunnerRecord } from '../../state/runner-record.ts';
import type { StoreReader } from '../../state/store.ts';
import type { ConfiguredPlaces } from '../places/place-rows.ts';
import type { ConfiguredSilence } from '../silences/silence-rows.ts';
import type { FindingsSeen } from './findings.ts';

/** A request as a target would send it; of one that speaks no HTTP only its body. */
export interface RenderedRequest {
  readonly method: string | null;
  readonly url: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface PageConfig extends ConfiguredPlaces {
  readonly silences: readonly ConfiguredSilence[];
  readonly heartbeat: { readonly everyMs: number; readonly target: string } | null;
}

/** What pages for people take from the process that runs. All of it is as of now: a reload may bring other tenants and settings. */
export interface PageDeps {
  readonly tenants: readonly Pick<Tenant, 'name' | 'rules' | 'serviceClock' | 'meter' | 'source'>[];
  readonly config: PageConfig;
  readonly settings: WindowSettings;
  readonly store: Omit<StoreReader, 'close'>;
  readonly clock: Pick<Clock, 'now' | 'monotonic' | 'sleep'>;
  readonly log: Log;
  /** Who answers. */
  readonly self: Pick<RunnerRecord, 'machine' | 'pid' | 'version'>;
  /** Who is at work on the state; null: it is a file, and nobody stands by. */
  readonly machines: () => Promise<MachinesSeen | null>;
  /** What a target would be sent for an alert. USAGE where there is none of this name. */
  readonly rendered: (alertId: string, target: string) => Promise<readonly RenderedRequest[]>;
  /** The text of a rule's file, or how it begins. */
  readonly fileText: (file: string) => Promise<string>;
  /** What the checks say of a file with this text, as far as is known already. */
  readonly findings: (file: string, text: string) => FindingsSeen;
}
