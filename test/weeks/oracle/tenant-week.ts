import { tenantNames, tenantOf, viewOf } from '../tenant-view.ts';
import type { JournalRecord } from '../world/journal.ts';
import type { Week } from '../world/play.ts';

/** The week of each tenant as if it had been alone: what ailed another excuses nothing, and what another tells is not its own. */
export function tenantWeeks(week: Week): readonly Week[] {
  const names = tenantNames(week.scenario);
  return names.length === 1 ? [week] : names.map((name) => weekOf(week, name));
}

function weekOf(week: Week, tenant: string): Week {
  const { final, records, callsOf } = week;
  return {
    ...week,
    scenario: viewOf(week.scenario, tenant),
    records: records.flatMap((record) => recordOf(record, tenant)),
    calls: callsOf.get(tenant) ?? [],
    final: { ...final, openHealth: final.openHealth.filter((record) => record.tenant === tenant) },
  };
}

function recordOf(record: JournalRecord, tenant: string): readonly JournalRecord[] {
  switch (record.kind) {
    case 'start':
    case 'reload':
      return [{ ...record, rules: record.rules.filter((rule) => tenantOf(rule) === tenant) }];
    case 'asked':
      return record.tenant === tenant ? [record] : [];
    case 'commit':
      return record.commit.tenant === tenant ? [record] : [];
    case 'health': {
      const alerts = record.commit.alerts.filter((alert) => alert.tenant === tenant);
      return alerts.length === 0 ? [] : [{ ...record, commit: { ...record.commit, alerts } }];
    }
    default:
      return [record];
  }
}
