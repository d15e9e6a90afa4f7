import type { Need, OverviewPage } from '../../../actions/pages/overview.ts';
import type { QuotaBar } from '../../../actions/pages/places.ts';
import { countOf } from '../../../lib/text.ts';
import type { Frame, PageParts } from '../frame.ts';
import { type Markup, markup, NOTHING } from '../markup.ts';
import { columnChart, shareBar } from '../parts/charts/bars.ts';
import { section, table } from '../parts/table.ts';
import { agoText, instantText, spanText } from '../parts/time-text.ts';

/** What needs a person, and how the day went. */
export function overviewParts(page: OverviewPage, frame: Frame): PageParts {
  const { hours, latency, quota } = page;
  const bars = hours.map(({ from, messages }) => ({ name: hourName(from), value: messages }));
  const times = table({
    caption: 'Delivery latency by target',
    columns: ['Target', ...['Deliveries', 'Half within', '95 % within', 'Longest'].map(numberColumn)],
    rows: latency.map(({ target, deliveries, median, p95, longest }) => [
      target,
      ...[deliveries, spanText(median), spanText(p95), spanText(longest)],
    ]),
    none: 'Nothing was delivered yet.',
  });
  return {
    title: 'Overview',
    body: markup`${needsPart(page, frame)}
${section('hours', 'Messages of alerts by hour', columnChart('Messages of alerts by hour, the last day', bars, 'messages'))}
${section('latency', 'From commit to delivery', markup`<p>Of the newest deliveries.</p>${times}`)}
${section('quota', 'Quota', quotaTable(quota))}`,
  };
}

function needsPart({ needs, more, moreGaps, proof, rules }: OverviewPage, frame: Frame): Markup {
  const proved =
    proof === null
      ? 'Nothing has been answered yet.'
      : markup`The last ${proof.by === 'heartbeat' ? 'heartbeat was given' : 'answer came'} ${agoText(proof.at, frame.now)}, at ${instantText(proof.at)}.`;
  if (needs.length === 0)
    return section(
      'needs',
      'What needs you',
      markup`<p class="clear">All clear: ${countOf(rules, 'rule')}. ${proved}</p>`,
    );
  const link = (count: number, how: string): Markup =>
    count > 0 ? markup`<p><a href="${frame.base}/rules">${countOf(count, 'further rule')} ${how}</a></p>` : NOTHING;
  const rest = markup`${link(more, 'in trouble')}${link(moreGaps, 'with gaps')}`;
  return section(
    'needs',
    'What needs you',
    markup`<ol class="needs">${needs.map((need) => needItem(need, frame))}</ol>${rest}<p>${proved}</p>`,
  );
}

function needItem({ what, text, since, path }: Need, { base, now }: Frame): Markup {
  const long =
    since === null ? null : markup` <span class="since">since ${instantText(since)}, ${agoText(since, now)}</span>`;
  return markup`<li><a href="${base}${path}">${what}</a>${long}<br>${text}</li>`;
}

export function quotaTable(quota: readonly QuotaBar[]): Markup {
  return table({
    caption: 'What is used of the quota',
    columns: ['Tenant', 'What', numberColumn('Used'), numberColumn('Limit'), 'Share'],
    rows: quota.map(({ tenant, what, used, limit }) => {
      return [tenant, what, used, limit ?? 'none', shareBar(used, limit, `${tenant}, ${what}`)];
    }),
    none: 'There is no tenant.',
  });
}

export function numberColumn(name: string): { readonly name: string; readonly isNumber: true } {
  return { name, isNumber: true };
}

function hourName(time: number): string {
  return `${new Date(time).toISOString().slice(11, 16)}Z`;
}
