import { countOf } from '../../../lib/text.ts';
import type { Frame, PageParts } from '../frame.ts';
import { type Markup, markup } from '../markup.ts';
import { pathOf } from '../parts/shown-words.ts';
import { badge, table } from '../parts/table.ts';
import { shownCell } from './alert.ts';
import { numberColumn } from './overview.ts';

interface RuleNamed {
  readonly tenant: string;
  readonly id: string;
}

/** The document of test_rules, as far as it is shown. */
interface Tested {
  readonly tests: readonly {
    readonly name: string;
    readonly ok: boolean;
    readonly differences: readonly { readonly path: string; readonly expected?: unknown; readonly actual?: unknown }[];
  }[];
  readonly passed: number;
  readonly failed: number;
}

/** What came of a rule's tests. */
export function testedParts(document: unknown, rule: RuleNamed, frame: Frame): PageParts {
  const { tests, passed, failed } = document as Tested;
  const list = table({
    caption: 'Tests',
    columns: ['Test', 'Outcome', 'What differs'],
    rows: tests.map(({ name, ok, differences }) => [
      name,
      badge(ok ? 'passed' : 'failed', ok ? 'good' : 'bad'),
      differences.map(
        ({ path, expected, actual }) => markup`${path}: wanted ${shownCell(expected)}, got ${shownCell(actual)}<br>`,
      ),
    ]),
    none: 'It has no tests.',
  });
  const body = markup`<p>${countOf(passed, 'test')} passed, ${failed} failed.</p>${list}${back(rule, frame)}`;
  return { title: `Tests of ${rule.id}`, body, still: true };
}

/** The document of validate_rules, as far as it is shown. */
interface Checked {
  readonly findings: readonly {
    readonly check: string;
    readonly severity: 'error' | 'warning' | 'info';
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly message: string;
    readonly suggestion: string | null;
  }[];
}

const KINDS = { error: 'bad', warning: 'warn', info: 'calm' } as const;

/** What the checks find of a rule's file. */
export function checkedParts(document: unknown, rule: RuleNamed & { readonly file: string }, frame: Frame): PageParts {
  const findings = (document as Checked).findings.filter(({ file }) => isSameFile(file, rule.file));
  const list = table({
    caption: 'Findings',
    columns: [numberColumn('Line'), 'Severity', 'Check', 'What it says'],
    rows: findings.map(({ line, column, severity, check, message, suggestion }) => [
      `${line}:${column}`,
      badge(severity, KINDS[severity]),
      check,
      suggestion === null ? message : `${message} ${suggestion}`,
    ]),
    none: 'The checks find nothing.',
  });
  return { title: `Findings of ${rule.id}`, body: markup`${list}${back(rule, frame)}`, still: true };
}

/** A verb may name a file from the folder that it works in. */
function isSameFile(one: string, other: string): boolean {
  return one === other || other.endsWith(`/${one}`);
}

function back({ tenant, id }: RuleNamed, { base }: Frame): Markup {
  return markup`<p><a href="${base}/rules${pathOf(tenant, id)}">Back to the rule</a></p>`;
}
