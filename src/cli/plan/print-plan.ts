import { formatDuration } from '../../lib/duration.ts';
import { countOf } from '../../lib/text.ts';
import { dayPriceText } from '../../run/plan/price.ts';
import { foldWords } from '../terminal/fold.ts';
import { dim, oneLine, printLine, printTable, tint, widthOf } from '../terminal/print.ts';
import { timeText } from '../terminal/time-text.ts';
import type { World } from '../terminal/world.ts';
import type { PlanComparison, TenantComparison } from './compare-plans.ts';
import { rounded } from './plan-document.ts';
import type { TenantPlan } from './tenant-plans.ts';

const LONGEST_BAR = 40;
/** Of the dearest rules. */
const MOST_PRICES = 5;

/** Each tenant: its sums, its lanes, a bar for each hour of the day, and what does not fit. */
export function printPlan(world: World, plans: readonly TenantPlan[], comparison: PlanComparison | null): void {
  for (const [index, plan] of plans.entries()) {
    if (index > 0) printLine(world);
    printTenant(world, plan);
  }
  if (comparison) printComparedWith(world, comparison);
}

function printTenant(world: World, { tenant, api, plan, limits, prices }: TenantPlan): void {
  const { callsPerDay, callsPerHour, callsPerMinute, worstMinute, worstHour, runMinutes } = plan;
  printLine(world, `${tint(world, 'bold', oneLine(tenant))} (${api})`);
  printLine(world, `  calls a day     ${rounded(callsPerDay)}`);
  printLine(world, `  calls an hour   ${rounded(callsPerHour)}${ofLimit(limits.callsPerHour)}`);
  printLine(world, `  calls a minute  ${rounded(callsPerMinute)}${ofLimit(limits.callsPerMinute)}`);
  printLine(world, `  worst minute    ${countOf(worstMinute.calls, 'call')} from ${timeText(worstMinute.at)}`);
  printLine(world, `  worst hour      ${countOf(worstHour.calls, 'call')} from ${timeText(worstHour.at)}`);
  const runTime = runMinutes === null ? 'known once rules have run' : `${rounded(runMinutes)} min a day`;
  printLine(world, `  run time        ${runTime}`);
  for (const price of prices?.slice(0, MOST_PRICES) ?? [])
    printLine(world, `  price           ${oneLine(price.rule)}: ${dayPriceText(price)}`);
  printLanes(world, plan);
  printHours(world, plan);
  if (plan.fits) printLine(world, `${tint(world, 'green', 'fits')}; retries and heavy windows come on top`);
  for (const { message, fix } of plan.findings) {
    const lines = foldWords(`${oneLine(message)} ${fix}`, widthOf(world.stdout) - 'does not fit  '.length);
    for (const [at, line] of lines.entries())
      printLine(world, `${at === 0 ? tint(world, 'red', 'does not fit') : ' '.repeat(12)}  ${line}`);
  }
}

function ofLimit(limit: number | null): string {
  return limit === null ? '' : ` of ${limit}`;
}

const LANE_HEAD = [
  '  lane',
  'rules',
  'calls a day',
  'an hour',
  'a minute',
  'worst minute',
  'run time a day',
  'of the limits',
  'longest wait',
];

function printLanes(world: World, { lanes }: TenantPlan['plan']): void {
  if (lanes.length === 0) printLine(world, '  no rule runs');
  const rows = lanes.map(({ lane, rules, share, longestWaitMs, worstMinute, runMinutes, ...calls }) => [
    `  ${lane}`,
    String(rules),
    String(rounded(calls.callsPerDay)),
    String(rounded(calls.callsPerHour)),
    String(rounded(calls.callsPerMinute)),
    String(worstMinute.calls),
    runMinutes === null ? '-' : `${rounded(runMinutes)} min`,
    `${Math.round(share * 100)} %`,
    longestWaitMs === 0 ? '-' : formatDuration(longestWaitMs),
  ]);
  if (rows.length > 0) printTable(world, LANE_HEAD, rows);
}

function printHours(world: World, { day, hours }: TenantPlan['plan']): void {
  const most = Math.max(...hours, 1);
  printLine(
    world,
    dim(
      world,
      `  calls by hour on ${new Date(day).toISOString().slice(0, 10)} (UTC), the busiest day of the week ahead`,
    ),
  );
  hours.forEach((calls, hour) => {
    const bar = '█'.repeat(calls === 0 ? 0 : Math.max(1, Math.round((calls / most) * LONGEST_BAR)));
    printLine(world, `  ${String(hour).padStart(2, '0')}  ${bar}${bar === '' ? '' : ' '}${calls}`);
  });
}

function printComparedWith(world: World, { ref, commit, tenants }: PlanComparison): void {
  printLine(world);
  printLine(world, tint(world, 'bold', `compared with ${oneLine(ref)} (${commit.slice(0, 12)})`));
  for (const tenant of tenants) printTenantComparison(world, tenant);
}

function printTenantComparison(
  world: World,
  { tenant, before, after, worstMinute, fits, added, removed, changed }: TenantComparison,
): void {
  const difference = rounded(after - before);
  const sign = difference > 0 ? '+' : '';
  const calls = `${rounded(before)} -> ${rounded(after)} calls a day (${sign}${difference})`;
  const worst = `worst minute ${worstMinute.before ?? 0} -> ${worstMinute.after ?? 0}`;
  printLine(world, `  ${oneLine(tenant)}: ${calls}, ${worst}`);
  if (fits.before === true && fits.after === false) printLine(world, tint(world, 'red', '    fits no longer'));
  if (fits.before === false && fits.after === false) printLine(world, '    did not fit before, either');
  if (fits.before === false && fits.after === true) printLine(world, tint(world, 'green', '    fits now'));
  for (const { rule, callsPerDay } of added) printLine(world, `    + ${oneLine(rule)}  ${rounded(callsPerDay)} a day`);
  for (const { rule, callsPerDay } of removed)
    printLine(world, `    - ${oneLine(rule)}  ${rounded(callsPerDay)} a day`);
  for (const { rule, callsPerDay, before: old } of changed)
    printLine(world, `    ~ ${oneLine(rule)}  ${rounded(old)} -> ${rounded(callsPerDay)} a day`);
}
