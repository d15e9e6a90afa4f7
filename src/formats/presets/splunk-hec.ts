import type { Alert, AlertEntity } from '../../alerts/alert.ts';
import { cutText } from '../../lib/text.ts';
import { shrinkAlert } from '../shrink-alert.ts';
import type { JsonObject, Preset, PresetOptions } from './preset.ts';

const MAX_EVENT_BYTES = 256 * 1024;
const MAX_FIELD = 1024;
const SOURCE = 'huntwire';
const SOURCETYPE = 'huntwire:alert';

/** An event of the HTTP Event Collector with the alert as it is; `fields` are indexed, so that an alert is found fast by its id. */
function eventOf(alert: Alert, { severities, settings }: PresetOptions): JsonObject {
  const host = hostOf(alert.entities);
  return {
    time: Math.floor(Date.parse(alert.time)) / 1000,
    ...(host !== null && { host }),
    source: SOURCE,
    sourcetype: typeof settings.sourcetype === 'string' ? settings.sourcetype : SOURCETYPE,
    ...(typeof settings.index === 'string' && { index: settings.index }),
    event: shrinkAlert(alert, MAX_EVENT_BYTES),
    fields: {
      alert_id: alert.id,
      revision: String(alert.revision),
      status: alert.status,
      rule_id: cutText(alert.rule.id, MAX_FIELD),
      severity: String(severities[alert.severity]),
    },
  };
}

function hostOf(entities: readonly AlertEntity[]): string | null {
  const host = entities.find(({ type, name }) => type === 'host' && typeof name === 'string' && name !== '');
  return typeof host?.name === 'string' ? cutText(host.name, MAX_FIELD) : null;
}

export const SPLUNK_HEC: Preset = {
  name: 'splunk-hec',
  description:
    'An event of the HTTP Event Collector, the alert below `event`, shrunk to 256 KB as `native` does; `time` in seconds with milliseconds, the first host as `host`, id, revision, status, rule and severity as indexed `fields`.',
  severities: {
    informational: 'informational',
    low: 'low',
    medium: 'medium',
    high: 'high',
    critical: 'critical',
  },
  bodies: { event: eventOf },
};
