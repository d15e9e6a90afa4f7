import { countOf } from '../../../lib/text.ts';
import type { Frame, PageParts } from '../frame.ts';
import { type Markup, markup } from '../markup.ts';
import { pathOf } from '../parts/shown-words.ts';
import { badge, table } from '../parts/table.ts';
import { shownCell } from './alert.ts';

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

function back({ tenant, id }: RuleNamed, { base }: Frame): Markup {
  return markup`<p><a href="${base}/rules${pathOf(tenant, id)}">Back to the rule</a></p>`;
}
