import { createHash } from 'node:crypto';
import type { Alert } from '../../../src/alerts/alert.ts';
import type { TimeRange } from '../../../src/kql/window.ts';
import type { HealthCommit } from '../../../src/state/outbox-store.ts';
import type { Commit } from '../../../src/state/store.ts';
import type { DeliveryResult } from '../../../src/targets/target.ts';
import type { RuleSpec } from '../scenario.ts';
import type { Value } from '../service/kql-values.ts';

interface Happening {
  /** True time, epoch ms. */
  readonly at: number;
  /** Which process, from 1. */
  readonly life: number;
}

export type ResultRow = Readonly<Record<string, Value>>;

/** One request to the API and what came of it. */
export interface AskedRecord extends Happening {
  readonly kind: 'asked';
  readonly tenant: string;
  readonly ruleId: string;
  /** What the request is for: a rule's window, the service's clock, something about a table, or windows of several rules, each of which has a record of its own where it is told. */
  readonly about: 'rule' | 'clock' | 'table' | 'pack';
  /** What the injected filter asks for; null where there is none. */
  readonly window: TimeRange | null;
  /** When the request came in; `at` is when it was over. */
  readonly began: number;
  /** `answered`, or the code of the failure. */
  readonly outcome: string;
  readonly rows: readonly ResultRow[];
  readonly truncated: boolean;
  /** What the answer said the time is; null where it did not. */
  readonly toldTime: number | null;
}

export type JournalRecord =
  | (Happening & { readonly kind: 'start'; readonly rules: readonly RuleSpec[]; readonly skew: number })
  /** Everything was read again: `rules` hold from now on; refused, they are those of before. */
  | (Happening & { readonly kind: 'reload'; readonly rules: readonly RuleSpec[]; readonly refused: boolean })
  | AskedRecord
  | (Happening & { readonly kind: 'commit'; readonly commit: Commit })
  | (Happening & { readonly kind: 'health'; readonly commit: HealthCommit })
  | (Happening & {
      readonly kind: 'attempt';
      /** When it was sent; `at` is when it was answered. */
      readonly began: number;
      readonly target: string;
      readonly messageId: string;
      readonly alert: Alert;
      readonly result: DeliveryResult['kind'];
      /** Whether the process heard of the result. */
      readonly heard: boolean;
    })
  | (Happening & { readonly kind: 'acknowledged' })
  /** Somebody has taken an alert on. */
  | (Happening & { readonly kind: 'taken'; readonly alertId: string })
  | (Happening & {
      readonly kind: 'end';
      readonly how: 'stopped' | 'killed' | 'failed';
      readonly point: string;
      readonly error: string | null;
    })
  | (Happening & { readonly kind: 'copied' })
  | (Happening & { readonly kind: 'put-back' });

export interface Journal {
  readonly records: JournalRecord[];
  add(record: JournalRecord): void;
}

export function createJournal(): Journal {
  const records: JournalRecord[] = [];
  return { records, add: (record) => void records.push(record) };
}

/** One line a record; what is long stands in it as a hash, so that two runs can be compared byte for byte. */
export function logOf(records: readonly JournalRecord[]): string {
  return records.map(lineOf).join('\n');
}

function lineOf(record: JournalRecord): string {
  const { at, life, kind } = record;
  return `${new Date(at).toISOString()} ${life} ${kind} ${detailOf(record)}`.trimEnd();
}

function detailOf(record: JournalRecord): string {
  switch (record.kind) {
    case 'start':
      return `${record.rules.map((rule) => rule.id).join(',')} skew ${record.skew}`;
    case 'reload':
      return record.refused ? 'refused' : record.rules.map((rule) => rule.id).join(',');
    case 'asked':
      return `${record.ruleId} ${record.about} ${windowText(record.window)} ${record.outcome} ${record.rows.length}${record.truncated ? ' truncated' : ''} ${digest(record.rows)}`;
    case 'commit': {
      const { run, alerts } = record.commit;
      return `${run.ruleId} L=${new Date(run.logicalTime).toISOString()} ${run.outcome} rows ${run.rows} hits ${run.hits} alerts ${alerts.map((alert) => alert.id.slice(0, 8)).join(',')} ${digest(record.commit)}`;
    }
    case 'health':
      return `${record.commit.alerts.map((alert) => `${alert.status} ${alert.health?.code} ${alert.health?.subject}`).join(', ')} ${digest(record.commit)}`;
    case 'attempt':
      return `${record.target} ${record.messageId} ${record.result}${record.heard ? '' : ' unheard'}`;
    case 'taken':
      return record.alertId;
    case 'end':
      return `${record.how} ${record.point} ${record.error ?? ''}`;
    default:
      return '';
  }
}

function windowText(window: TimeRange | null): string {
  return window ? `[${new Date(window.from).toISOString()}, ${new Date(window.to).toISOString()})` : '-';
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12);
}
