import type { Alert } from '../alerts/alert.ts';
import { cutText } from '../lib/text.ts';
import { escapeHeader, escapeValue } from './cef-escape.ts';
import type { CefField } from './cef-field-list.ts';
import { cefFields } from './cef-fields.ts';
import { isTextKey, textCap } from './cef-keys.ts';
import type { Format, NamedFormat } from './format.ts';

const SEVERITY: Readonly<Record<Alert['severity'], number>> = {
  informational: 1,
  low: 3,
  medium: 5,
  high: 8,
  critical: 10,
};

const MAX_CLASS = 1023;
const MAX_NAME = 512;
const SHORT_NAME = 64;
/** Longest values, tried one after another until the message fits; then fields go, the least important first. */
const VALUE_CAPS = [1023, 255, 64];
/** Fields that every message keeps: id, time, revision, status, category. */
const KEPT_FIELDS = 6;
const SHRUNK: CefField = { key: 'flexString2', value: 'truncated', label: 'payload' };

/**
 * One line of ArcSight's Common Event Format, version 0 of the header, within the length caps of its dictionary. Shrunk messages say
 * `flexString2=truncated`; what every message keeps needs some 400 bytes, so a lower limit may be exceeded.
 */
export const formatCef: Format = (alert, { maxBytes }) => ({
  body: withinBytes(alert, maxBytes),
  contentType: 'text/plain; charset=utf-8',
});

export const CEF: NamedFormat = {
  name: 'cef',
  description:
    'One line of Common Event Format, header version 0 ([fields](#cef-fields)). Shortens values, then leaves fields out, the least important first. Says `flexString2=truncated`.',
  format: formatCef,
};

function withinBytes(alert: Alert, maxBytes: number | null): string {
  const fields = cefFields(alert);
  const whole = message(header(alert, MAX_NAME), fields, MAX_CLASS * 4);
  if (maxBytes === null || Buffer.byteLength(whole) <= maxBytes) return whole;
  const [first, ...others] = fields;
  return shrink(alert, first ? [first, SHRUNK, ...others] : [SHRUNK], maxBytes);
}

function shrink(alert: Alert, fields: readonly CefField[], maxBytes: number): string {
  const name = header(alert, MAX_NAME);
  for (const cap of VALUE_CAPS) {
    const text = message(name, fields, cap);
    if (Buffer.byteLength(text) <= maxBytes) return text;
  }
  const least = Math.min(...VALUE_CAPS);
  const shortName = header(alert, SHORT_NAME);
  for (let count = fields.length; count > KEPT_FIELDS; count -= 1) {
    const text = message(shortName, fields.slice(0, count), least);
    if (Buffer.byteLength(text) <= maxBytes) return text;
  }
  return message(shortName, fields.slice(0, KEPT_FIELDS), least);
}

function header(alert: Alert, nameCap: number): string {
  const fields = [
    'Huntwire',
    'Huntwire',
    alert.schemaVersion,
    cutText(alert.health ? `health-${alert.health.code}` : alert.rule.id, Math.min(MAX_CLASS, nameCap * 2)),
    cutText(alert.title, nameCap),
    String(SEVERITY[alert.severity]),
  ];
  return `CEF:0|${fields.map(escapeHeader).join('|')}|`;
}

function message(head: string, fields: readonly CefField[], valueCap: number): string {
  return head + fields.flatMap((field) => pairs(field, valueCap)).join(' ');
}

function pairs(field: CefField, valueCap: number): readonly string[] {
  const cap = isTextKey(field.key) ? Math.min(textCap(field.key), valueCap) : field.value.length;
  const pair = `${field.key}=${escapeValue(cutText(field.value, cap))}`;
  return field.label === null ? [pair] : [pair, `${field.key}Label=${escapeValue(field.label)}`];
}
