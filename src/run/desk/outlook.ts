import { formatDuration, SECOND_MS } from '../../lib/duration.ts';
import { toHuntwireError } from '../../lib/errors.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import type { HealthRecord } from '../../state/outbox-store.ts';
import type { RuleState } from '../../state/store.ts';
import { knownTime } from '../clock/known-time.ts';
import { isLagging, lagOf, oldestUnanswered } from '../lag.ts';
import { isRefusedLogin, type LatestFailure, loginCondition } from '../refused-login.ts';
import { intervalOf } from '../schedule.ts';
import { type OwnCondition, tellHealth } from '../tell-health.ts';
import type { Turn } from '../turn.ts';
import { delayOf } from '../windows.ts';
import type { Desk, RuleOutlook } from './desk.ts';

/** With more lagging rules than this the tenant is told once, until there are no more than half as many. */
const MOST_SINGLY = 10;

/** How a rule stands, before its first turn and after each. A rule that never ran waits for the time at which it was first due. */
export function noteOutlook(
  { tenant, outlooks, deps }: Pick<Desk, 'tenant' | 'outlooks' | 'deps'>,
  { rule, timetable }: Pick<Turn, 'rule' | 'timetable'>,
  state: Omit<RuleState, 'lastRun'> | null,
  firstDue: number | null,
): void {
  const before = outlooks.get(rule.id);
  const delayMs = delayOf(rule, deps.settings);
  const unanswered =
    state && state.frontier !== null
      ? oldestUnanswered(rule.effectiveShape, state, timetable, delayMs)
      : (before?.unanswered ?? firstDue);
  const { standing = 'ok', failingSince = null, lastError = null } = state ?? {};
  const keptTo = before && !isKept(standing) ? before.keptTo : deps.clock.monotonic();
  const failingFrom = failingFromOf({ tenant, deps }, { standing, failingSince }, before);
  outlooks.set(rule.id, { rule, unanswered, keptTo, standing, failingFrom, lastError });
}

/** A run that failed just now may have begun long ago, and what was throttled before it did not fail. */
function failingFromOf(
  { tenant, deps }: Pick<Desk, 'tenant' | 'deps'>,
  { standing, failingSince }: Pick<RuleState, 'standing' | 'failingSince'>,
  before: RuleOutlook | undefined,
): number | null {
  if (standing !== 'failing' || failingSince === null) return null;
  const now = deps.clock.monotonic();
  if (before) return before.failingFrom ?? now;
  return now - Math.max(0, knownTime(tenant.serviceClock) - failingSince);
}

/** Blocked and failing rules are told as such. */
function isKept(standing: RuleOutlook['standing']): boolean {
  return standing === 'blocked' || standing === 'failing';
}

/** Tells which rules lag, and which have failed for longer than an interval without another try. Never rejects. */
export async function tellOutlook(desk: Desk): Promise<void> {
  const { tenant, deps } = desk;
  const now = knownTime(tenant.serviceClock);
  if (!desk.wasLate && !isAnyLate(desk, now)) return;
  try {
    const open = (await deps.store.openHealth()).filter((record) => record.tenant === tenant.name);
    const login = loginCondition(tenant.name, failuresOf(desk));
    const conditions = [...lagConditions(desk, open, now), ...failingConditions(desk), login];
    await tellHealth(tenant, conditions, deps);
    desk.wasLate = conditions.some(({ firing }) => firing) || open.some(({ code }) => isAboutMany(code));
  } catch (thrown) {
    const { code, message } = toHuntwireError(thrown);
    deps.log.warn('what lags could not be told', { tenant: tenant.name, code, reason: message });
  }
}

/** Where nothing is late and nothing was told, the store need not be asked what was. */
function isAnyLate(desk: Desk, now: number): boolean {
  const nothingTold = laggingRules(desk, new Set(), false, now);
  return nothingTold.length > 0 || failingConditions(desk).length > 0 || failuresOf(desk).some(isRefusedLogin);
}

function failuresOf({ outlooks }: Desk): readonly (LatestFailure | null)[] {
  return [...outlooks.values()].map(({ standing, lastError }) => (standing === 'failing' ? lastError : null));
}

