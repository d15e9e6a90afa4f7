import type { Alert } from '../../alerts/alert.ts';
import { cutText } from '../../lib/text.ts';
import { shrinkAlert } from '../shrink-alert.ts';
import type { JsonObject, Preset, PresetOptions } from './preset.ts';

/** Collectors take 4 MB a message; one record stays far below. */
const MAX_ALERT_BYTES = 64 * 1024;
const MAX_TEXT = 4096;
/** Year 2262: collectors keep nanoseconds in 64 bits with a sign. */
const LATEST_SECONDS = 9_223_372_035;
/** Of the data model's 24: INFO, WARN, WARN3, ERROR, FATAL. */
const SEVERITIES = { informational: 9, low: 13, medium: 15, high: 17, critical: 21 };

/** A log record of the OpenTelemetry data model in its JSON form: 64-bit integers are texts. */
function recordOf(alert: Alert, { severities }: PresetOptions): JsonObject {
  const severity = Number(severities[alert.severity]);
  return {
    timeUnixNano: nanosecondsOf(alert.lastSeen),
    observedTimeUnixNano: nanosecondsOf(alert.time),
    severityNumber: isSeverity(severity) ? severity : SEVERITIES[alert.severity],
    severityText: alert.severity,
    eventName: 'huntwire.alert',
    body: { stringValue: alert.title },
    attributes: attributesOf(alert),
  };
}

function attributesOf(alert: Alert): readonly JsonObject[] {
  const { rule, attack, entities } = alert;
  const host = entities.find(({ type }) => type === 'host')?.name;
  const user = entities.find(({ type }) => type === 'account')?.name;
  return [
    text('huntwire.alert.id', alert.id),
    { key: 'huntwire.alert.revision', value: { intValue: String(alert.revision) } },
    text('huntwire.alert.status', alert.status),
    text('huntwire.alert.kind', alert.kind),
    text('huntwire.tenant', alert.tenant),
    text('huntwire.rule.id', rule.id),
    text('huntwire.rule.name', rule.name),
    text('huntwire.description', alert.description),
    texts(
      'huntwire.tactics',
      attack.flatMap(({ tactic }) => tactic ?? []),
    ),
    texts(
      'huntwire.techniques',
      attack.flatMap(({ technique }) => technique ?? []),
    ),
    ...(typeof host === 'string' ? [text('host.name', host)] : []),
    ...(typeof user === 'string' ? [text('user.name', user)] : []),
    { key: 'huntwire.alert', value: { stringValue: JSON.stringify(shrinkAlert(alert, MAX_ALERT_BYTES)) } },
  ];
}

function text(key: string, value: string): JsonObject {
  return { key, value: { stringValue: cutText(value, MAX_TEXT) } };
}

function texts(key: string, values: readonly string[]): JsonObject {
  return { key, value: { arrayValue: { values: values.map((value) => ({ stringValue: value })) } } };
}

/** With the 100 ns that a time may have: a number would lose them. What 64 bits cannot hold is 0, which means that no time is known. */
function nanosecondsOf(time: string): string {
  const fraction = /\.(\d+)Z$/.exec(time)?.[1] ?? '';
  const seconds = Math.floor(Date.parse(time) / 1000);
  if (!(seconds > 0 && seconds <= LATEST_SECONDS)) return '0';
  return `${seconds}${fraction.padEnd(9, '0').slice(0, 9)}`;
}

function isSeverity(severity: number): boolean {
  return Number.isInteger(severity) && severity >= 1 && severity <= 24;
}

export const OTLP: Preset = {
  name: 'otlp',
  description:
    'A log record of OpenTelemetry in its JSON form: the title as body, facts as attributes, the whole alert as JSON in the attribute `huntwire.alert`, shrunk to 64 KB as `native` does.',
  severities: SEVERITIES,
  bodies: { record: recordOf },
};
