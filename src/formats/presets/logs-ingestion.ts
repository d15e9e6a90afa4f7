import type { Alert } from '../../alerts/alert.ts';
import { cutText } from '../../lib/text.ts';
import { shrinkAlert } from '../shrink-alert.ts';
import type { JsonObject, Preset, PresetOptions } from './preset.ts';

/** Azure Monitor keeps 64 KB of a field. */
const MAX_FIELD = 16_000;
const MAX_ALERT_BYTES = 60_000;

/** A row with one column a fact, under the names that docs/targets/logs-ingestion.md gives the table. */
function rowOf(alert: Alert, { severities }: PresetOptions): JsonObject {
  const { rule, attack } = alert;
  const whole = shrinkAlert(alert, MAX_ALERT_BYTES);
  return {
    TimeGenerated: alert.time,
    AlertId: alert.id,
    Revision: alert.revision,
    Kind: alert.kind,
    Status: alert.status,
    Severity: String(severities[alert.severity]),
    AlertName: alert.title,
    Description: cutText(alert.description, MAX_FIELD),
    Tenant: alert.tenant,
    RuleId: rule.id,
    RuleName: cutText(rule.name, MAX_FIELD),
    RuleVersion: rule.version,
    Tactics: attack.flatMap(({ tactic }) => tactic ?? []),
    Techniques: attack.flatMap(({ technique }) => technique ?? []),
    FirstSeen: alert.firstSeen,
    LastSeen: alert.lastSeen,
    RowCount: alert.rowCount,
    Entities: whole.entities,
    Alert: whole,
  };
}

export const LOGS_INGESTION: Preset = {
  name: 'logs-ingestion',
  description:
    'A row of a custom table of Azure Monitor (Microsoft Sentinel): one column a fact, the whole alert in the dynamic column `Alert`, shrunk to 60 KB as `native` does.',
  severities: {
    informational: 'Informational',
    low: 'Low',
    medium: 'Medium',
    high: 'High',
    critical: 'Critical',
  },
  bodies: { row: rowOf },
};
