import { type RulePage, SPANS_MS } from '../../../actions/pages/rule-page.ts';
import { HOUR_MS } from '../../../lib/duration.ts';
import type { Frame } from '../frame.ts';
import { type Markup, markup, NOTHING } from '../markup.ts';
import {
  COVERAGE_WORDS,
  coverageLegend,
  coveragePaths,
  coverageWords,
  timePlaces,
} from '../parts/charts/coverage-bar.ts';
import { boxes } from '../parts/charts/plot.ts';
import { address, pager } from '../parts/form.ts';
import { pathOf } from '../parts/shown-words.ts';
import { table } from '../parts/table.ts';
import { instantText } from '../parts/time-text.ts';
import { numberColumn } from './overview.ts';

/** How a rule page is asked for, to be said again with something changed. */
export interface RuleView {
  readonly span?: string | undefined;
  readonly to?: string | undefined;
  readonly at?: string | undefined;
}

const PARTS = 6;
const [SHORTEST_MS] = SPANS_MS;

export function placeOfRule({ sight, rule }: RulePage, { base }: Frame): string {
  return `${base}/rules${pathOf(sight.tenant, rule.id)}`;
}

/** What was searched, and the runs that did; zoomed by links, so that the address says what is shown. */
export function timelinePart(page: RulePage, view: RuleView, frame: Frame): Markup {
  const { from, to, coverage, drawn, hasMoreDrawn } = page;
  const range = { from, to };
  const link = linkTo(page, view, frame);
  const chart = markup`<svg class="timeline" viewBox="0 0 600 44" preserveAspectRatio="none" role="img" aria-label="${coverageWords(coverage, range)}; ${drawn.length} runs"><rect class="rest" width="600" height="20"/>${coveragePaths(coverage, range, 20)}${runPaths(page)}</svg>`;
  return markup`<p>${instantText(from)} to ${instantText(to)}: ${coverageWords(coverage, range)}. Above what was searched, below the runs: green answered, red not. A time below leads nearer to what is above it.${hasMoreDrawn ? ` Of the runs only the newest ${drawn.length} are drawn: look nearer for the others.` : null}</p>
${chart}${partLinks(page, link)}${zoomLinks(page, link, frame)}${coverageLegend()}${tablesOf(page)}`;
}

type Link = (spanMs: number, end: number) => string;

function linkTo(page: RulePage, view: RuleView, frame: Frame): Link {
  const place = placeOfRule(page, frame);
  return (spanMs, end) => {
    const span = Math.round((spanMs / HOUR_MS) * 1000) / 1000;
    const to = end >= frame.now ? null : new Date(end).toISOString();
    return `${address(place, { ...view, span, to })}#windows`;
  };
}

/** The times of the chart; each leads to the part that begins there. */
function partLinks({ from, to }: RulePage, link: Link): Markup {
  const partMs = Math.max(SHORTEST_MS, (to - from) / PARTS);
  const count = Math.round((to - from) / partMs);
  if (count < 2) return NOTHING;
  const hasDays = to - from > 24 * HOUR_MS;
  const parts = Array.from({ length: count }, (_, at) => {
    const begin = from + at * partMs;
    const iso = new Date(begin).toISOString();
    return markup`<li><a href="${link(partMs, begin + partMs)}">${hasDays ? iso.slice(5, 10) : iso.slice(11, 16)}</a></li>`;
  });
  return markup`<nav aria-label="Parts of the time shown"><ol class="parts">${parts}</ol></nav>`;
}

function zoomLinks({ from, to }: RulePage, link: Link, { now }: Frame): Markup {
  const span = to - from;
  const index = SPANS_MS.findIndex((one) => one >= span);
  const nearer = SPANS_MS[index - 1];
  const farther = SPANS_MS[index + (SPANS_MS[index] === span ? 1 : 0)];
  return pager([
    ['Earlier', link(span, to - span / 2)],
    ['Later', to < now ? link(span, to + span / 2) : null],
    ['Nearer', nearer === undefined ? null : link(nearer, to - (span - nearer) / 2)],
    ['Farther', farther === undefined ? null : link(farther, to)],
    ['Now', to < now ? link(span, now) : null],
  ]);
}

function runPaths({ drawn, from, to }: RulePage): readonly Markup[] {
  const place = timePlaces({ from, to });
  return (['ok', 'other'] as const).flatMap((kind) => {
    const own = drawn.filter(({ outcome }) => (outcome === 'ok') === (kind === 'ok'));
    const placed = own.map((run) => {
      const x = place(run.window?.from ?? run.logicalTime);
      return { x, y: 26, width: Math.max(1.5, place(run.window?.to ?? run.logicalTime) - x - 0.5), height: 16 };
    });
    return own.length === 0 ? [] : [markup`<path class="${kind === 'ok' ? 'good' : 'bad'}" d="${boxes(placed)}"/>`];
  });
}

const MOST_WINDOWS = 100;

/** What the chart shows, for those who do not see it. */
function tablesOf({ coverage, drawn }: RulePage): Markup {
  const searched = table({
    caption: 'What was searched',
    columns: ['From', 'To', 'What became of it'],
    rows: coverage.map((one) => [instantText(one.from), instantText(one.to), COVERAGE_WORDS[one.state]]),
    none: 'Nothing is known of this time.',
  });
  const windows = table({
    caption: 'Windows that were asked, the newest first',
    columns: ['Window', 'Outcome', numberColumn('Rows'), numberColumn('Alerts')],
    rows: drawn
      .slice(0, MOST_WINDOWS)
      .map((run) => [askedText(run), run.truncated ? `${run.outcome}, cut short` : run.outcome, run.rows, run.alerts]),
    none: 'No run that is kept asked for this time.',
  });
  const rest = drawn.length > MOST_WINDOWS ? markup`<p class="none">Of ${drawn.length}, the newest.</p>` : NOTHING;
  return markup`<details><summary>The same as a table</summary>${searched}${windows}${rest}</details>`;
}

export function askedText({ window, logicalTime }: RulePage['drawn'][number]): Markup {
  return window
    ? markup`${instantText(window.from)} to ${instantText(window.to)}`
    : markup`as of ${instantText(logicalTime)}`;
}
