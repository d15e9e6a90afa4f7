import type { RulePage, RuleText } from '../../../actions/pages/rule-page.ts';
import { listCounts } from '../../../lib/text.ts';
import type { Frame, PageParts } from '../frame.ts';
import { type Hole, type Markup, markup } from '../markup.ts';
import { sparkline } from '../parts/charts/bars.ts';
import { address, pager, writeForm } from '../parts/form.ts';
import { severityBadge, standBadge } from '../parts/shown-words.ts';
import { facts, section, table } from '../parts/table.ts';
import { findingsList, findingsSentence, numbered } from '../parts/text-with-findings.ts';
import { agoText, dayText, instantText, spanText } from '../parts/time-text.ts';
import { headsTable } from './alerts.ts';
import { numberColumn } from './overview.ts';
import { rowForm } from './row.ts';
import { askedText, placeOfRule, type RuleView, timelinePart } from './rule-timeline.ts';
import { COUNTING, noiseText } from './rules.ts';

/** All of one rule. */
export function ruleParts(page: RulePage, view: RuleView, frame: Frame): PageParts {
  const { rule, text, query, exceptions, alerts } = page;
  return {
    title: rule.name,
    body: markup`${section('stand', 'How it stands', standPart(page, frame))}
${section('windows', 'Windows', timelinePart(page, view, frame))}
${section('runs', 'Runs', runsPart(page, view, frame))}
${section('alerts', 'Alerts', headsTable(alerts, frame, 'The newest alerts of the rule'))}
${section('exceptions', 'Exceptions', exceptionsTable(exceptions, frame))}
${whyPart(page, view, frame)}
${testsPart(page, frame)}
${section('text', 'Text and findings', textPart(text, rule.id))}
<section aria-labelledby="query-title"><h2 id="query-title">The query as the last run sent it</h2>${query === null ? markup`<p class="none">No run that is kept has sent one.</p>` : numbered(query.split('\n'), 'The query')}</section>`,
  };
}

function standPart({ sight, rule, error, nextRunAt, week, complete }: RulePage, { now }: Frame): Markup {
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
  ])}${complete ? null : COUNTING}${weekTable(week)}`;
}

/** The same as the sparkline. */
function weekTable(week: RulePage['week']): Markup {
  return markup`<details><summary>The seven days as a table</summary>${table({
    caption: 'Seven days',
    columns: ['Day', ...['Runs', 'Alerts', 'Hits told', 'Hits held back'].map(numberColumn)],
    rows: week.map(({ day, runs, alerts, told, held }) => [dayText(day), runs, alerts, told, held]),
    none: 'Nothing.',
  })}</details>`;
}

function textPart({ file, lines, problem, findings }: RuleText, id: string): Markup {
  if (problem !== null) return markup`<p>${file}</p><p class="failed">${problem}</p>`;
  const found = findings.kind === 'known' ? findings.findings : [];
  const list = found.length === 0 ? null : findingsList(found, '');
  return markup`<p>${file}</p>${findingsSentence(findings)}${list}${numbered(lines, `The text of ${id}`, found)}`;
}

function runsPart(page: RulePage, view: RuleView, frame: Frame): Markup {
  const older =
    page.older === null ? null : `${address(placeOfRule(page, frame), { ...view, before: page.older })}#runs`;
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
  const { endedAt, outcome, lane, rows, hits, alerts, suppressed, error, truncated } = run;
  const held = Object.fromEntries(Object.entries(suppressed).filter(([, count]) => count > 0));
  return [
    askedText(run),
    ...[instantText(endedAt), truncated ? `${outcome}, cut short` : outcome, lane, rows, hits, alerts],
    listCounts(held),
    error ? markup`<span class="failed">${error.code}: ${error.message}</span>` : null,
  ];
}

function exceptionsTable(exceptions: RulePage['exceptions'], { now }: Frame): Markup {
  return table({
    caption: 'Exceptions, and what they hid',
    columns: ['Where', 'Reason', 'Owner', 'Expires', numberColumn('Rows hidden'), numberColumn('In runs'), 'Last'],
    rows: exceptions.map(({ where, reason, owner, expires, hidden, runs, lastAt }) => [
      ...[where, reason, owner],
      markup`${instantText(expires)}, ${agoText(expires, now)}${expires <= now ? markup` <span class="failed">is over</span>` : null}`,
      ...[hidden, runs, instantText(lastAt)],
    ]),
    none: 'It has none.',
  });
}

/** Why there was an alert, or none, of what happened then. */
function whyPart(page: RulePage, { at }: RuleView, frame: Frame): Markup {
  const said = page.says.map((sentence) => markup`<li>${sentence}</li>`);
  return markup`<section id="why" aria-labelledby="why-title"><h2 id="why-title">Why was there an alert, or none?</h2>
<form class="filter" method="get" action="${placeOfRule(page, frame)}#why"><div><label for="at">Of what happened at (ISO time, or how long ago)</label><input id="at" name="at" value="${at ?? ''}" placeholder="2h"></div><button>Tell</button></form>${said.length === 0 ? null : markup`<ul>${said}</ul>`}
<h3>Of one row</h3>${rowForm({ tenant: page.sight.tenant, id: page.rule.id, text: '' }, frame)}</section>`;
}

function testsPart(page: RulePage, frame: Frame): Markup {
  const { rule } = page;
  const place = placeOfRule(page, frame);
  const mayRun = frame.visit.scopes.includes('run');
  const buttons = mayRun
    ? writeForm(frame.visit, { action: `${place}/test`, button: 'Run its tests' })
    : markup`<p class="none">To run them, sign in with a token that has the scope "run".</p>`;
  const names = rule.tests.map(({ name }) => markup`<li>${name}</li>`);
  return markup`<section aria-labelledby="tests-title"><h2 id="tests-title">Tests</h2>${names.length === 0 ? markup`<p class="none">It has no tests.</p>` : markup`<ol>${names}</ol>`}${buttons}</section>`;
}