/** Told here, and over only here. */
function isAboutMany(code: HealthRecord['code']): boolean {
  return code === 'rule-lagging' || code === 'tenant-lagging' || code === 'login-refused';
}

interface Lagging {
  readonly rule: RunnableRule;
  readonly lagMs: number;
}

function lagConditions(desk: Desk, open: readonly HealthRecord[], now: number): OwnCondition[] {
  const { tenant, outlooks } = desk;
  const told = new Set(open.filter(({ code }) => code === 'rule-lagging').map(({ subject }) => subject));
  const wasMany = open.some(({ code }) => code === 'tenant-lagging');
  const lagging = laggingRules(desk, told, wasMany, now);
  const isMany = lagging.length > (wasMany ? MOST_SINGLY / 2 : MOST_SINGLY);
  const singly = isMany ? [] : lagging;
  const late = new Set(singly.map(({ rule }) => rule.id));
  const over = [...told].filter((id) => !late.has(id));
  return [
    condition('tenant-lagging', tenant.name, isMany, isMany ? manyMessage(lagging) : 'Few rules or none lag.', null),
    ...singly.map(({ rule, lagMs }) => condition('rule-lagging', rule.id, true, lagMessage(lagMs), rule)),
    ...over.map((id) => {
      const message = isMany
        ? 'Many rules lag; they are told in one alert of the tenant.'
        : 'The rule has caught up, or does not wait for its turn any more.';
      return condition('rule-lagging', id, false, message, outlooks.get(id)?.rule ?? null);
    }),
  ];
}

/**
 * Behind longest comes first. What was missed while something else than the quota kept a rule from running is caught up with; whether the
 * quota has room for that shows afterwards.
 */
function laggingRules({ outlooks, deps }: Desk, told: ReadonlySet<string>, wasMany: boolean, now: number): Lagging[] {
  return [...outlooks.values()]
    .filter(({ standing }) => !isKept(standing))
    .filter(({ rule, unanswered, keptTo }) => {
      const before = wasMany || told.has(rule.id);
      const lagMs = lagOf(unanswered, now);
      const ownMs = before ? lagMs : Math.min(lagMs, deps.clock.monotonic() - keptTo);
      return isLagging(ownMs, intervalOf(rule), before);
    })
    .map(({ rule, unanswered }) => ({ rule, lagMs: lagOf(unanswered, now) }))
    .sort((a, b) => b.lagMs - a.lagMs);
}

function lagMessage(lagMs: number): string {
  return `The rule is ${inSeconds(lagMs)} behind its schedule: the quota has no room for all rules. Nothing is lost; its windows wait. Run rules less often, or join rules over the same table: "huntwire doctor" tells what each costs.`;
}

function manyMessage(lagging: readonly Lagging[]): string {
  const worst = lagging.slice(0, MOST_SINGLY).map(({ rule, lagMs }) => `${rule.id} (${inSeconds(lagMs)})`);
  return `${lagging.length} rules are behind their schedules: the quota has no room for all. Furthest behind: ${worst.join(', ')}. Nothing is lost; their windows wait. Run rules less often: "huntwire doctor" tells what each costs.`;
}

function inSeconds(ms: number): string {
  return formatDuration(Math.round(ms / SECOND_MS) * SECOND_MS);
}

/** A failure that may pass was not told when it came; by now the rule should have been tried again. */
function failingConditions({ outlooks, deps }: Desk): OwnCondition[] {
  const now = deps.clock.monotonic();
  return [...outlooks.values()].flatMap(({ rule, failingFrom, lastError }) => {
    if (failingFrom === null || isRefusedLogin(lastError) || now - failingFrom < intervalOf(rule)) return [];
    const message = `A run failed and was not tried again for an interval: ${lastError?.code}: ${lastError?.message} Its window stays pending.`;
    return [condition('rule-failing', rule.id, true, message, rule)];
  });
}

function condition(
  code: OwnCondition['code'],
  subject: string,
  firing: boolean,
  message: string,
  rule: RunnableRule | null,
): OwnCondition {
  return { code, subject, firing, message, again: false, rule };
}
