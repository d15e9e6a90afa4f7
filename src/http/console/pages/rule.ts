import { type RulePage, SPANS_MS } from '../../../actions/pages/rule-page.ts';
import { listCounts } from '../../../lib/text.ts';
import type { Frame, PageParts } from '../frame.ts';
import { type Hole, type Markup, markup } from '../markup.ts';
import { sparkline } from '../parts/bars.ts';
import { COVERAGE_WORDS, coverageLegend, coveragePaths, coverageWords, placeAt } from '../parts/coverage-bar.ts';
import { address, pager, writeForm } from '../parts/form.ts';
import { pathOf, severityBadge, standBadge } from '../parts/shown-words.ts';
import { facts, section, table } from '../parts/table.ts';
import { agoText, instantText, spanText } from '../parts/time-text.ts';
import { headsTable } from './alerts.ts';
import { numberColumn } from './overview.ts';
import { noiseText } from './rules.ts';

/** How a rule page is asked for, to be said again with something changed. */
export interface RuleView {
  readonly span?: string | undefined;
  readonly to?: string | undefined;
  readonly at?: string | undefined;
}

/** All of one rule. */
export function ruleParts(page: RulePage, view: RuleView, frame: Frame): PageParts {
  const { rule, text, query, exceptions, alerts } = page;
  return {
    title: rule.name,
    body: markup`${section('stand', 'How it stands', standPart(page, frame))}
${section('windows', 'Windows', windowsPart(page, view, frame))}
${section('runs', 'Runs', runsPart(page, view, frame))}
${section('alerts', 'Alerts', headsTable(alerts, frame, 'The newest alerts of the rule'))}
${section('exceptions', 'Exceptions', exceptionsTable(exceptions, frame))}
${whyPart(page, view, frame)}
${testsPart(page, frame)}
<section aria-labelledby="text-title"><h2 id="text-title">Text</h2><p>${text.file}</p>${text.problem === null ? numbered(text.lines, `The text of ${rule.id}`) : markup`<p class="failed">${text.problem}</p>`}</section>
<section aria-labelledby="query-title"><h2 id="query-title">The query as the last run sent it</h2>${query === null ? markup`<p class="none">No run that is kept has sent one.</p>` : numbered(query.split('\n'), 'The query')}</section>`,
  };
}

function standPart({ sight, rule, error, nextRunAt, week }: RulePage, { now }: Frame): Markup {
  const { tenant, standing, state, lagMs, pending, gaps } = sight;
  const alerts = week.map((day) => day.alerts);
  const failed = error === null ? null : markup`<p class="failed">${error}</p>`;
  return markup`<p>${rule.description}</p>${failed}${facts([
    ['State', standBadge(standing)],
    ['Since', state?.failingSince ? instantText(state.failingSince) : null],
    ['Id', rule.id],
    ['Tenant', tenant],
    ['Severity', severityBadge(rule.severity)],
    ['Status', rule.status],
    ['Version', rule.version],
    ['ATT&CK', rule.attack.join(', ')],
    ['Tags', rule.tags.join(', ')],
    ['Shape', rule.effectiveShape],
    ['Behind its schedule', lagMs === 0 ? 'no' : spanText(lagMs)],
    ['Last run', state?.lastRun ? markup`${state.lastRun.outcome}, ${agoText(state.lastRun.endedAt, now)}` : 'never'],
    ['Next run', nextRunAt === null ? '–' : instantText(nextRunAt)],
    ['Windows that wait', pending],
    ['Windows given up in 7 days', gaps],
    ['Alerts of seven days', sparkline(alerts, `Alerts of seven days: ${alerts.join(', ')}`)],
    ['Noise', noiseText(week)],
    ['Runbook', rule.runbook],
  ])}`;
}

function placeOf({ sight, rule }: RulePage, { base }: Frame): string {
  return `${base}/rules${pathOf(sight.tenant, rule.id)}`;
}

/** What was searched, and the runs that did; zoomed by links, so that the address says what is shown. */
function windowsPart(page: RulePage, view: RuleView, frame: Frame): Markup {
  const { from, to, coverage, drawn } = page;
  const place = placeOf(page, frame);
  const link = (span: number, end: number): string =>
    `${address(place, { ...view, span: span / 3_600_000, to: end >= frame.now ? null : new Date(end).toISOString() })}#windows`;
  const span = to - from;
  const index = SPANS_MS.findIndex((one) => one >= span);
  const nearer = SPANS_MS[index - 1];
  const farther = SPANS_MS[index + 1];
  const range = { from, to };
  const chart = markup`<svg class="timeline" viewBox="0 0 600 44" preserveAspectRatio="none" role="img" aria-label="${coverageWords(coverage, range)}; ${drawn.length} runs"><rect class="rest" width="600" height="20"/>${coveragePaths(coverage, range, 20)}${runPaths(page)}</svg>`;
  const rows = coverage.map((one) => [instantText(one.from), instantText(one.to), COVERAGE_WORDS[one.state]]);
  return markup`<p>${instantText(from)} to ${instantText(to)}: ${coverageWords(coverage, range)}. Above what was searched, below the runs: green answered, red not.</p>
${chart}${pager([
  ['Earlier', link(span, to - span / 2)],
  ['Later', to < frame.now ? link(span, to + span / 2) : null],
  ['Nearer', nearer === undefined ? null : link(nearer, to - (span - nearer) / 2)],
  ['Farther', farther === undefined ? null : link(farther, to)],
  ['Now', to < frame.now ? link(span, frame.now) : null],
])}${coverageLegend()}<details><summary>The same as a table</summary>${table({
    caption: 'What was searched',
    columns: ['From', 'To', 'What became of it'],
    rows,
    none: 'Nothing is known of this time.',
  })}</details>`;
}

