import type { Alert } from '../../alerts/alert.ts';
import { type AlertOutline, fittedOutline, headed, headingOf, titleLine } from './outline/outline.ts';
import { outlineDocument } from './outline/outline-adf.ts';
import { outlineText } from './outline/outline-text.ts';
import type { JsonObject, Preset, PresetBody, PresetOptions } from './preset.ts';

const MAX_SUMMARY = 255;
/** Characters of a description or a comment; of a document its JSON is counted, which is more than Jira counts. */
const MAX_TEXT = 32_767;
/** A comment says what is new; the rest stands in the issue. */
const MAX_COMMENT = 8_000;

/** `heading` stands in the place of the description where it is given. */
type Write = (alert: Alert, most: number, heading?: string) => JsonObject | string;

/** A document of the REST API v3, which Jira Cloud has. */
const asDocument: Write = (alert, most, heading) =>
  fittedOutline(
    alert,
    (outline) => outlineDocument(headed(outline, heading)),
    (document) => JSON.stringify(document).length <= most,
  );

/** Text of the REST API v2, which Jira Data Center has. What could be markup of its wiki stands where nothing is. */
const asText: Write = (alert, most, heading) =>
  fittedOutline(
    alert,
    (outline) => wikiText(headed(outline, heading)),
    (text) => text.length <= most,
  );

function wikiText(outline: AlertOutline): string {
  const text = outlineText({ ...outline, links: [] }).replace(/\{(?=\s*noformat)/gi, '{ ');
  const links = outline.links.map(({ text: name, href }) => `[${name === href ? '' : `${name}|`}${href}]`);
  return [`{noformat}\n${text}\n{noformat}`, ...links].join('\n');
}

/** The label that the issue of an alert is found by. */
function labelOf({ id }: Alert): string {
  return `huntwire-${id}`;
}

function issueWith(write: Write): PresetBody {
  return (alert: Alert, { severities, settings }: PresetOptions) => ({
    fields: {
      project: { key: settings.project },
      issuetype: { name: settings.issueType ?? 'Task' },
      summary: titleLine(alert, MAX_SUMMARY),
      description: write(alert, MAX_TEXT),
      labels: ['huntwire', labelOf(alert)],
      priority: { name: String(severities[alert.severity]) },
    },
  });
}

function commentWith(write: Write): PresetBody {
  return (alert) => ({ body: write(alert, MAX_COMMENT, headingOf(alert)) });
}

/** Issues of the project that were made for the alert; other targets may have made one in another. */
function searchOf(alert: Alert, { settings }: PresetOptions): JsonObject {
  const project = String(settings.project).replace(/["\\]/g, '\\$&');
  const jql = `project = "${project}" AND labels = "${labelOf(alert)}" ORDER BY created ASC`;
  return { jql, maxResults: 1, fields: ['labels'] };
}

export const JIRA: Preset = {
  name: 'jira',
  description:
    'An issue with the label `huntwire-<alert id>`, a comment for every update and for the resolve, the priority anew where the severity has risen: documents (ADF) for Jira Cloud, text for Data Center. Summary at most 255 characters, description and comments at most 32,767: rows give way first.',
  severities: { informational: 'Lowest', low: 'Low', medium: 'Medium', high: 'High', critical: 'Highest' },
  bodies: {
    issueDocument: issueWith(asDocument),
    issueText: issueWith(asText),
    commentDocument: commentWith(asDocument),
    commentText: commentWith(asText),
    search: searchOf,
  },
};
