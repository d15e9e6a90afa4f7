import type { FindingsSeen, FoundAt } from '../../../actions/pages/findings.ts';
import { countOf } from '../../../lib/text.ts';
import { type Markup, markup } from '../markup.ts';
import { badge, table } from './table.ts';

const KINDS = { error: 'bad', warning: 'warn', info: 'calm' } as const;

/** A text with the numbers of its lines, and below a line what the checks say of it. */
export function numbered(lines: readonly string[], label: string, findings: readonly FoundAt[] = []): Markup {
  const width = String(lines.length).length;
  const shown = lines.map((line, at) => {
    const own = findings.filter((one) => one.line === at + 1);
    const number = String(at + 1).padStart(width);
    return markup`<span class="at"${own.length > 0 ? markup` id="line-${at + 1}"` : null}>${number}  </span>${line}\n${own.map((one) => marked(one, width))}`;
  });
  return markup`<pre role="region" aria-label="${label}" tabindex="0">${shown}</pre>`;
}

/** The mark stands below the place, where the line is not too long for that. */
function marked(finding: FoundAt, width: number): Markup {
  const { severity, column } = finding;
  const indent = ' '.repeat(width + 2 + Math.min(80, column - 1));
  return markup`<span class="mark ${KINDS[severity]}">${indent}^ ${severity}: ${wordsOf(finding)}</span>\n`;
}

function wordsOf({ check, message, suggestion }: FoundAt): string {
  return `${suggestion === null ? message : `${message} ${suggestion}`} (${check})`;
}

/** What the checks say, by line; `place` is the page that the text stands on. */
export function findingsList(findings: readonly FoundAt[], none: string): Markup {
  return table({
    caption: 'Findings',
    columns: ['Line', 'Severity', 'Check', 'What it says'],
    rows: findings.map(({ line, column, severity, check, message, suggestion }) => [
      markup`<a href="#line-${line}">${line}:${column}</a>`,
      badge(severity, KINDS[severity]),
      check,
      suggestion === null ? message : `${message} ${suggestion}`,
    ]),
    none,
  });
}

/** In a sentence, whatever is known. */
export function findingsSentence(seen: FindingsSeen): Markup {
  if (seen.kind === 'coming')
    return markup`<p class="none">The checks are looking at it; in some seconds this page has what they say.</p>`;
  if (seen.kind === 'failed') return markup`<p class="failed">The checks could not look at it: ${seen.why}</p>`;
  const { findings } = seen;
  if (findings.length === 0) return markup`<p>The checks find nothing.</p>`;
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  return markup`<p>${countOf(findings.length, 'finding')}, of which ${countOf(errors, 'error')}; they stand below their lines.</p>`;
}
