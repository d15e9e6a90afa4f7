import { scaleUtc } from 'd3-scale';
import type { RuleOfPage } from '../../../../actions/pages/rules-page.ts';
import { type Markup, markup } from '../../markup.ts';
import { boxes } from './plot.ts';

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
  const place = timePlaces(range);
  return STATES.flatMap((state) => {
    const own = spans.filter((span) => span.state === state);
    const placed = own.map((span) => {
      const x = place(Date.parse(span.from));
      return { x, y: 0, width: Math.max(1, place(Date.parse(span.to)) - x), height };
    });
    return own.length === 0 ? [] : [markup`<path class="${state}" d="${boxes(placed)}"/>`];
  });
}

/** Where a time stands on a bar of this range. */
export function timePlaces({ from, to }: Range): (time: number) => number {
  return scaleUtc([from, to], [0, WIDTH]).clamp(true);
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
