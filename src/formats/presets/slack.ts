import type { Alert } from '../../alerts/alert.ts';
import { cutText } from '../../lib/text.ts';
import type { AlertLink } from './outline/alert-links.ts';
import { tableText } from './outline/evidence-table.ts';
import { type AlertOutline, type Fact, fittedOutline, headingOf, titleLine } from './outline/outline.ts';
import { evidenceTitle } from './outline/outline-text.ts';
import type { JsonObject, Preset, PresetOptions } from './preset.ts';

const MAX_TITLE = 300;
/** Slack takes 3,000 characters a section and 50 blocks, and refused messages from about 13,000 characters. */
const MAX_SECTION = 3_000;
const MAX_FIELD = 2_000;
const MAX_FIELDS = 10;
const MAX_MESSAGE = 12_000;
const RESOLVED_COLOUR = '#2e9e5b';

/** The title as the message's text, which notifications show, and below it one card with the colour of the severity. */
function messageOf(alert: Alert, { severities }: PresetOptions): JsonObject {
  const { status, severity } = alert;
  const color = status === 'resolved' ? RESOLVED_COLOUR : String(severities[severity]);
  const text = escaped(nameOfMessage(alert));
  return fittedOutline(alert, (outline) => ({ text, attachments: [{ color, blocks: blocksOf(outline) }] }), fits);
}

function nameOfMessage(alert: Alert): string {
  const isFirst = alert.status === 'firing' && alert.revision === 0;
  return isFirst ? titleLine(alert, MAX_TITLE) : cutText(headingOf(alert), MAX_TITLE);
}

function blocksOf({ description, facts, entities, details, evidence, links }: AlertOutline): readonly JsonObject[] {
  return [
    ...plain(description),
    ...fieldSections(facts),
    ...plain(linesOf('Entities', entities)),
    ...plain(linesOf('Details', details)),
    ...(evidence ? [marked(`*${evidenceTitle(evidence)}*\n${codeOf(tableText(evidence))}`)] : []),
    ...(links.length === 0 ? [] : [marked(links.map(linkOf).join('\n'))]),
  ];
}

function fits(message: { readonly attachments: readonly { readonly blocks: readonly JsonObject[] }[] }): boolean {
  const blocks = message.attachments.flatMap((one) => one.blocks);
  const texts = blocks.flatMap(({ text, fields }) => [
    ...(text ? [lengthOf(text) / MAX_SECTION] : []),
    ...(Array.isArray(fields) ? fields.map((field) => lengthOf(field) / MAX_FIELD) : []),
  ]);
  return JSON.stringify(message).length <= MAX_MESSAGE && texts.every((share) => share <= 1);
}

function lengthOf(text: unknown): number {
  return JSON.stringify(text).length;
}

/** Text in which nothing is markup, no link is made and nobody is called. */
function plain(text: string): readonly JsonObject[] {
  return text === '' ? [] : [{ type: 'section', text: { type: 'plain_text', text, emoji: false } }];
}

function marked(text: string): JsonObject {
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } };
}

/** Slack takes ten of them a section. */
function fieldSections(facts: readonly Fact[]): readonly JsonObject[] {
  const count = Math.ceil(facts.length / MAX_FIELDS);
  const parts = Array.from({ length: count }, (_, at) => facts.slice(at * MAX_FIELDS, (at + 1) * MAX_FIELDS));
  return parts.map((some) => ({ type: 'section', fields: some.map(fieldOf) }));
}

function fieldOf({ name, value }: Fact): JsonObject {
  return { type: 'plain_text', text: `${name}: ${value}`, emoji: false };
}

function linesOf(title: string, facts: readonly Fact[]): string {
  return facts.length === 0 ? '' : [title, ...facts.map(({ name, value }) => `${name}: ${value}`)].join('\n');
}

/** A backtick would end the block. */
function codeOf(text: string): string {
  return `\`\`\`\n${escaped(text).replaceAll('`', '\u02cb')}\n\`\`\``;
}

function linkOf({ text, href }: AlertLink): string {
  return `<${escaped(href)}|${escaped(text).replaceAll('|', '/')}>`;
}

/** The three characters that begin something in Slack's markup. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

export const SLACK: Preset = {
  name: 'slack',
  description:
    'One message with one card in the colour of the severity (`severityMap` takes other colours), green where the alert is resolved: facts, entities, details, rows as a table, runbook and references. At most 12,000 characters: rows give way first.',
  severities: { informational: '#8a8f98', low: '#4a90d9', medium: '#f2a33a', high: '#e4572e', critical: '#b00020' },
  bodies: { message: messageOf },
};
