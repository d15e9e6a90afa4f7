import type { AlertsFilter, AlertsPage } from '../../../actions/pages/alert-page.ts';
import { SEVERITIES } from '../../../rules/rule.ts';
import type { Frame, PageParts } from '../frame.ts';
import { type Markup, markup } from '../markup.ts';
import { address, filterForm, pager } from '../parts/form.ts';
import { pathOf, ruleLink, severityBadge } from '../parts/shown-words.ts';
import { section, table } from '../parts/table.ts';
import { instantText } from '../parts/time-text.ts';

/** What the filters of the address say. */
export interface AlertsView {
  readonly severity?: string | undefined;
  readonly status?: string | undefined;
  readonly kind?: string | undefined;
  readonly tenant?: string | undefined;
  readonly rule?: string | undefined;
  readonly since?: string | undefined;
  readonly cursor?: string | undefined;
}

/** Messages of alerts, newest first. Nothing is counted: there may be millions. */
export function alertsParts(
  { heads, cursor }: AlertsPage,
  view: AlertsView,
  tenants: readonly string[],
  frame: Frame,
): PageParts {
  const place = `${frame.base}/alerts`;
  const { cursor: here, ...filter } = view;
  const more = cursor === null ? null : address(place, { ...filter, cursor });
  const none = cursor === null ? 'There is none.' : 'None among the alerts that were looked at; there are older ones.';
  return {
    title: 'Alerts',
    body: markup`${filterForm(place, [
      { name: 'severity', label: 'Severity', value: view.severity, options: SEVERITIES },
      { name: 'status', label: 'Status', value: view.status, options: ['firing', 'resolved'] },
      { name: 'kind', label: 'Kind', value: view.kind, options: ['detection', 'health'] },
      { name: 'tenant', label: 'Tenant', value: view.tenant, options: tenants },
      { name: 'rule', label: 'Rule (id)', value: view.rule },
      { name: 'since', label: 'Since (time, or 24h)', value: view.since },
    ])}
${section('list', here === undefined ? 'The newest first' : 'Older ones', headsTable(heads, frame, 'Messages of alerts', none))}
${pager([
  ['Newest', here === undefined ? null : address(place, { ...filter })],
  ['Older', more],
])}`,
    ...(here !== undefined && { still: true }),
  };
}

export function headsTable(
  heads: AlertsPage['heads'],
  { base }: Frame,
  caption: string,
  none = 'There is none.',
): Markup {
  return table({
    caption,
    columns: ['Told', 'Severity', 'Status', 'Title', 'Rule', 'Tenant'],
    rows: heads.map(({ at, severity, status, alertId, title, tenant, ruleId, alertKind, revision }) => [
      instantText(at),
      severityBadge(severity),
      revision === 0 ? status : `${status} (message ${revision + 1})`,
      markup`<a href="${base}/alerts${pathOf(alertId)}">${title === '' ? alertId : title}</a>`,
      alertKind === 'health' ? 'health' : ruleLink(base, tenant, ruleId),
      tenant,
    ]),
    none,
  });
}

export function alertsFilter({ severity, status, kind, tenant, rule, since }: AlertsView): AlertsFilter {
  const severities = SEVERITIES.filter((one) => one === severity);
  return {
    ...(severities.length > 0 && { severities }),
    ...((status === 'firing' || status === 'resolved') && { status }),
    ...((kind === 'detection' || kind === 'health') && { kind }),
    ...(tenant !== undefined && { tenant }),
    ...(rule !== undefined && { rule }),
    ...(since !== undefined && { since }),
  };
}
