import { createAnalyst } from '../../../src/kql/analyst.ts';
import type { LintFinding } from '../../../src/rules/lint/check.ts';
import { type LintSettings, lintRules } from '../../../src/rules/lint/lint-rules.ts';
import { prepareRules } from '../../../src/rules/prepare-rules.ts';
import type { Rule } from '../../../src/rules/rule.ts';
import { LINT_SETTINGS } from '../analyzed.ts';

/** What one check says of rules whose queries are analyzed as for a run. */
export async function lintOf(
  check: string,
  rules: readonly Rule[],
  settings: Partial<LintSettings> = {},
): Promise<readonly LintFinding[]> {
  const analyst = createAnalyst({ form: 'in-process' });
  try {
    const { subjects } = await prepareRules(rules, analyst);
    return lintRules(subjects, { ...LINT_SETTINGS, ...settings }).filter((finding) => finding.check === check);
  } finally {
    await analyst.close();
  }
}

/** A text with its marks `«»` taken out, and where they stood, as `line:column` of the first character and behind the last. */
export function marked(text: string): { readonly text: string; readonly spans: readonly string[] } {
  const spans: string[] = [];
  let plain = '';
  let start = '';
  for (const letter of text) {
    if (letter === '«') start = placeAtEnd(plain);
    else if (letter === '»') spans.push(`${start}-${placeAtEnd(plain)}`);
    else plain += letter;
  }
  return { text: plain, spans };
}

function placeAtEnd(text: string): string {
  const lines = text.split('\n');
  return `${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`;
}

export function spanOf({ line, column, endLine, endColumn }: LintFinding): string {
  return endLine === null ? `${line}:${column}` : `${line}:${column}-${endLine}:${endColumn}`;
}
