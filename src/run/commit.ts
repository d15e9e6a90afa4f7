import { type Alert, SUPPRESSION_REASONS, type SuppressedCounts } from '../alerts/alert.ts';
import type { Decision } from '../alerts/decide/decision.ts';
import type { HiddenCount } from '../alerts/silences.ts';
import { DAY_MS } from '../lib/duration.ts';
import type { HuntwireError } from '../lib/errors.ts';
import type { RunnableRule } from '../rules/rule.ts';
import type { RunRecord } from '../state/run-record.ts';
import type { Commit, Leap, RuleState } from '../state/store.ts';
import { isTruncated } from './ask.ts';
import { backfillAfter } from './backfill/close-backfill.ts';
import { knownTime } from './clock/known-time.ts';
import { closeRun, ledgersAround } from './coverage/close-run.ts';
import { firstTimeAfter } from './coverage/first-time.ts';
import { isPending } from './coverage/ledger.ts';
import { isFailedPart } from './coverage/slices.ts';
import { leapsAfter } from './coverage/void-ahead.ts';
import type { Coverage, WindowOutcome } from './coverage.ts';
import { reachesBackTo } from './decide-hits.ts';
import type { FiringNews } from './firing/firing-of-run.ts';
import { toldBy } from './firing/messages.ts';
import { healthOf } from './health.ts';
import { classOf } from './outcome.ts';
import type { WindowAnswer } from './query-window.ts';
import { conditionsOf } from './rule-conditions.ts';
import { changeBehind, traitAfterAnswer } from './rule-edits.ts';
import type { RunInput } from './run-input.ts';
import { type HushedNews, hushNews, silencesFor } from './silences/hush.ts';
import { lateAfter } from './sweep/late-after.ts';
import type { RunDeps } from './tenant.ts';

export interface CommitInput {
  readonly input: RunInput;
  readonly answer: WindowAnswer;
  readonly decision: Decision | null;
  readonly alerts: readonly Alert[];
  /** What earlier runs have told, followed by this one. */
  readonly firing: FiringNews;
  readonly startedAt: number;
}

/** As long as the services keep rows. */
const LONG_KEY_LIFE_MS = 30 * DAY_MS;

/** All that one run leaves behind, as one transaction. */
export async function commitOf(from: CommitInput, deps: RunDeps): Promise<Commit> {
  const { input, answer, decision } = from;
  const { tenant, rule, edited } = input;
  const time = knownTime(tenant.serviceClock);
  const outcome = windowOutcome(answer, time);
  const closed = closeRun(input, outcome, deps.settings);
  const coverage = input.sweep ? edited.coverage : closed.coverage;
  const late = lateAfter(input, closed.coverage);
  const backfill = backfillAfter(input, outcome);
  const health = await healthNews(from, closed, time, deps);
  const { ruleTrait, forgotten } = memoryAfter(from, coverage, deps.settings.latenessMs);
  return {
    fence: deps.store.fence,
    tenant: tenant.name,
    ruleId: rule.id,
    rule: { ...ruleStateOf(from, coverage, time), ruleTrait, ...(late && { late }), ...(backfill && { backfill }) },
    keys: decision?.keys ?? [],
    forgetBefore: forgotten,
    ...toldBy({ ...from, rule }, health, deps),
    quiet: from.firing.quiet,
    firing: from.firing.changes,
    health: health.changes,
    hidden: [...hiddenOf(from), ...health.hidden],
    run: recordOf(from, time),
    ...(answer.query && { query: answer.query }),
  };
}

/** What the run says of the rule's health, less what is silent. */
async function healthNews(
  { input, answer }: CommitInput,
  { coverage, gaps }: ReturnType<typeof closeRun>,
  time: number,
  deps: RunDeps,
): Promise<HushedNews> {
  const { tenant, rule } = input;
  const open = await deps.store.openHealth();
  const news = healthOf({
    tenant: tenant.name,
    rule,
    runId: input.runId,
    source: tenant.source.api,
    time,
    open,
    conditions: conditionsOf({
      ruleId: rule.id,
      tenant: tenant.name,
      answer,
      before: input.state,
      pausesAccepted: rule.schedule.pauses === 'accepted',
      gaps: [...input.gaps, ...gaps],
      ...ledgersAround(input, coverage),
      isSweep: input.sweep !== undefined || input.backfill !== undefined,
      ofPart: isFailedPart(input.rule.effectiveShape, input.planned),
      partsWait:
        rule.effectiveShape === 'stream' && coverage.ledger.some((entry) => isPending(entry) && entry.reason !== null),
      skewMs: tenant.serviceClock.skewMs(),
      voided: input.voided,
    }),
  });
  return hushNews(news, open, await silencesFor(news, deps));
}

function hiddenOf({ input, decision }: CommitInput): readonly HiddenCount[] {
  const about = { tenant: input.tenant.name, ruleId: input.rule.id };
  return (decision?.hidden ?? []).map((hits) => ({ ...hits, ...about }));
}

function windowOutcome(answer: WindowAnswer, time: number): WindowOutcome {
  if (answer.kind === 'failed')
    return { kind: 'failed', counts: answer.counts, at: time, reason: describe(answer.error) };
  const { asked } = answer;
  if (!isTruncated(asked)) return { kind: 'covered', sliceMs: asked.sliceMs };
  const reason = asked.reason ?? 'the answer held as many rows as the API returns at most';
  const { cutShort, missing, sliceMs } = asked;
  return { kind: 'truncated', cutShort, missing, at: time, reason, sliceMs };
}

/** The change is remembered until no window reaches back behind it any more: until then old hits keep coming back. */
function changedAfter(input: RunInput): number | null {
  return changeBehind(input.edited.changedAt, reachesBackTo(input));
}

