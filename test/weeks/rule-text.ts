import { DAY, type Family, HOUR, type RuleSpec } from './scenario.ts';

/** What tells result rows of a family apart, and what the reference expects of it. */
export interface FamilyTraits {
  readonly shape: 'stream' | 'set' | 'snapshot';
  /** Columns that make the row key, as SEMANTICS 5 gives them for this query. */
  readonly rowKey: readonly string[];
  readonly per: 'row' | 'group';
  /** The query asks for the time, so that each window keeps its own L. */
  readonly ownTime: boolean;
}

const EVENT = { shape: 'stream', rowKey: ['ReportId'], per: 'row', ownTime: false } as const;

export const TRAITS: Readonly<Record<Family, FamilyTraits>> = {
  stream: EVENT,
  'stream-as-of': { ...EVENT, ownTime: true },
  'stream-reach': { ...EVENT, ownTime: true },
  'stream-own-filter': EVENT,
  'stream-fan-out': { ...EVENT, rowKey: ['ReportId', 'Part'] },
  'stream-context': EVENT,
  'stream-group': { ...EVENT, per: 'group' },
  'set-count': { shape: 'set', rowKey: ['DeviceId'], per: 'row', ownTime: false },
  'set-pairs': { shape: 'set', rowKey: ['ReportId', 'ReportId1'], per: 'row', ownTime: false },
  'set-first-seen': { shape: 'set', rowKey: ['DeviceId'], per: 'row', ownTime: true },
  snapshot: { shape: 'snapshot', rowKey: ['DeviceId'], per: 'row', ownTime: false },
};

/** How old an event may be, at L, for `stream-reach` to see it. */
export const REACH = 6 * HOUR;
/** How new the first event of a device has to be, at L, to be a first one. */
export const NEW = 2 * HOUR;
/** `stream-own-filter` asks for so much itself. */
export const OWN = HOUR;
/** A context table without a filter of its own is read so far back. */
export const CONTEXT = 7 * DAY;

export function queryOf(rule: RuleSpec): string {
  const { table, mark, family } = rule;
  const marked = `${table}\n| where ActionType == "${mark}"`;
  switch (family) {
    case 'stream':
    case 'stream-group':
      return marked;
    case 'stream-as-of':
      return `${marked}\n| extend AsOf = now()`;
    case 'stream-reach':
      return `${marked}\n| where Timestamp > ago(6h) or AccountName == "always"`;
    case 'stream-own-filter':
      return `${table}\n| where Timestamp > ago(1h)\n| where ActionType == "${mark}"`;
    case 'stream-fan-out':
      return `${marked}\n| mv-expand Part = split(FileName, ",") to typeof(string)`;
    case 'stream-context':
      return `${marked}\n| join kind=leftouter (DeviceInfo | summarize arg_max(Timestamp, ExposureLevel) by DeviceId) on DeviceId`;
    case 'set-count':
      return `${marked}\n| summarize Hits = count()${rule.timed ? ', Timestamp = max(Timestamp)' : ''} by DeviceId\n| where Hits >= ${rule.atLeast}`;
    case 'set-pairs':
      return `${table}\n| where ActionType == "${mark}-a"\n| join kind=inner (${table} | where ActionType == "${mark}-b") on DeviceId`;
    case 'set-first-seen':
      return `${marked}\n| summarize Timestamp = min(Timestamp) by DeviceId\n| where Timestamp > ago(2h)`;
    case 'snapshot':
      return `${SNAPSHOT_TABLE}\n| where CveId == "${mark}"`;
  }
}

/** A table without a time column. */
export const SNAPSHOT_TABLE = 'DeviceTvmSoftwareVulnerabilities';

/** The rule as a file, for our own reader. */
export function yamlOf(rule: RuleSpec, start: number): string {
  const { schedule, lookback, basis, dedup, suppress, limit, updates } = rule;
  const seconds = (value: number): string => `${value}s`;
  const timing =
    'every' in schedule ? { every: seconds(schedule.every) } : { cron: schedule.cron, timezone: schedule.timezone };
  const document = {
    id: rule.id,
    ...(rule.previousIds.length > 0 && { previousIds: rule.previousIds }),
    name: rule.id,
    severity: rule.severity,
    status: rule.status,
    query: queryOf(rule),
    schedule: { ...timing, ...(lookback !== null && { lookback: seconds(lookback) }) },
    window: rule.family === 'snapshot' ? 'none' : basis,
    ...(rule.family === 'stream-group' && {
      threshold: { measure: 'rows', operator: '>=', value: rule.atLeast, groupBy: ['DeviceId'] },
    }),
    alert: {
      evidence: 500,
      ...(dedup && { dedup: { columns: dedup } }),
      ...(suppress !== null && { suppress: seconds(suppress) }),
      ...(limit !== null && { limit }),
      ...(updates && { updates: { every: seconds(updates.every), when: updates.when } }),
    },
    exceptions: rule.exceptions.map(({ device, expires }) => ({
      where: { DeviceId: [device] },
      reason: 'known',
      owner: 'soc',
      expires: new Date(start + expires * 1000).toISOString(),
    })),
    targets: ['soar', 'siem'],
  };
  return JSON.stringify(document);
}
