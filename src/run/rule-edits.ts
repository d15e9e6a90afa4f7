import { isOfColumns, type KeyForm, keyFormOf, namesOfColumns } from '../alerts/collect/row-key.ts';
import type { Column } from '../kql/types.ts';
import type { RunnableRule } from '../rules/rule.ts';
import type { LedgerEntry, RuleState } from '../state/store.ts';
import { byStart, closedEntry, isPending, pendingEntry, resize } from './coverage/ledger.ts';
import { type Coverage, NO_COVERAGE } from './coverage.ts';
import { intervalOf } from './schedule.ts';
import { delayOf, type WindowSettings } from './windows.ts';

/** What of a rule its state was written under; kept as JSON in `RuleState.ruleTrait`. */
interface RuleTrait {
  readonly shape: RunnableRule['effectiveShape'];
  readonly lookbackMs: number;
  readonly by: readonly string[];
  readonly dedup: readonly string[] | null;
  readonly status: string;
  /** Of a rule that is switched off, up to where it is missed (epoch ms of its windows); absent: not known. */
  readonly onTo?: number;
  /** Quiet times opened before this L are over: the rule left testing since. */
  readonly quietFrom: number | null;
  /** What its keys are made of; absent in states of the first release. */
  readonly keys?: KeyForm;
  readonly oldKeys?: readonly OldForm[];
}

/** What keys were made of before, until `since`, the frontier of then. */
interface OldForm {
  readonly form: KeyForm;
  readonly since: number;
}

export interface EditedState {
  readonly coverage: Coverage;
  readonly trait: string;
  /** Hits whose newest event lies before this instant are duplicates of the rule as it was; null: no such change. */
  readonly changedAt: number | null;
  readonly quietFrom: number | null;
  /** Forms of keys under which rows may still be known. */
  readonly oldForms: readonly KeyForm[];
  /** The form that keys were last made in, with the columns of that result; null: not known. */
  readonly lastForm: KeyForm | null;
}

/** The shape and lookback that a rule ran with last, where its query is not at hand. null: it never ran. */
export function ranWith({ ruleTrait }: RuleState): Pick<RunnableRule, 'effectiveShape' | 'lookbackMs'> | null {
  if (!ruleTrait) return null;
  const { shape, lookbackMs } = JSON.parse(ruleTrait) as RuleTrait;
  return { effectiveShape: shape, lookbackMs };
}

/** Applies what has changed about a rule since its state was written. */
export function applyRuleEdits(
  rule: RunnableRule,
  state: RuleState | null,
  logicalTime: number,
  settings: WindowSettings,
): EditedState {
  const before = traitIn(state);
  const quietFrom =
    before?.status === 'testing' && rule.status === 'enabled' ? logicalTime : (before?.quietFrom ?? null);
  const now = traitOf(rule, quietFrom);
  const oldKeys = oldFormsOf(now, before, state?.frontier ?? logicalTime);
  const trait = JSON.stringify({ ...now, ...(oldKeys.length > 0 && { oldKeys }) });
  const oldForms = oldKeys.map(({ form }) => form);
  const lastForm = before?.keys?.resultColumns ? before.keys : null;
  if (!state || !before)
    return { coverage: state ?? NO_COVERAGE, trait, changedAt: null, quietFrom, oldForms, lastForm };
  const changed = rule.effectiveShape === 'set' && identityOf(before) !== identityOf(now);
  const changedAt = changed ? searchedTo(rule, state) : state.changedAt;
  const kept = rule.effectiveShape === 'set' ? waitingAs(rule, before, state) : state;
  const coverage =
    before.status === 'disabled' ? startAnew(rule, kept, { logicalTime, onTo: before.onTo ?? null }, settings) : kept;
  return { coverage, trait, changedAt, quietFrom, oldForms, lastForm };
}

/**
 * What waits of a set is an L: its window is as long as the rule's is now. What waits of a stream that became a set is searched by the
 * windows that the set has missed since.
 */
function waitingAs({ lookbackMs }: RunnableRule, { shape }: RuleTrait, state: RuleState): RuleState {
  const waiting = state.ledger.filter(isPending);
  if (waiting.length === 0) return state;
  if (shape !== 'set') {
    const ledger = state.ledger.filter((entry) => !isPending(entry));
    return { ...state, ledger, frontier: Math.min(...waiting.map(({ from }) => from)) };
  }
  const asNow = (entry: LedgerEntry): LedgerEntry =>
    isPending(entry) ? resize(entry, { from: entry.logicalTime - lookbackMs, to: entry.logicalTime }) : entry;
  return { ...state, ledger: state.ledger.map(asNow) };
}

/**
 * Up to where a set was searched: no window that waits has anything to tell before. What lies more than an interval before the end of
 * such a window was searched by the run before it; where the interval is not fixed, nothing of the window counts as searched.
 */
function searchedTo({ schedule }: RunnableRule, { frontier, ledger }: RuleState): number | null {
  const waiting = ledger.filter(isPending).map(({ from, to }) => {
    return schedule.kind === 'every' ? Math.max(from, to - schedule.everyMs) : from;
  });
  return frontier === null ? null : Math.min(frontier, ...waiting);
}

/** The change of a rule (epoch ms) where a window that begins at `from` reaches behind it; else null, also for a snapshot. */
export function changeBehind(changedAt: number | null, from: number | null): number | null {
  return changedAt !== null && from !== null && from < changedAt ? changedAt : null;
}

