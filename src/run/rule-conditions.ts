import { formatDuration, MINUTE_MS } from '../lib/duration.ts';
import type { HuntwireError } from '../lib/errors.ts';
import type { LedgerEntry, RuleState } from '../state/store.ts';
import { isTruncated } from './ask.ts';
import { gapsOfAge, gapsToTell, isGrowing, type LedgerChange } from './coverage/growing-gap.ts';
import type { VoidCoverage } from './coverage/void-ahead.ts';
import type { Condition } from './health.ts';
import { classOf } from './outcome.ts';
import type { WindowAnswer } from './query-window.ts';
import { isRefusedLogin } from './refused-login.ts';

export interface ConditionInput {
  readonly ruleId: string;
  readonly tenant: string;
  readonly answer: WindowAnswer;
  /** How the rule stood before this run; null where it never ran. */
  readonly before: Pick<RuleState, 'standing'> | null;
  /** What this run or its plan found that is not searched, nor will be. */
  readonly gaps: readonly LedgerEntry[];
  /** The ledger that they stand in. */
  readonly ledger: LedgerChange;
  /** The one of the rule's sweeps, or in a sweep the one of its windows. */
  readonly otherLedger: readonly LedgerEntry[];
  /** Whether the run swept up late arrivals: of the rule's windows it says nothing. */
  readonly isSweep: boolean;
  /** Whether what was asked is a part of a stream's window that had failed by itself. */
  readonly ofPart: boolean;
  /** Whether parts of earlier windows that could not be asked wait still. */
  readonly partsWait: boolean;
  /** Whether what the rule's schedule leaves out is meant, and so not told. */
  readonly pausesAccepted: boolean;
  /** Our clock minus the service's; null where no answer has told it. */
  readonly skewMs: number | null;
  readonly voided: VoidCoverage | null;
}

const LARGEST_SKEW_MS = MINUTE_MS;
/** Ranges of time that one message names. */
const MOST_LISTED = 10;

/** The health conditions that one run speaks of. A throttled run says nothing of its rule. */
export function conditionsOf(input: ConditionInput): readonly Condition[] {
  if (input.isSweep)
    return [
      ...gapConditions(input),
      ...answerConditions(input),
      ...voidConditions(input),
      ...skewConditions(input),
    ].filter(({ firing: holds, code }) => holds || code === 'clock-skew');
  return [
    ...ruleConditions(input),
    ...gapConditions(input),
    ...answerConditions(input),
    ...voidConditions(input),
    ...skewConditions(input),
  ];
}

function ruleConditions(input: ConditionInput): readonly Condition[] {
  const { answer, ruleId, ofPart } = input;
  if (answer.kind === 'answered') {
    const message = 'The rule runs again.';
    return [over('rule-failing', ruleId, message), over('rule-blocked', ruleId, message)];
  }
  // The tenant's login is told of the tenant, once.
  if (isRefusedLogin(answer.error)) return [];
  const { standing } = classOf(answer.error);
  if (standing === 'blocked') {
    const message = `The rule cannot run until this is fixed: ${sentence(answer.error)} Its windows stay pending; it is tried again at each scheduled time, at most hourly.`;
    return [over('rule-failing', ruleId, 'The rule is blocked now.'), firing('rule-blocked', ruleId, message)];
  }
  // A part of a window that fails by itself is told as what the answer lacks: the rule's other windows are answered.
  if (ofPart && answer.counts) return [];
  if (standing !== 'failing' || (answer.error.retryable && isFirst(input))) return [];
  return [
    firing(
      'rule-failing',
      ruleId,
      `A run failed: ${sentence(answer.error)} Its window stays pending and will be asked again.`,
    ),
  ];
}

/** A failure that may pass is a condition only when the next try failed too; the desk tells it where none comes for an interval. */
function isFirst({ before }: ConditionInput): boolean {
  return before?.standing !== 'failing';
}

function gapConditions(input: ConditionInput): readonly Condition[] {
  const lost = lostCondition(input);
  if (lost) return [lost];
  const ledgers = [input.ledger.after, input.otherLedger];
  if (!isComplete(input.answer) || ledgers.some(isGrowing)) return [];
  const message = 'No further time range was lost; the ones told before remain unsearched';
  return [over('gap', input.ruleId, `${message}${listOf(ledgers.flatMap(gapsOfAge))}.`)];
}

