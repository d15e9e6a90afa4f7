import { openSource } from '../../app/open-parts.ts';
import type { Config } from '../../config/config.ts';
import { rulePlacesOf } from '../../config/rule-paths.ts';
import { createMemoryCache } from '../../lib/cache.ts';
import { HuntwireError } from '../../lib/errors.ts';
import { countOf } from '../../lib/text.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import { startBackfill, windowsLeft } from '../../run/backfill/backfill-progress.ts';
import { windowSettings } from '../../run/opening/window-settings.ts';
import type { WindowSettings } from '../../run/windows.ts';
import type { Source } from '../../sources/source.ts';
import { openStateReader } from '../../state/state-place.ts';
import type { BackfillWish, RuleState } from '../../state/store.ts';
import { type BacktestCost, costOfCalls } from '../../trial/backtest-cost.ts';
import { CALLS_WITHOUT_YES, callCostText } from '../backtest/call-cost.ts';
import { chooseTenant } from '../choose-tenant.ts';
import { findRule } from '../find-rule.ts';
import { createHost } from '../host.ts';
import type { World } from '../terminal/world.ts';

export interface BackfillEstimate {
  /** That are left to be asked. */
  readonly windows: number;
  readonly cost: BacktestCost;
  /** Up to where an earlier go of the same backfill got, epoch ms; null: it begins. */
  readonly resumesAt: number | null;
  readonly text: string;
}

interface EstimateInput {
  readonly config: Config;
  readonly tenant: string;
  readonly rule: string;
  readonly wish: BackfillWish;
}

/** What a backfill would ask, told without asking anything: beside a process that runs, too. */
export async function estimateBackfill(
  world: World,
  { config, tenant: name, rule: id, wish }: EstimateInput,
): Promise<BackfillEstimate> {
  const tenant = chooseTenant(config.tenants, name);
  const rule = await findRule(world, id, async (given) =>
    rulePlacesOf(config, given === undefined ? tenant.rules : [given]),
  );
  if (rule.id !== id) throw new HuntwireError('USAGE', `"${id}" is a file; name the rule by its id, ${rule.id}.`);
  const source = openSource(tenant, createMemoryCache(), createHost(world, config, 'in-process', 'backfill'));
  const store = await openStateReader(config.state, world);
  try {
    const state = await store.ruleState(name, rule.id);
    const settings = windowSettings(config.windows);
    return estimateOf(rule, wish, { source, state, now: world.clock.now(), settings });
  } finally {
    await store.close();
    await source.close();
  }
}

interface EstimatePlace {
  readonly source: Pick<Source, 'quota' | 'retentionMs'>;
  readonly state: Pick<RuleState, 'frontier' | 'backfill'> | null;
  readonly now: number;
  readonly settings: WindowSettings;
}

/** What a backfill of a rule in this state would ask; USAGE where there is nothing to ask. */
export function estimateOf(
  rule: RunnableRule,
  wish: BackfillWish,
  { source, state, now, settings }: EstimatePlace,
): BackfillEstimate {
  const place = { now, settings, retentionMs: source.retentionMs, frontier: state?.frontier ?? null };
  const progress = startBackfill(rule, wish, state?.backfill, place);
  const windows = windowsLeft(rule, progress, place);
  const cost = costOfCalls(windows, source.quota);
  const resumesAt = progress.doneTo > progress.from ? progress.doneTo : null;
  return { windows, cost, resumesAt, text: textOf(rule.id, windows, resumesAt, cost) };
}

function textOf(id: string, windows: number, resumesAt: number | null, cost: BacktestCost): string {
  const left = resumesAt === null ? '' : ` left, from ${new Date(resumesAt).toISOString()} on`;
  return `${id}: ${countOf(windows, 'window')}${left}. ${callCostText(cost)}`;
}

/** Goes on where the cost was agreed to: by --yes, at the terminal, or because it is small. */
export async function agreeToBackfill(
  world: World,
  yes: boolean,
  { cost: { calls, shareOfHour } }: BackfillEstimate,
): Promise<void> {
  if (yes || shareOfHour === null) return;
  if (world.confirm) {
    if (await world.confirm('Go on?')) return;
    throw new HuntwireError('ABORTED', 'Nothing was asked.');
  }
  if (calls > CALLS_WITHOUT_YES)
    throw new HuntwireError(
      'USAGE',
      `That would ask the tenant ${calls} times; more than ${CALLS_WITHOUT_YES} need a --yes. Nothing was asked.`,
    );
}