/** The state of a rule that is switched off at `now`, or null where it says so already or there is none. */
export function switchedOff(
  rule: RunnableRule,
  state: RuleState | null,
  now: number,
  settings: WindowSettings,
): RuleState | null {
  const before = traitIn(state);
  if (!state || !before || before.status === 'disabled') return null;
  const onTo = now - delayOf(rule, settings);
  return { ...state, ruleTrait: JSON.stringify({ ...before, status: rule.status, onTo }) };
}

/** The state of a rule that is switched on again at `now`, or null where it was not off: what comes from then on is searched, and swept. */
export function switchedOn(
  rule: RunnableRule,
  state: RuleState | null,
  now: number,
  settings: WindowSettings,
): RuleState | null {
  const before = traitIn(state);
  if (!state || before?.status !== 'disabled') return null;
  const { onTo = null, ...trait } = before;
  const { late: _, ...rest } = state;
  const coverage = startAnew(rule, rest, { logicalTime: now - delayOf(rule, settings), onTo }, settings);
  return { ...rest, ...coverage, ruleTrait: JSON.stringify({ ...trait, status: rule.status }) };
}

function traitIn(state: RuleState | null): RuleTrait | null {
  return state?.ruleTrait ? (JSON.parse(state.ruleTrait) as RuleTrait) : null;
}

/** Forms other than the present one, the latest of each. */
function oldFormsOf(now: RuleTrait, before: RuleTrait | null, frontier: number): readonly OldForm[] {
  if (!before) return [];
  const left = { form: before.keys ?? firstForm(before), since: frontier };
  const isNow = JSON.stringify(bare(left.form)) === JSON.stringify(now.keys);
  return latestOfEach([...(before.oldKeys ?? []), ...(isNow ? [] : [left])], now.keys);
}

function bare({ resultColumns: _, ...form }: KeyForm): KeyForm {
  return form;
}

function latestOfEach(forms: readonly OldForm[], present: KeyForm | undefined): readonly OldForm[] {
  const latest = new Map(forms.map((old) => [JSON.stringify(old.form), old]));
  latest.delete(JSON.stringify(present));
  return [...latest.values()];
}

/** Before forms were kept, a stream's key was that of its event, as it is now, or made of the whole row. */
function firstForm({ shape, by, dedup }: RuleTrait): KeyForm {
  if (shape === 'stream') return { kind: 'row' };
  return { kind: 'columns', columns: shape === 'set' && by.length > 0 ? by : (dedup ?? []) };
}

/**
 * The trait after an answer of these columns, at the frontier of before it: keys of another result may still be known, and forms whose
 * keys are all forgotten, now that those last returned before `forgetBefore` are, go.
 */
export function traitAfterAnswer(
  { trait, lastForm }: Pick<EditedState, 'trait' | 'lastForm'>,
  columns: readonly Column[],
  { frontier, forgetBefore }: { readonly frontier: number | null; readonly forgetBefore: number },
): string {
  const { oldKeys = [], keys, ...rest } = JSON.parse(trait) as RuleTrait;
  const present = columns.length > 0 && keys ? { ...keys, resultColumns: namesOfColumns(columns) } : (lastForm ?? keys);
  const left =
    lastForm && !isOfColumns(lastForm, columns) && frontier !== null ? [{ form: lastForm, since: frontier }] : [];
  const living = latestOfEach([...oldKeys, ...left], present).filter(({ since }) => since >= forgetBefore);
  return JSON.stringify({ ...rest, keys: present, ...(living.length > 0 && { oldKeys: living }) });
}

function traitOf(rule: RunnableRule, quietFrom: number | null): RuleTrait {
  const by = rule.prepared.identity.kind === 'columns' ? rule.prepared.identity.columns : [];
  return {
    shape: rule.effectiveShape,
    lookbackMs: rule.lookbackMs,
    by,
    dedup: rule.alert.dedupColumns,
    status: rule.status,
    quietFrom,
    keys: keyFormOf({
      shape: rule.effectiveShape,
      identity: rule.prepared.identity,
      dedupColumns: rule.alert.dedupColumns,
    }),
  };
}

function identityOf(trait: RuleTrait): string {
  return JSON.stringify([trait.shape, trait.lookbackMs, trait.by, trait.dedup]);
}

/**
 * Coverage after a pause: it starts at L - max(every, settle). What a stream has missed from before it was switched off waits; the rest
 * of what lies between is a ledger entry and no alert.
 */
function startAnew(
  rule: RunnableRule,
  coverage: Coverage,
  { logicalTime, onTo }: { readonly logicalTime: number; readonly onTo: number | null },
  settings: WindowSettings,
): Coverage {
  const start = logicalTime - Math.max(intervalOf(rule), settings.settleMs);
  const { frontier } = coverage;
  if (frontier === null || frontier >= start) return coverage;
  const on = rule.effectiveShape === 'stream' && onTo !== null ? Math.min(Math.max(onTo, frontier), start) : frontier;
  const left = [
    ...(on > frontier ? [pendingEntry({ from: frontier, to: on }, 0)] : []),
    ...(start > on ? [closedEntry({ from: on, to: start }, 'disabled', 'the rule was disabled')] : []),
  ];
  return { ...coverage, frontier: start, ledger: byStart([...coverage.ledger, ...left]) };
}
