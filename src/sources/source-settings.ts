import type { Secret } from '../lib/secret.ts';
import type { Cloud, Region } from './clouds.ts';

/** The `source` part of a tenant's configuration, defaults filled in. */
export interface SourceConfig {
  readonly api: string;
  readonly cloud: Cloud;
  readonly region?: Region;
  readonly baseUrl?: string;
  readonly scope?: string;
  readonly proxy?: Secret;
  readonly caFile?: string;
  readonly timeoutSeconds: number;
  readonly limits: SourceLimits;
  readonly pack?: { readonly rules: number };
  /** Of loganalytics: the first is asked, the others with it. */
  readonly workspaces?: readonly string[];
  /** Of kusto. */
  readonly cluster?: string;
  readonly database?: string;
  readonly insecure?: boolean;
  /** Of lake. */
  readonly workspace?: string;
  /** Of these three: the column that holds the time, by table. */
  readonly timeColumns?: Readonly<Record<string, string>>;
}

export interface SourceLimits {
  readonly callsPerMinute: number;
  readonly callsPerHour: number;
  readonly runMinutesPerHour?: number;
  readonly runMinutesPerDay?: number;
  readonly maxRows: number;
  readonly maxBytes: number;
  readonly concurrency: number;
  readonly pricePerGb?: number;
}
