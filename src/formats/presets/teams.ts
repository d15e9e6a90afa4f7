import type { Alert } from '../../alerts/alert.ts';
import { tableText } from './outline/evidence-table.ts';
import { type AlertOutline, type Fact, fittedOutline, headingOf, titleLine } from './outline/outline.ts';
import { evidenceTitle } from './outline/outline-text.ts';
import type { JsonObject, Preset, PresetOptions } from './preset.ts';

const MAX_TITLE = 300;
/** Teams takes 28 KB. */
const MAX_BYTES = 28_000;
const RESOLVED_STYLE = 'good';
const CARD_TYPE = 'application/vnd.microsoft.card.adaptive';

function messageOf(alert: Alert, { severities }: PresetOptions): JsonObject {
  const { status, severity } = alert;
  const style = status === 'resolved' ? RESOLVED_STYLE : String(severities[severity]);
  const write = (outline: AlertOutline): JsonObject => ({
    type: 'message',
    attachments: [{ contentType: CARD_TYPE, contentUrl: null, content: cardOf(outline, titleOfCard(alert), style) }],
  });
  return fittedOutline(alert, write, (message) => Buffer.byteLength(JSON.stringify(message)) <= MAX_BYTES);
}

function titleOfCard(alert: Alert): string {
  const isFirst = alert.status === 'firing' && alert.revision === 0;
  return isFirst ? titleLine(alert, MAX_TITLE) : headingOf(alert);
}

/** An Adaptive Card 1.2. Its text runs are the only texts in which Markdown, and so a link of somebody else's, is not obeyed. */
function cardOf(outline: AlertOutline, title: string, style: string): JsonObject {
  const { description, facts, entities, details, evidence, links } = outline;
  const heading = { ...run(title), size: 'large', weight: 'bolder' };
  return {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.2',
    msteams: { width: 'full' },
    body: [
      { type: 'Container', style, bleed: true, items: [line([heading])] },
      ...description
        .split('\n')
        .filter(isText)
        .map((text) => line([run(text)])),
      ...facts.map((fact, at) => factLine(fact, at === 0)),
      ...section(
        'Entities',
        entities.map((fact) => factLine(fact)),
      ),
      ...section(
        'Details',
        details.map((fact) => factLine(fact)),
      ),
      ...(evidence ? section(evidenceTitle(evidence), tableText(evidence).split('\n').map(codeLine)) : []),
    ],
    ...(links.length > 0 && {
      actions: links.map(({ text, href }) => ({ type: 'Action.OpenUrl', title: text, url: href })),
    }),
  };
}

function section(title: string, items: readonly JsonObject[]): readonly JsonObject[] {
  return items.length === 0 ? [] : [{ ...line([{ ...run(title), weight: 'bolder' }]), spacing: 'medium' }, ...items];
}

function factLine({ name, value }: Fact, isFirst = false): JsonObject {
  const inlines = [{ ...run(`${name}: `), weight: 'bolder' }, run(value)];
  return { ...line(inlines), spacing: isFirst ? 'medium' : 'none' };
}

/** Letters of one width; several spaces in a row would become one. */
function codeLine(text: string): JsonObject {
  const kept = text.replace(/ {2,}/g, (spaces) => '\u00a0'.repeat(spaces.length));
  return { ...line([{ ...run(kept || '\u00a0'), fontType: 'monospace' }]), spacing: 'none' };
}

function line(inlines: readonly JsonObject[]): JsonObject {
  return { type: 'RichTextBlock', inlines };
}

function run(text: string): JsonObject {
  return { type: 'TextRun', text };
}

function isText(text: string): boolean {
  return text.trim() !== '';
}

export const TEAMS: Preset = {
  name: 'teams',
  description:
    'One Adaptive Card, its title in the style of the severity (`severityMap` takes another of the styles of a container), `good` where the alert is resolved: facts, entities, details, rows as a table, runbook and references as buttons. At most 28,000 bytes: rows give way first.',
  severities: { informational: 'emphasis', low: 'accent', medium: 'warning', high: 'attention', critical: 'attention' },
  bodies: { message: messageOf },
};
