import type { Alert } from '../../alerts/alert.ts';
import { hiddenAlert, hushHealth } from '../../alerts/hush-health.ts';
import type { HiddenCount, Silence } from '../../alerts/silences.ts';
import type { HealthChange, HealthRecord } from '../../state/outbox-store.ts';
import type { SilenceReader } from '../../state/silence-store.ts';
import type { HealthNews } from '../health.ts';

/** Health news of which silences hid a part. */
export interface HushedNews {
  /** To be kept: those that are told, and those that may be when nothing hides them any more. */
  readonly alerts: readonly Alert[];
  readonly told: readonly Alert[];
  readonly changes: readonly HealthChange[];
  readonly hidden: readonly HiddenCount[];
}

/** Those that may hide news; where there are none, nobody is asked. */
export async function silencesFor(
  { alerts }: Pick<HealthNews, 'alerts'>,
  { silences }: { readonly silences?: SilenceReader },
): Promise<readonly Silence[]> {
  return alerts.length === 0 ? [] : ((await silences?.()) ?? []);
}

/** `open`: the conditions as they were before the news. Each alert of the news stands beside its change. */
export function hushNews(
  { alerts, changes }: HealthNews,
  open: readonly HealthRecord[],
  silences: readonly Silence[],
): HushedNews {
  const parts = alerts.map((alert, at) => hushed(alert, changes[at] ?? null, open, silences));
  return {
    alerts: parts.flatMap((part) => part.alerts),
    told: parts.flatMap((part) => part.told),
    changes: parts.flatMap((part) => part.changes),
    hidden: parts.flatMap((part) => part.hidden),
  };
}

function hushed(
  alert: Alert,
  change: HealthChange | null,
  open: readonly HealthRecord[],
  silences: readonly Silence[],
): HushedNews {
  const before = (change && open.find((one) => isOf(one, change))) ?? null;
  const verdict = hushHealth(alert, before, silences);
  if (verdict.kind === 'tell')
    return { alerts: [alert], told: [alert], changes: change ? [marked(change, false)] : [], hidden: [] };
  const hidden = verdict.hider ? [hiddenAlert(alert, verdict.hider)] : [];
  if (verdict.kind === 'hide')
    return { alerts: [alert], told: [], changes: change ? [marked(change, true)] : [], hidden };
  return { alerts: [], told: [], changes: change?.record === null ? [change] : [], hidden };
}

function isOf(record: HealthRecord, { tenant, code, subject }: HealthChange): boolean {
  return record.tenant === tenant && record.code === code && record.subject === subject;
}

function marked(change: HealthChange, isHidden: boolean): HealthChange {
  if (change.record === null) return change;
  const { isHidden: _, ...record } = change.record;
  return { ...change, record: isHidden ? { ...record, isHidden } : record };
}
