import type { RuleOfPage } from '../../../actions/pages/rules-page.ts';
import { type Markup, markup } from '../markup.ts';
import { round } from './bars.ts';

type ShownSpan = RuleOfPage['coverage'][number];
type SpanState = ShownSpan['state'];

const WIDTH = 600;
const STATES: readonly SpanState[] = ['covered', 'pending', 'gap', 'truncated', 'unscheduled', 'disabled'];

/** What each colour says. */
export const COVERAGE_WORDS: Readonly<Record<SpanState, string>> = {
  covered: 'searched',
  pending: 'waits',
  gap: 'given up',
  truncated: 'told in part',
  unscheduled: 'not in the schedule',
  disabled: 'the rule was off',
};

interface Range {
  readonly from: number;
  readonly to: number;
}

/** One path for every state: a page has fifty of these. */
export function coverageBar(spans: readonly ShownSpan[], range: Range): Markup {
  return markup`<svg class="coverage" viewBox="0 0 ${WIDTH} 10" preserveAspectRatio="none" role="img" aria-label="${coverageWords(spans, range)}"><rect class="rest" width="${WIDTH}" height="10"/>${coveragePaths(spans, range, 10)}</svg>`;
}

export function coveragePaths(spans: readonly ShownSpan[], range: Range, height: number): readonly Markup[] {
  return STATES.flatMap((state) => {
    const path = spans
      .filter((span) => span.state === state)
      .map((span) => {
        const left = placeAt(Date.parse(span.from), range);
        const width = Math.max(1, placeAt(Date.parse(span.to), range) - left);
        return `M${round(left)} 0h${round(width)}v${height}h-${round(width)}z`;
      })
      .join('');
    return path === '' ? [] : [markup`<path class="${state}" d="${path}"/>`];
  });
}

export function placeAt(time: number, { from, to }: Range): number {
  return Math.min(1, Math.max(0, (time - from) / (to - from))) * WIDTH;
}

/** `searched 96 %, given up 4 %` */
export function coverageWords(spans: readonly ShownSpan[], { from, to }: Range): string {
  const shares = STATES.flatMap((state) => {
    const own = spans.filter((span) => span.state === state);
    const ms = own.reduce((sum, span) => sum + Date.parse(span.to) - Date.parse(span.from), 0);
    return own.length === 0 ? [] : [`${COVERAGE_WORDS[state]} ${Math.round((ms / (to - from)) * 100)} %`];
  });
  return shares.length === 0 ? 'nothing is known' : shares.join(', ');
}

export function coverageLegend(): Markup {
  return markup`<ul class="legend" aria-label="Colours">${STATES.map(
    (state) =>
      markup`<li><svg class="key" width="12" height="12" viewBox="0 0 12 12" aria-hidden="true"><rect class="${state}" width="12" height="12"/></svg>${COVERAGE_WORDS[state]}</li>`,
  )}</ul>`;
}