function runPaths({ drawn, from, to }: RulePage): readonly Markup[] {
  return (['ok', 'other'] as const).flatMap((kind) => {
    const own = drawn.filter(({ outcome }) => (outcome === 'ok') === (kind === 'ok'));
    const path = own.map((run) => {
      const left = placeAt(run.window?.from ?? run.logicalTime, { from, to });
      const width = Math.max(1.5, placeAt(run.window?.to ?? run.logicalTime, { from, to }) - left - 0.5);
      return `M${left.toFixed(1)} 26h${width.toFixed(1)}v16h-${width.toFixed(1)}z`;
    });
    return path.length === 0 ? [] : [markup`<path class="${kind === 'ok' ? 'good' : 'bad'}" d="${path.join('')}"/>`];
  });
}

function runsPart(page: RulePage, view: RuleView, frame: Frame): Markup {
  const older = page.older === null ? null : `${address(placeOf(page, frame), { ...view, before: page.older })}#runs`;
  const list = table({
    caption: 'Runs, the newest first',
    columns: [
      ...['Window', 'Ended', 'Outcome', 'Lane', ...['Rows', 'Hits', 'Alerts'].map(numberColumn), 'Held back', 'Error'],
    ],
    rows: page.runs.map(runRow),
    none: 'It has not run, or no run is kept.',
  });
  return markup`${list}${pager([['Older', older]])}`;
}

function runRow({ run }: RulePage['runs'][number]): readonly Hole[] {
  const { window, logicalTime, endedAt, outcome, lane, rows, hits, alerts, suppressed, error, truncated } = run;
  const held = Object.fromEntries(Object.entries(suppressed).filter(([, count]) => count > 0));
  return [
    window
      ? markup`${instantText(window.from)} to ${instantText(window.to)}`
      : markup`as of ${instantText(logicalTime)}`,
    ...[instantText(endedAt), truncated ? `${outcome}, cut short` : outcome, lane, rows, hits, alerts],
    listCounts(held),
    error ? markup`<span class="failed">${error.code}: ${error.message}</span>` : null,
  ];
}

function exceptionsTable(exceptions: RulePage['exceptions'], { now }: Frame): Markup {
  return table({
    caption: 'Exceptions, and what they hid',
    columns: ['Where', 'Reason', 'Owner', 'Expires', numberColumn('Rows hidden')],
    rows: exceptions.map(({ where, reason, owner, expires, hidden }) => [
      ...[where, reason, owner],
      markup`${instantText(expires)}${expires <= now ? markup` <span class="failed">is over</span>` : null}`,
      hidden,
    ]),
    none: 'It has none.',
  });
}

/** Why there was an alert, or none, of what happened then. */
function whyPart(page: RulePage, { at }: RuleView, frame: Frame): Markup {
  const said = page.says.map((sentence) => markup`<li>${sentence}</li>`);
  return markup`<section id="why" aria-labelledby="why-title"><h2 id="why-title">Why was there an alert, or none?</h2>
<form class="filter" method="get" action="${placeOf(page, frame)}#why"><div><label for="at">Of what happened at (ISO time, or how long ago)</label><input id="at" name="at" value="${at ?? ''}" placeholder="2h"></div><button>Tell</button></form>${said.length === 0 ? null : markup`<ul>${said}</ul>`}</section>`;
}

function testsPart(page: RulePage, frame: Frame): Markup {
  const { rule } = page;
  const place = placeOf(page, frame);
  const mayRun = frame.visit.scopes.includes('run');
  const buttons = mayRun
    ? markup`${writeForm(frame.visit, { action: `${place}/test`, button: 'Run its tests' })} ${writeForm(frame.visit, { action: `${place}/check`, button: 'Check it' })}`
    : markup`<p class="none">To run them, sign in with a token that has the scope "run".</p>`;
  const names = rule.tests.map(({ name }) => markup`<li>${name}</li>`);
  return markup`<section aria-labelledby="tests-title"><h2 id="tests-title">Tests and findings</h2>${names.length === 0 ? markup`<p class="none">It has no tests.</p>` : markup`<ol>${names}</ol>`}${buttons}</section>`;
}

/** A text with the numbers of its lines. */
export function numbered(lines: readonly string[], label: string): Markup {
  const width = String(lines.length).length;
  const shown = lines.map((line, at) => markup`<span class="at">${String(at + 1).padStart(width)}  </span>${line}\n`);
  return markup`<pre role="region" aria-label="${label}" tabindex="0">${shown}</pre>`;
}
