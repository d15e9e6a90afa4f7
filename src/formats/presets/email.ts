import type { Alert } from '../../alerts/alert.ts';
import { cutText, wellFormed } from '../../lib/text.ts';
import type { AlertLink } from './outline/alert-links.ts';
import type { EvidenceTable } from './outline/evidence-table.ts';
import { type AlertOutline, type Fact, fittedOutline, titleLine } from './outline/outline.ts';
import { evidenceTitle, outlineText } from './outline/outline-text.ts';
import type { JsonObject, Preset, PresetOptions } from './preset.ts';

const MAX_SUBJECT = 200;
/** Mail programs cut longer pages (Gmail at 102 KB). */
const MAX_HTML_BYTES = 90_000;
const COLOURS: Readonly<Record<Alert['severity'], string>> = {
  informational: '#8a8f98',
  low: '#4a90d9',
  medium: '#f2a33a',
  high: '#e4572e',
  critical: '#b00020',
};
const RESOLVED_COLOUR = '#2e9e5b';

/** What a mail says: the subject, a page, and the same as plain text; and how important it is. */
function mailOf(alert: Alert, { severities }: PresetOptions): JsonObject {
  const isOver = alert.status === 'resolved';
  const colour = isOver ? RESOLVED_COLOUR : COLOURS[alert.severity];
  const make = (outline: AlertOutline) => ({
    text: `${outline.title}\n\n${outlineText(outline)}\n`,
    html: pageOf(outline, colour),
  });
  const body = fittedOutline(alert, make, ({ html }) => Buffer.byteLength(html) <= MAX_HTML_BYTES);
  return { subject: subjectOf(alert), importance: isOver ? 'normal' : severities[alert.severity], ...body };
}

function subjectOf(alert: Alert): string {
  const about = `[${alert.severity}] ${titleLine(alert, MAX_SUBJECT)}`;
  const isUpdate = alert.status === 'firing' && alert.revision > 0;
  const isTold = /^resolved/i.test(alert.title);
  const prefix = alert.status === 'resolved' && !isTold ? 'Resolved: ' : isUpdate ? 'Updated: ' : '';
  return cutText(wellFormed(`${prefix}${about}`), MAX_SUBJECT);
}

function pageOf(outline: AlertOutline, colour: string): string {
  const { title, description, facts, entities, details, evidence, links } = outline;
  const parts = [
    `<h2 style="margin:0 0 12px;font-size:18px">${escaped(title)}</h2>`,
    description === '' ? '' : `<p style="white-space:pre-wrap">${escaped(description)}</p>`,
    factsTable(facts),
    section('Entities', factsTable(entities)),
    section('Details', factsTable(details)),
    evidence ? section(evidenceTitle(evidence), rowsTable(evidence)) : '',
    links.length === 0 ? '' : `<p>${links.map(anchor).join('<br>')}</p>`,
  ];
  const style = `border-left:6px solid ${escaped(colour)};padding:4px 16px;font:14px/1.4 Segoe UI,Helvetica,Arial,sans-serif;color:#1b1f24`;
  return `<!doctype html><html><head><meta charset="utf-8"></head><body><div style="${style}">${parts.join('')}</div></body></html>`;
}

function section(title: string, html: string): string {
  return html === '' ? '' : `<h3 style="margin:16px 0 4px;font-size:15px">${escaped(title)}</h3>${html}`;
}

function factsTable(facts: readonly Fact[]): string {
  if (facts.length === 0) return '';
  const rows = facts.map(
    ({ name, value }) =>
      `<tr><td style="padding:1px 12px 1px 0;color:#57606a;vertical-align:top">${escaped(name)}</td><td>${escaped(value)}</td></tr>`,
  );
  return `<table style="border-collapse:collapse">${rows.join('')}</table>`;
}

function rowsTable({ columns, lines }: EvidenceTable): string {
  const cell = (tag: string, text: string): string =>
    `<${tag} style="border:1px solid #d0d7de;padding:2px 6px;text-align:left">${escaped(text)}</${tag}>`;
  const row = (tag: string, texts: readonly string[]): string =>
    `<tr>${texts.map((text) => cell(tag, text)).join('')}</tr>`;
  const rows = [row('th', columns), ...lines.map((line) => row('td', line))];
  return `<table style="border-collapse:collapse;font:12px Consolas,monospace">${rows.join('')}</table>`;
}

function anchor({ text, href }: AlertLink): string {
  return `<a href="${escaped(href)}">${escaped(text)}</a>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

export const EMAIL: Preset = {
  name: 'email',
  description:
    'Subject, importance, page and plain text of a mail: facts, entities, details, rows as a table, runbook and references. The page has at most 90 KB: rows give way first.',
  severities: { informational: 'normal', low: 'normal', medium: 'normal', high: 'high', critical: 'high' },
  bodies: { mail: mailOf },
};
