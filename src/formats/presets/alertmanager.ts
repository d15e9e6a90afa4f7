import type { Alert } from '../../alerts/alert.ts';
import { cutText } from '../../lib/text.ts';
import { visible, visibleLine } from '../../lib/visible.ts';
import { titleLine } from './outline/outline.ts';
import type { JsonObject, Preset, PresetOptions } from './preset.ts';

const MAX_LABEL = 512;
const MAX_ANNOTATION = 4096;
const MAX_ENTITIES = 10;

/**
 * An alert of the API v2 without its end. The labels are what Alertmanager knows an alert by, so only what never changes between the
 * messages of one alert is among them; the severity can change, and the target takes care of that.
 */
function alertOf(alert: Alert, { severities }: PresetOptions): JsonObject {
  const { health, rule } = alert;
  return {
    labels: filled(MAX_LABEL, {
      alertname: health ? `huntwire-${health.code}` : rule.id,
      alert_id: alert.id,
      kind: alert.kind,
      severity: String(severities[alert.severity]),
      tenant: alert.tenant,
    }),
    annotations: filled(MAX_ANNOTATION, {
      summary: titleLine(alert, MAX_ANNOTATION),
      description: visible(alert.description),
      rule: rule.name,
      entities: entitiesOf(alert),
      attack: alert.attack.flatMap(({ tactic, technique }) => technique ?? tactic ?? []).join(', '),
      rows: String(alert.rowCount),
      runbook_url: rule.runbook ?? '',
    }),
    ...(alert.links?.alert !== undefined && { generatorURL: alert.links.alert }),
    startsAt: new Date(Math.min(Date.parse(alert.firstSeen), Date.parse(alert.time))).toISOString(),
  };
}

function entitiesOf({ entities }: Alert): string {
  const names = entities.map(({ type, name, id }) => `${type} ${String(name ?? id ?? '')}`.trim());
  const more = names.length > MAX_ENTITIES ? [`and ${names.length - MAX_ENTITIES} more`] : [];
  return visibleLine([...names.slice(0, MAX_ENTITIES), ...more].join(', '));
}

/** An empty value is none to Alertmanager. */
function filled(limit: number, values: Readonly<Record<string, string>>): JsonObject {
  const entries = Object.entries(values).filter(([, value]) => value !== '');
  return Object.fromEntries(entries.map(([key, value]) => [key, cutText(value, limit)]));
}

export const ALERTMANAGER: Preset = {
  name: 'alertmanager',
  description:
    'An alert of the API v2: rule, alert id, kind, severity and tenant as labels, what a person reads as annotations of at most 4,096 characters.',
  severities: {
    informational: 'info',
    low: 'info',
    medium: 'warning',
    high: 'critical',
    critical: 'critical',
  },
  bodies: { alert: alertOf },
};
