import type { Alert } from '../../alerts/alert.ts';
import { listCounts } from '../../lib/text.ts';
import type { Field } from './field.ts';

/** What the alert says of itself, the most important first: a format that must leave things out begins at the end. */
export const ALERT_FIELDS: readonly Field[] = [
  own('id', 'text', ({ id }) => id, ['finding_info.uid', 'event.id', 'externalId', 'alertId']),
  own('time', 'time', ({ time }) => time, ['time', '@timestamp', 'rt', 'devTime']),
  own('revision', 'count', ({ revision }) => revision, [
    'metadata.sequence',
    'event.sequence',
    'cn1:revision',
    'revision',
  ]),
  own('status', 'text', ({ status }) => status, ['status_detail', 'huntwire.status', 'outcome', 'status']),
  own('category', 'text', categoryOf, ['finding_info.types[]', 'event.code', 'cat', 'cat']),
  own('severity', 'text', ({ severity }) => severity, ['severity', 'event.severity', 'header', 'sev']),
  own('title', 'text', ({ title }) => title, ['finding_info.title', 'message', 'header', 'title']),
  own('tenant', 'text', ({ tenant }) => tenant, ['metadata.tenant_uid', 'organization.name', 'cs3:tenant', 'tenant']),
  own('firstSeen', 'time', ({ firstSeen }) => firstSeen, [
    'finding_info.first_seen_time',
    'event.start',
    'start',
    'firstSeen',
  ]),
  own('lastSeen', 'time', ({ lastSeen }) => lastSeen, ['finding_info.last_seen_time', 'event.end', 'end', 'lastSeen']),
  own('rowCount', 'count', ({ rowCount }) => rowCount || null, ['count', 'huntwire.row_count', 'cnt', 'rowCount']),
  own('suppressedCount', 'count', ({ suppressedCount }) => suppressedCount || null, [
    'unmapped.suppressed_count',
    'huntwire.suppressed_count',
    'cn2:suppressedCount',
    'suppressedCount',
  ]),
  own('suppressed', 'text', ({ suppressed }) => (suppressed ? listCounts(suppressed) : null), [
    'unmapped.suppressed',
    'huntwire.suppressed',
    'huntwireSuppressed',
    'suppressed',
  ]),
  own('overflowHits', 'count', ({ overflow }) => overflow?.hits, [
    'unmapped.overflow_hits',
    'huntwire.overflow_hits',
    'cn3:overflowHits',
    'overflowHits',
  ]),
  rule('id', ({ rule: { id } }) => id, ['finding_info.analytic.uid', 'rule.id', 'header', 'header']),
  rule('name', ({ rule: { name } }) => name, ['finding_info.analytic.name', 'rule.name', 'cs1:ruleName', 'ruleName']),
  rule('attack', techniquesOf, [
    'finding_info.attacks[]',
    'threat.technique.id[]',
    'cs2:mitreTechniques',
    'mitreTechniques',
  ]),
  own('dedupKey', 'text', ({ dedupKey }) => dedupKey, [
    'metadata.correlation_uid',
    'huntwire.dedup_key',
    'flexString1:dedupKey',
    'dedupKey',
  ]),
];

/** The rest, behind the entities. */
export const LAST_FIELDS: readonly Field[] = [
  own('description', 'text', ({ description }) => description, ['finding_info.desc', 'event.reason', 'msg', 'msg']),
  own('change', 'text', ({ change }) => change?.reason, ['unmapped.change', 'huntwire.change', 'reason', 'change']),
  own('acknowledgedBy', 'text', ({ acknowledged }) => acknowledged?.by, [
    'assignee.name',
    'huntwire.acknowledged_by',
    'huntwireAcknowledgedBy',
    'acknowledgedBy',
  ]),
  own('disposition', 'text', ({ acknowledged }) => acknowledged?.disposition, [
    'verdict',
    'huntwire.disposition',
    'huntwireDisposition',
    'disposition',
  ]),
  rule('version', ({ rule: { version } }) => version, ['finding_info.analytic.version', 'rule.version', null, null]),
  own('link', 'text', ({ links }) => links?.alert, ['finding_info.src_url', 'event.url', null, 'alertUrl']),
  rule('references', ({ rule: { references } }) => references[0], [
    'finding_info.src_url',
    'rule.reference',
    null,
    null,
  ]),
  rule('runbook', ({ rule: { runbook } }) => runbook, ['unmapped.runbook', 'huntwire.runbook', null, null]),
  rule('tags', ({ rule: { tags } }) => tags, ['metadata.labels[]', 'tags[]', null, null]),
  own('runId', 'text', ({ runId }) => runId, ['unmapped.run_id', 'huntwire.run_id', null, null]),
  own('source', 'text', ({ source }) => source, ['metadata.log_provider', 'event.provider', null, null]),
];

type Four = readonly [Field['ocsf'], Field['ecs'], Field['cef'], Field['leef']];

function own(name: string, kind: Field['kind'], read: Field['read'], [ocsf, ecs, cef, leef]: Four): Field {
  return { part: 'alert', name, kind, ...(read && { read }), ocsf, ecs, cef, leef };
}

function rule(name: string, read: Field['read'], places: Four): Field {
  return { ...own(name, 'text', read, places), part: 'rule' };
}

function categoryOf({ kind, health }: Alert): string {
  return health ? `health:${health.code}` : kind;
}

/** Ids of tactics and techniques, each once. */
function techniquesOf({ attack }: Alert): string {
  const ids: string[] = [];
  for (const { tactic, technique } of attack) {
    if (tactic !== null && !ids.includes(tactic)) ids.push(tactic);
    if (technique !== null && !ids.includes(technique)) ids.push(technique);
  }
  return ids.join(',');
}