/** What the rule remembers of its keys, and which of them are forgotten; only an answer says something of either. */
function memoryAfter(
  { input, answer }: CommitInput,
  coverage: Coverage,
  latenessMs: number,
): { readonly ruleTrait: string; readonly forgotten: number | null } {
  const { rule, edited, state } = input;
  if (answer.kind === 'failed') return { ruleTrait: edited.trait, forgotten: null };
  const forgotten = forgetBefore(rule, coverage, steadyTime(input), latenessMs);
  const times = { frontier: state?.frontier ?? null, forgetBefore: forgotten };
  return { ruleTrait: traitAfterAnswer(edited, answer.columns, times), forgotten };
}

function ruleStateOf(
  { input, answer }: CommitInput,
  coverage: Coverage,
  time: number,
): Omit<RuleState, 'lastRun' | 'ruleTrait' | 'late' | 'backfill'> {
  const { state, edited } = input;
  const { frontier, ledger, sliceMs } = coverage;
  const leaps = leapsOf(input, frontier);
  const kept = { frontier, ledger, sliceMs, ...(leaps.length > 0 && { leaps }), ...firstTimeAfter(input, frontier) };
  if (state && saysNothingOfRule(input, answer)) {
    const { standing, failingSince, failures, lastError } = state;
    return { ...kept, changedAt: edited.changedAt, standing, failingSince, failures, lastError };
  }
  if (answer.kind === 'answered') {
    return {
      ...kept,
      changedAt: changedAfter(input),
      standing: 'ok',
      failingSince: null,
      failures: 0,
      lastError: null,
    };
  }
  const { standing } = classOf(answer.error);
  return {
    ...kept,
    changedAt: edited.changedAt,
    standing,
    failingSince: state?.failingSince ?? time,
    failures: (state?.failures ?? 0) + 1,
    lastError: { code: answer.error.code, message: describe(answer.error) },
  };
}

/** How its windows fare that are due says how a rule stands: neither a sweep, a backfill nor a part of one that fails by itself. */
function saysNothingOfRule({ sweep, backfill, rule, planned }: RunInput, answer: WindowAnswer): boolean {
  if (sweep || backfill) return true;
  return answer.kind === 'failed' && answer.counts && isFailedPart(rule.effectiveShape, planned);
}

/**
 * Keys live until they have not been returned for max(lookback, oldest pending window) + lateness + 1 d, and 30 d at least, because a rule
 * may be edited to look back so far, and would tell again what it has forgotten.
 */
function forgetBefore(rule: RunnableRule, coverage: Coverage, logicalTime: number, latenessMs: number): number {
  const oldest = Math.min(logicalTime, ...coverage.ledger.filter(isPending).map((entry) => entry.from));
  const life = Math.max(rule.lookbackMs, logicalTime - oldest) + latenessMs + DAY_MS;
  return logicalTime - Math.max(life, LONG_KEY_LIFE_MS);
}

/** A leap of the frontier may be a clock's fault, which is found later: for a week keys live as if it had not been. */
const LEAP_DOUBT_MS = 7 * DAY_MS;

/** What is void makes the frontier leap when it is searched again, which is no clock's fault. */
function leapsOf({ rule, state, voided }: RunInput, frontier: number | null): readonly Leap[] {
  if (!state) return [];
  return voided ? (state.leaps ?? []) : leapsAfter(rule, state, frontier);
}

function steadyTime(input: RunInput): number {
  const { logicalTime } = input.planned;
  const leaps = leapsOf(input, input.edited.coverage.frontier);
  return Math.min(logicalTime, ...leaps.filter(({ to }) => logicalTime - to < LEAP_DOUBT_MS).map(({ from }) => from));
}

function recordOf({ input, answer, decision, startedAt }: CommitInput, endedAt: number): RunRecord {
  const error = answer.kind === 'failed' ? answer.error : null;
  return {
    runId: input.runId,
    tenant: input.tenant.name,
    ruleId: input.rule.id,
    api: input.tenant.source.api,
    window: input.planned.asked,
    lane: input.planned.lane,
    logicalTime: input.planned.logicalTime,
    startedAt,
    endedAt,
    outcome: error ? classOf(error).outcome : 'ok',
    error: error && { code: error.code, message: describe(error) },
    calls: answer.calls,
    rows: answer.kind === 'answered' ? answer.asked.rows : 0,
    hits: decision?.hits ?? 0,
    toldHits: decision?.toldHits ?? 0,
    alerts: decision ? decision.told.length + (decision.overflow ? 1 : 0) : 0,
    suppressed: decision?.suppressed ?? NOTHING_SUPPRESSED,
    reasons: decision?.reasons ?? {},
    rowReasons: decision?.rowReasons ?? {},
    ...exceptionsOf(answer),
    truncated: answer.kind === 'answered' && isTruncated(answer.asked),
    ...(answer.query && { query: answer.query.hash }),
    ...(answer.kind === 'answered' && answer.asked.slices && { slices: answer.asked.slices }),
  };
}

function exceptionsOf(answer: WindowAnswer): Pick<RunRecord, 'exceptions'> {
  if (answer.kind === 'failed' || answer.collected.excepted.rows === 0) return {};
  return { exceptions: answer.collected.excepted.by };
}

export const NOTHING_SUPPRESSED = Object.fromEntries(
  SUPPRESSION_REASONS.map((reason) => [reason, 0]),
) as SuppressedCounts;

const LONGEST_MESSAGE = 1000;

function describe(error: HuntwireError): string {
  return error.message.slice(0, LONGEST_MESSAGE);
}
