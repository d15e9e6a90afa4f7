import type { Alert } from '../../../alerts/alert.ts';
import { cutText } from '../../../lib/text.ts';
import { tableText } from './evidence-table.ts';
import { type AlertOutline, type Fact, fittedOutline, headed } from './outline.ts';

/** The outline as plain text, parts apart by an empty line; the title is left to whoever has a place for it. */
export function outlineText(outline: AlertOutline): string {
  const { description, facts, entities, details, evidence, links } = outline;
  const parts = [
    description,
    lines(facts),
    titled('Entities', lines(entities)),
    titled('Details', lines(details)),
    evidence ? titled(evidenceTitle(evidence), tableText(evidence)) : '',
    titled('Links', links.map(({ text, href }) => (text === href ? href : `${text}: ${href}`)).join('\n')),
  ];
  return parts.filter(Boolean).join('\n\n');
}

/** As much of the alert as plain text of `most` characters says; `heading` in the place of its description. */
export function fittedText(alert: Alert, most: number, heading?: string): string {
  const write = (outline: AlertOutline): string => outlineText(headed(outline, heading));
  return cutText(
    fittedOutline(alert, write, (text) => text.length <= most),
    most,
  );
}

/** A block of Markdown in which nothing is markup. */
export function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}

/** What stands above the rows. */
export function evidenceTitle({
  lines: shown,
  rowCount,
}: {
  readonly lines: readonly unknown[];
  readonly rowCount: number;
}): string {
  return shown.length < rowCount ? `Evidence (${shown.length} of ${rowCount} rows)` : 'Evidence';
}

function lines(facts: readonly Fact[]): string {
  return facts.map(({ name, value }) => `${name}: ${value}`).join('\n');
}

function titled(title: string, text: string): string {
  return text === '' ? '' : `${title}\n${text}`;
}
