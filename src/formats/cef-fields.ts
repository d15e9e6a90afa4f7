import type { Alert } from '../alerts/alert.ts';
import { addEntityFields } from './cef-entities.ts';
import { type CefField, createFieldList, type FieldList } from './cef-field-list.ts';

/** The extension of an alert, most important first. */
export function cefFields(alert: Alert): readonly CefField[] {
  const list = createFieldList();
  addAlertFields(list, alert);
  addRuleFields(list, alert);
  addEntityFields(list, alert.entities);
  const [row] = alert.evidence;
  list.text('act', row?.ActionType);
  list.text('proto', row?.Protocol);
  list.text('msg', alert.description);
  return list.fields();
}

function addAlertFields(list: FieldList, alert: Alert): void {
  list.text('externalId', alert.id);
  list.number('rt', Date.parse(alert.time));
  list.number('cn1', alert.revision, 'revision');
  list.text('outcome', alert.status);
  list.text('cat', alert.health ? `health:${alert.health.code}` : alert.kind);
  list.text('cs3', alert.tenant, 'tenant');
  list.number('start', Date.parse(alert.firstSeen));
  list.number('end', Date.parse(alert.lastSeen));
  if (alert.rowCount > 0) list.number('cnt', alert.rowCount);
  if (alert.suppressedCount > 0) list.number('cn2', alert.suppressedCount, 'suppressedCount');
  if (alert.overflow) list.number('cn3', alert.overflow.hits, 'overflowHits');
}

function addRuleFields(list: FieldList, alert: Alert): void {
  list.text('cs1', alert.rule.name, 'ruleName');
  const ids = alert.attack.flatMap(({ tactic, technique }) => [tactic, technique]).filter((id) => id !== null);
  list.text('cs2', [...new Set(ids)].join(','), 'mitreTechniques');
  list.text('flexString1', alert.dedupKey, 'dedupKey');
}
