import type { TargetsPage } from '../../../actions/pages/other-pages.ts';
import type { TenantsSeen } from '../../../actions/pages/places.ts';
import type { Frame, PageParts } from '../frame.ts';
import { type Markup, markup, NOTHING } from '../markup.ts';
import { address } from '../parts/form.ts';
import { badge, section, table } from '../parts/table.ts';
import { agoText, instantText } from '../parts/time-text.ts';
import { numberColumn, quotaTable } from './overview.ts';

/** Tenants: their quota, pauses and why. */
export function tenantsParts({ tenants, quota }: TenantsSeen): PageParts {
  const list = table({
    caption: 'Tenants',
    columns: ['Tenant', 'API', 'State', 'Paused until', 'Pace', 'Low lanes held until', numberColumn('Clock ahead, s')],
    rows: tenants.map(({ tenant, api, blocked, pausedUntil, pace, slowedBy, lowHeldUntil, skewSeconds }) => [
      tenant,
      api,
      blocked === null
        ? badge(pausedUntil === null ? 'ok' : 'paused', pausedUntil === null ? 'good' : 'warn')
        : markup`${badge('blocked', 'bad')} ${blocked}`,
      pausedUntil === null ? '–' : instantText(pausedUntil),
      `${Math.round(pace * 100)} %${slowedBy === null ? '' : `, used up by ${slowedBy}`}`,
      lowHeldUntil === null ? '–' : instantText(lowHeldUntil),
      skewSeconds,
    ]),
    none: 'There is none.',
  });
  return {
    title: 'Tenants',
    body: markup`${section('tenants', 'How they stand', list)}${section('quota', 'Quota', quotaTable(quota))}`,
  };
}

const TARGET_STATES: Readonly<Record<string, Parameters<typeof badge>[1]>> = {
  ok: 'good',
  retrying: 'warn',
  failing: 'bad',
  blocked: 'bad',
};

/** Targets and what waits for them. */
export function targetsParts({ targets, failures }: TargetsPage, frame: Frame): PageParts {
  const list = table({
    caption: 'Targets and the outbox',
    columns: [
      ...['Target', 'State', 'Circuit', numberColumn('Pending'), 'Oldest', numberColumn('In a digest')],
      ...[numberColumn('Dead letters'), 'Fallback', 'Last failure'],
    ],
    rows: targets.map((row) => [
      row.target,
      row.state === 'unread' ? badge('being read', 'calm') : badge(row.state, TARGET_STATES[row.state] ?? 'calm'),
      row.circuit,
      row.pending,
      row.oldestAt === null ? '–' : agoText(Date.parse(row.oldestAt), frame.now),
      row.inDigest,
      deadLink(row.target, row.dead, frame),
      row.fallback === null ? '–' : `${row.fallback.target}${row.fallback.active ? ', stands in now' : ''}`,
      row.reason,
    ]),
    none: 'There is none.',
  });
  const reading = targets.some(({ state }) => state === 'unread')
    ? markup`<p>What was delivered is being read: what stands as “being read” is known in a moment.</p>`
    : NOTHING;
  const last = section('failures', 'Last failures', failuresTable(failures, frame));
  return {
    title: 'Targets and outbox',
    body: markup`${section('targets', 'How they stand', markup`${reading}${list}`)}${last}`,
  };
}

/** What waits says why under its target; these have come to their end. */
function failuresTable(failures: TargetsPage['failures'], { base }: Frame): Markup {
  return table({
    caption: 'The latest alerts that were not taken',
    columns: ['When', 'Target', 'Reason', numberColumn('Attempts'), 'Dead letter'],
    rows: failures.map(({ id, target, reason, attempts, lastAt }) => [
      instantText(lastAt),
      ...[target, reason, attempts],
      markup`<a href="${base}/letters/${id}">${id}</a>`,
    ]),
    none: 'There is none.',
  });
}

function deadLink(target: string, dead: number, { base }: Frame): Markup {
  if (dead === 0) return markup`0`;
  return markup`<a href="${address(`${base}/letters`, { target })}">${dead}</a>`;
}
