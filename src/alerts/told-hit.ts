import type { HeldCounts } from './alert.ts';
import type { Hit } from './hit.ts';

/** Hits of one dedup key that become one alert. */
export interface ToldHit {
  readonly dedupKey: string;
  /** At least one; the least first: it gives the alert its id. */
  readonly hits: readonly [Hit, ...Hit[]];
  /** Hits held back since the dedup key's last alert. */
  readonly held: HeldCounts;
}

/** What is told in one overflow alert because there was more than the limit. */
export interface Overflow {
  readonly hits: readonly Hit[];
  /** The true number may be greater: the answer was truncated. */
  readonly atLeast: boolean;
  /** Hits per dedup key, most first, at most 50 keys. */
  readonly byKey: readonly { readonly key: string; readonly hits: number }[];
  /** Alerts told singly beside it. */
  readonly toldAlerts: number;
}
