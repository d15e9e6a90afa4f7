import { FAMILIES, type Family, type Fault } from '../scenario.ts';
import { STORIES, type StoryName } from './stories.ts';

/** What weeks may hold. */
export interface Features {
  readonly families: readonly Family[];
  readonly faults: readonly FaultKind[];
  /** Crons beside intervals. */
  readonly cron: boolean;
  /** Stories that a week may be given. */
  readonly stories: readonly StoryName[];
  /** The service tells the time in steps of so many ms. */
  readonly dateStep: number;
  /** A second tenant beside the first, now and then. */
  readonly tenants: boolean;
  /** Files that are read again while the process goes on. */
  readonly reloads: boolean;
  /** Several rules in one call. */
  readonly pack: boolean;
  /** Silences and maintenance. */
  readonly silences: boolean;
  /** Turns that somebody asks for: backfills, and runs as of now. */
  readonly errands: boolean;
  /** Rows that come twice. */
  readonly copies: boolean;
  /** Escalations, digests and a target that stands in. */
  readonly detours: boolean;
  /** Alerts that are told as updates, and somebody who takes them on. */
  readonly updates: boolean;
}

/** Reloads, and what somebody asks for, are drawn by themselves. */
export type FaultKind = Exclude<Fault['kind'], 'reload' | 'backfill' | 'run-now' | 'acknowledge'>;

export const FAULT_KINDS: readonly FaultKind[] = [
  'api',
  'reset',
  'throttle',
  'heavy',
  'slow',
  'date',
  'target',
  'clock',
  'suspend',
  'kill',
  'restart',
  'put-back',
];

export const ALL_FEATURES: Features = {
  families: FAMILIES,
  faults: FAULT_KINDS,
  cron: true,
  stories: Object.keys(STORIES) as StoryName[],
  dateStep: 1000,
  tenants: true,
  reloads: true,
  pack: true,
  silences: true,
  errands: true,
  copies: true,
  detours: true,
  updates: true,
};