/** A gap may have grown since it was told. */
function listOf(gaps: readonly LedgerEntry[]): string {
  const list = gaps.slice(-MOST_LISTED).map(({ from, to }) => `${iso(from)} to ${iso(to)}`);
  return list.length === 0 ? '' : `, of what the source no longer keeps: ${list.join('; ')}`;
}

type LostInput = Pick<ConditionInput, 'gaps' | 'ledger' | 'pausesAccepted' | 'ruleId' | 'isSweep'>;

/**
 * What is not searched, nor will be; null: nothing that is told. A gap is news each time (one that
 * grows, each hour). What the schedule leaves out comes again and
 * again: it is told once for as long as it does.
 */
export function lostCondition({ gaps, ledger, pausesAccepted, ruleId, isSweep }: LostInput): Condition | null {
  const lost = gapsToTell(gaps, ledger).filter(
    ({ outcome }) => outcome === 'gap' || (outcome === 'unscheduled' && !pausesAccepted),
  );
  if (lost.length === 0) return null;
  const again = lost.some(({ outcome }) => outcome === 'gap');
  const list = lost.slice(0, MOST_LISTED).map((gap) => `${iso(gap.from)} to ${iso(gap.to)} (${gap.reason})`);
  const more = lost.length > MOST_LISTED ? ` and ${lost.length - MOST_LISTED} more` : '';
  const what = isSweep ? 'Not swept for rows that arrived late' : 'Not searched';
  return { ...firing('gap', ruleId, `${what}, and not tried again: ${list.join('; ')}${more}.`), again };
}

function answerConditions({ answer, ruleId, partsWait }: ConditionInput): readonly Condition[] {
  if (answer.kind === 'failed') return [];
  const { asked, collected } = answer;
  const unknown = collected.warnings.find((warning) => warning.kind === 'exception-column');
  const exception = unknown
    ? firing('exception-column', ruleId, unknown.message)
    : over('exception-column', ruleId, 'All exceptions name columns of the result.');
  if (isComplete(answer))
    return partsWait ? [exception] : [over('truncated', ruleId, 'The answer is complete again.'), exception];
  const why = asked.cutShort
    ? 'the API returned exactly its limit of rows'
    : `parts of the window could not be asked (${asked.reason})`;
  return [
    firing(
      'truncated',
      ruleId,
      `The answer is not complete: ${why}. What came was told. Narrow the query or shorten its lookback.`,
    ),
    exception,
  ];
}

function voidConditions({ answer, voided, ruleId }: ConditionInput): readonly Condition[] {
  if (!voided)
    return answer.kind === 'answered' ? [over('coverage-void', ruleId, 'No coverage lies ahead any more.')] : [];
  const found =
    voided.to > voided.at
      ? `The rule seemed to be covered to ${iso(voided.to)}, which lies ahead of ${iso(voided.at)}: a clock was wrong when it ran.`
      : `The rule was asked for windows up to ${iso(voided.to)} before they were over: a clock was ahead when it ran.`;
  const message = `${found} What lies behind ${iso(voided.from)} is void and is searched again.`;
  return [{ ...firing('coverage-void', ruleId, message), again: true }];
}

function skewConditions({ tenant, skewMs }: ConditionInput): readonly Condition[] {
  if (skewMs === null) return [];
  if (Math.abs(skewMs) <= LARGEST_SKEW_MS)
    return [over('clock-skew', tenant, "This machine's clock agrees with the service's again.")];
  const side = skewMs > 0 ? 'ahead of' : 'behind';
  const by = formatDuration(Math.abs(skewMs));
  const message = `This machine's clock is ${by} ${side} the service's. Windows follow the service's clock; check time synchronization.`;
  return [firing('clock-skew', tenant, message)];
}

function isComplete(answer: WindowAnswer): boolean {
  return answer.kind === 'answered' && !isTruncated(answer.asked);
}

function firing(code: Condition['code'], subject: string, message: string): Condition {
  return { code, subject, firing: true, message, again: false };
}

function over(code: Condition['code'], subject: string, message: string): Condition {
  return { code, subject, firing: false, message, again: false };
}

function sentence(error: HuntwireError): string {
  const text = error.message.trim();
  return `${error.code}: ${/[.!?]$/.test(text) ? text : `${text}.`}`;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
