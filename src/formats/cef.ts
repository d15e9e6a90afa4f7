import type { Alert } from '../alerts/alert.ts';
import { cutText } from '../lib/text.ts';
import { escapeHeader, escapeValue } from './cef-escape.ts';
import { type CefField, cefFields } from './cef-fields.ts';
import type { Format, NamedFormat } from './format.ts';
import { fittedPairs } from './mapping/fitted-pairs.ts';

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
/** Fields that every message keeps: id, time, revision, status, category. */
const KEPT_FIELDS = 6;
const SHRUNK: CefField = { key: 'flexString2', value: 'truncated', label: 'payload', cap: 1023 };

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
    'One line of Common Event Format, header version 0 ([more](#cef)). Shortens values, then leaves fields out, the least important first. Says `flexString2=truncated`.',
  format: formatCef,
};

function withinBytes(alert: Alert, maxBytes: number | null): string {
  const write = (pairs: readonly CefField[], cap: number, isShort: boolean): string =>
    message(header(alert, isShort ? SHORT_NAME : MAX_NAME), pairs, cap);
  return fittedPairs({ pairs: cefFields(alert), mark: SHRUNK, kept: KEPT_FIELDS, write }, maxBytes);
}

function header(alert: Alert, nameCap: number): string {
  const classId = cutText(
    alert.health ? `health-${alert.health.code}` : alert.rule.id,
    Math.min(MAX_CLASS, nameCap * 2),
  );
  const id = escapeHeader(classId);
  const name = escapeHeader(cutText(alert.title, nameCap)) || id;
  return `CEF:0|Huntwire|Huntwire|${alert.schemaVersion}|${id}|${name}|${SEVERITY[alert.severity]}|`;
}

/** A value of which nothing is left, such as one of blanks, is not sent: strict parsers refuse the message for it. */
function message(head: string, fields: readonly CefField[], valueCap: number): string {
  let text = head;
  let separator = '';
  for (const { key, value, label, cap } of fields) {
    const written = cap === 0 ? value : escapeValue(cutText(value, Math.min(cap, valueCap)));
    if (written === '') continue;
    text += `${separator}${key}=${written}`;
    if (label !== null) text += ` ${key}Label=${label}`;
    separator = ' ';
  }
  return text;
}
