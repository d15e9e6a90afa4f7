import { SHOWN_STANDS } from '../../../actions/pages/rule-sights.ts';
import { RULES_A_PAGE, type RuleOfPage, type RulesFilter, type RulesPage } from '../../../actions/pages/rules-page.ts';
import { DAY_MS } from '../../../lib/duration.ts';
import { countOf } from '../../../lib/text.ts';
import { TACTICS } from '../../../rules/attack/matrix.ts';
import { SEVERITIES } from '../../../rules/rule.ts';
import type { Frame, PageParts } from '../frame.ts';
import { type Hole, type Markup, markup } from '../markup.ts';
import { sparkline } from '../parts/charts/bars.ts';
import { coverageBar, coverageLegend, coverageWords } from '../parts/charts/coverage-bar.ts';
import { address, filterForm, pager } from '../parts/form.ts';
import { ruleLink, severityBadge, standBadge } from '../parts/shown-words.ts';
import { section, table } from '../parts/table.ts';
import { agoText, dayText, instantText, spanText } from '../parts/time-text.ts';
import { numberColumn } from './overview.ts';

export const COUNTING = markup`<p class="none">Runs of the last week are still being counted.</p>`;

/** Rules, the worst first; the filters stand in the address. */
export function rulesParts(page: RulesPage, filter: RulesFilter, frame: Frame): PageParts {
  const { rows, first, matching, complete, counts } = page;
  const place = `${frame.base}/rules`;
  const at = (next: number): string => address(place, { ...filter, first: next || undefined });
  const summary = Object.entries(counts).map(
    ([state, count]) => markup`<a href="${address(place, { state })}">${count} ${state}</a> `,
  );
  const list = table({
    caption: 'Rules, the worst first',
    columns: [
      ...['Rule', 'State', 'Severity', 'Tenant', numberColumn('Lag'), 'Last run', 'Next run', 'Seven days', 'Noise'],
      'Last 24 hours',
    ],
    rows: rows.map((row) => ruleRow(row, frame)),
    none: 'No rule is meant by that.',
  });
  const range = `${matching === 0 ? 0 : first + 1} to ${first + rows.length} of ${countOf(matching, 'rule')}.`;
  return {
    title: 'Rules',
    body: markup`${filterForm(place, fieldsOf(page, filter))}
${section('rules', 'Worst first', markup`<p>${range} By state: ${summary}</p>${complete ? null : COUNTING}${list}${coverageLegend()}${tablesOf(rows, frame.now)}`)}
${pager([
  ['Before', first > 0 ? at(Math.max(0, first - RULES_A_PAGE)) : null],
  ['Next', first + rows.length < matching ? at(first + RULES_A_PAGE) : null],
])}`,
  };
}

function fieldsOf({ tenants, tags }: RulesPage, filter: RulesFilter) {
  const tactics = TACTICS.map(({ short }) => short);
  return [
    { name: 'text', label: 'Id or name holds', value: filter.text },
    { name: 'state', label: 'State', value: filter.state, options: SHOWN_STANDS },
    { name: 'severity', label: 'Severity', value: filter.severity, options: SEVERITIES },
    { name: 'tactic', label: 'Tactic', value: filter.tactic, options: tactics },
    { name: 'technique', label: 'Technique', value: filter.technique },
    { name: 'tag', label: 'Tag', value: filter.tag, options: tags },
    { name: 'tenant', label: 'Tenant', value: filter.tenant, options: tenants },
  ];
}

function ruleRow(row: RuleOfPage, { base, now }: Frame): readonly Hole[] {
  const { tenant, id, name, severity, standing, error, lagMs, lastRunAt, nextRunAt, week, coverage } = row;
  const alerts = week.map((day) => day.alerts);
  const words = `${alerts.reduce((sum, count) => sum + count, 0)} alerts in seven days: ${alerts.join(', ')}`;
  return [
    markup`${ruleLink(base, tenant, id)}<br>${name}${error === null ? null : markup`<br><span class="failed">${error}</span>`}`,
    standBadge(standing),
    severityBadge(severity),
    tenant,
    lagMs === 0 ? '–' : spanText(lagMs),
    lastRunAt === null ? 'never' : agoText(lastRunAt, now),
    nextRunAt === null ? '–' : instantText(nextRunAt),
    sparkline(alerts, words),
    noiseText(week),
    coverageBar(coverage, { from: now - DAY_MS, to: now }),
  ];
}

/** What sparklines and bars show. */
function tablesOf(rows: RulesPage['rows'], now: number): Markup {
  const days = rows[0]?.week.map(({ day }) => numberColumn(dayText(day))) ?? [];
  const alerts = table({
    caption: 'Alerts by day',
    columns: ['Rule', 'Tenant', ...days],
    rows: rows.map(({ id, tenant, week }) => [id, tenant, ...week.map((day) => day.alerts)]),
    none: 'No rule is meant by that.',
  });
  const range = { from: now - DAY_MS, to: now };
  const searched = table({
    caption: 'What was searched of the last 24 hours',
    columns: ['Rule', 'Tenant', 'What became of the time'],
    rows: rows.map(({ id, tenant, coverage }) => [id, tenant, coverageWords(coverage, range)]),
    none: 'No rule is meant by that.',
  });
  return markup`<details><summary>Sparklines and bars as tables</summary><h3>Alerts by day</h3>${alerts}<h3>What was searched of the last 24 hours</h3>${searched}</details>`;
}

/** Hits that were held back against those that were told. */
export function noiseText(week: RuleOfPage['week']): Markup {
  const told = week.reduce((sum, day) => sum + day.told, 0);
  const held = week.reduce((sum, day) => sum + day.held, 0);
  return markup`${held} held, ${told} told`;
}
