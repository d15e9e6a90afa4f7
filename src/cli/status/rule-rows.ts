import { idInAlerts } from '../../alerts/alert-id.ts';
import type { Config } from '../../config/config.ts';
import type { Rule } from '../../rules/rule.ts';
import { wholeRuleHash } from '../../rules/rule-hash.ts';
import { isPending } from '../../run/coverage/ledger.ts';
import { coveredTo } from '../../run/coverage.ts';
import { isLagging, lagOf, oldestUnanswered, stateToShow } from '../../run/lag.ts';
import { windowSettings } from '../../run/opening/window-settings.ts';
import { ranWith } from '../../run/rule-edits.ts';
import { createTimetable, intervalOf, type Timetable, timetableOf } from '../../run/schedule.ts';
import { delayOf, type WindowSettings } from '../../run/windows.ts';
import type { LoadedRule } from '../../state/runner-record.ts';
import type { RuleState, StoreReader } from '../../state/store.ts';
import type { RulesInFiles } from '../kept/look-at-rules.ts';
import { runDocument } from '../run-document.ts';
import type { RuleOfTenant } from './firing-rows.ts';
import { type RunnerSeen, ruleKey } from './runner-row.ts';
import type { RuleRow, RuleWaiting } from './status-document.ts';

export interface RulesSeen {
  readonly rules: readonly RuleRow[];
  /** Those of files, as they are now. */
  readonly known: readonly RuleOfTenant[];
}

export interface RuleSources {
  readonly store: StoreReader;
  readonly runner: RunnerSeen;
  /** The time as the service of a tenant has it. */
  readonly nowOf: (tenant: string) => number;
}

/** Every rule that a file holds or the runner has loaded. */
export async function ruleRows(
  config: Config,
  files: RulesInFiles,
  { store, runner, nowOf }: RuleSources,
): Promise<RulesSeen> {
  const states = new Map((await store.ruleStates()).map((one) => [ruleKey(one.tenant, one.ruleId), one.state]));
  const known = config.tenants.flatMap(({ name: tenant }) =>
    files.rulesOf(tenant).map((rule) => ({ tenant, rule, state: states.get(ruleKey(tenant, rule.id)) ?? null })),
  );
  const settings = windowSettings(config.windows);
  const rows = known.map(({ tenant: name, rule, state }) => {
    const key = ruleKey(name, rule.id);
    return ruleRow(
      name,
      rule,
      {
        state,
        loaded: runner.loaded?.get(key) ?? null,
        refusal: refusalOf(rule, runner, key),
      },
      { now: nowOf(name), settings },
    );
  });
  const here = new Set(rows.map((row) => ruleKey(row.tenant, row.rule)));
  const gone = [...(runner.loaded ?? [])]
    .filter(([key]) => !here.has(key))
    .map(([key, rule]) => removedRow(rule, states.get(key) ?? null));
  return {
    rules: [...rows, ...gone],
    known,
  };
}

interface RuleKnown {
  readonly state: RuleState | null;
  readonly loaded: LoadedRule | null;
  /** Why the latest runner has left it out as it is now; null: it has not, or nobody knows. */
  readonly refusal: string | null;
}

/** Whether alive or not: the next one will, too. */
function refusalOf(rule: Rule, { record }: RunnerSeen, key: string): string | null {
  const seen = record?.rules.find((one) => ruleKey(one.tenant, one.ruleId) === key);
  return seen && seen.wholeHash === wholeRuleHash(rule) ? (seen.refused ?? null) : null;
}

/** As of when, epoch ms, and how windows are made. */
interface Look {
  readonly now: number;
  readonly settings: WindowSettings;
}

function ruleRow(tenant: string, rule: Rule, { state, loaded, refusal }: RuleKnown, look: Look): RuleRow {
  const isOn = rule.status !== 'disabled';
  const timetable = timetableOfRule(rule, state);
  const lagMs = state && isOn ? lagOfRule(rule, state, timetable, look) : null;
  const lags = lagMs !== null && isLagging(lagMs, intervalOf(rule), false);
  return {
    tenant,
    rule: rule.id,
    state: refusal !== null ? 'refused' : isOn ? stateToShow(state, lags) : 'disabled',
    lagSeconds: lagMs === null ? null : Math.round(lagMs / 1000),
    nextRunAt: iso(isOn ? timetable.next(look.now) : null),
    loaded: loaded !== null && loaded.wholeHash === wholeRuleHash(rule),
    hash: rule.hash,
    loadedHash: loaded?.hash ?? null,
    ...rememberedOf(state),
    ...(refusal !== null && { error: { code: 'RULE_INVALID', message: refusal } }),
  };
}

function removedRow({ tenant, ruleId, hash }: LoadedRule, state: RuleState | null): RuleRow {
  const unknown = { lagSeconds: null, nextRunAt: null, loaded: false, hash: null, loadedHash: hash };
  return { tenant, rule: ruleId, state: 'removed', ...unknown, ...rememberedOf(state) };
}

function rememberedOf(
  state: RuleState | null,
): Pick<RuleRow, 'coveredTo' | 'lastRun' | 'failingSince' | 'failures' | 'error' | 'waiting'> {
  const { lastRun = null, lastError = null, failingSince = null, failures = 0, standing = 'ok' } = state ?? {};
  const times = lastRun && { startedAt: iso(lastRun.startedAt), endedAt: iso(lastRun.endedAt) };
  return {
    coveredTo: iso(state ? coveredTo(state) : null),
    lastRun: lastRun && { ...runDocument(lastRun), ...times },
    failingSince: iso(failingSince),
    failures,
    error: standing === 'ok' || standing === 'lagging' ? null : (lastError ?? lastRun?.error ?? null),
    waiting: state && waitingOf(state),
  };
}

function waitingOf({ ledger }: RuleState): RuleWaiting | null {
  const pending = ledger.filter(isPending);
  const [first] = pending;
  if (!first) return null;
  const from = Math.min(...pending.map((entry) => entry.from));
  const reason = pending.find((entry) => entry.reason !== null)?.reason ?? null;
  return { windows: pending.length, from: new Date(from).toISOString(), reason };
}

function lagOfRule(rule: Rule, state: RuleState, timetable: Timetable, { now, settings }: Look): number | null {
  const shape = ranWith(state)?.effectiveShape;
  if (!shape || state.frontier === null) return null;
  const delayMs = delayOf({ ...rule, effectiveShape: shape }, settings);
  return lagOf(oldestUnanswered(shape, state, timetable, delayMs), now);
}

/** Queries are not analyzed here: what closing runs ask for is known of a rule that ran. */
function timetableOfRule(rule: Rule, state: RuleState | null): Timetable {
  const ran = state && ranWith(state);
  return ran ? timetableOf({ ...rule, ...ran }) : createTimetable(rule.schedule, idInAlerts(rule));
}

function iso(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
