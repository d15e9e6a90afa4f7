import { describe, expect, it } from '@jest/globals';
import type { RunnableRule } from '../../src/rules/rule.ts';
import { NO_COVERAGE } from '../../src/run/coverage.ts';
import { applyRuleEdits, ranWith, switchedOff, switchedOn, traitAfterAnswer } from '../../src/run/rule-edits.ts';
import { DEFAULT_WINDOW_SETTINGS } from '../../src/run/windows.ts';
import type { LedgerEntry, RuleState } from '../../src/state/store.ts';
import { SAMPLE_STATE } from '../state/samples.ts';
import { groupRule } from './group-bench.ts';
import { makeRule } from './make-rule.ts';
import { DAY, EVENT, HOUR, MINUTE, T0 } from './story.ts';

const DELAY = 2 * MINUTE;
const SETTLE = 10 * MINUTE;
const settings = DEFAULT_WINDOW_SETTINGS;
const stream = makeRule({}, { identity: EVENT });
const set = groupRule();
const EVENT_FORM = { kind: 'event', columns: EVENT.columns, fanOut: [] } as const;
const column = (name: string) => ({ name, type: 'string' }) as const;

/** The state that a rule leaves which ran at T0. */
function stateOf(rule: RunnableRule, over: Partial<RuleState> = {}): RuleState {
  const { trait } = applyRuleEdits(rule, null, T0, settings);
  return { ...SAMPLE_STATE, lastRun: null, frontier: T0, ruleTrait: trait, ...over };
}

const edit = (rule: RunnableRule, state: RuleState | null) => applyRuleEdits(rule, state, T0 + HOUR, settings);
const traitOf = (state: RuleState | null) => JSON.parse(state?.ruleTrait ?? 'null');
const pending = (from: number, to: number): LedgerEntry => ({
  id: `${from}-${to}`,
  from,
  to,
  logicalTime: to,
  attempts: 0,
  outcome: 'pending',
  reason: null,
});

/** Switched off at the start and on again at the end; the ledger's entries as `[from, to, outcome]`. */
function pause(rule: RunnableRule, { offAt, onAt, frontier = T0 }: { offAt: number; onAt: number; frontier?: number }) {
  const off = switchedOff({ ...rule, status: 'disabled' }, stateOf(rule, { frontier }), offAt, settings);
  const on = switchedOn(rule, off, onAt, settings);
  return { off, on, ledger: on?.ledger.map(({ from, to, outcome }) => [from - T0, to - T0, outcome]) };
}

describe('what a rule ran with', () => {
  it('is in its state, and nowhere before it ran', () => {
    expect(ranWith(stateOf(set))).toEqual({ effectiveShape: 'set', lookbackMs: 4 * HOUR });
    expect(ranWith(stateOf(stream))).toEqual({ effectiveShape: 'stream', lookbackMs: HOUR });
    expect([ranWith(stateOf(set, { ruleTrait: null })), ranWith(stateOf(set, { ruleTrait: '' }))]).toEqual([
      null,
      null,
    ]);
  });
});

describe('a rule that was not edited', () => {
  it('goes on from its state, and begins with none', () => {
    expect(edit(set, null)).toMatchObject({
      coverage: NO_COVERAGE,
      changedAt: null,
      quietFrom: null,
      oldForms: [],
      lastForm: null,
    });
    const state = stateOf(set, { ledger: [pending(T0 - 4 * HOUR, T0)], changedAt: T0 - DAY });
    expect(edit(set, state)).toMatchObject({ coverage: state, changedAt: T0 - DAY, oldForms: [] });
    expect(edit(set, { ...state, ruleTrait: null })).toMatchObject({
      coverage: { frontier: T0, ledger: state.ledger },
      changedAt: null,
    });
  });

  it('keeps the change that was, also where it is a stream', () => {
    expect(edit(stream, stateOf(stream, { changedAt: T0 - DAY })).changedAt).toBe(T0 - DAY);
    const longer = makeRule({ lookbackMs: 2 * HOUR }, { identity: EVENT });
    expect(edit(longer, stateOf(stream)).changedAt).toBeNull();
  });
});

describe('a set that was edited', () => {
  it.each<[string, RunnableRule]>([
    ['lookback', groupRule({ lookbackMs: 5 * HOUR })],
    ['dedup columns', groupRule({ alert: { ...set.alert, dedupColumns: ['DeviceName'] } })],
    [
      'by-columns',
      makeRule(
        { effectiveShape: 'set', lookbackMs: 4 * HOUR },
        { shape: 'set', identity: { kind: 'columns', columns: ['DeviceName'] } },
      ),
    ],
  ])('in its %s counts as changed at the end of its coverage', (_, rule) => {
    expect(edit(rule, stateOf(set)).changedAt).toBe(T0);
    expect(edit(rule, stateOf(set, { frontier: null })).changedAt).toBeNull();
  });

  it('otherwise does not', () => {
    expect(edit(groupRule({ severity: 'high', status: 'testing' }), stateOf(set)).changedAt).toBeNull();
  });

  it('with a cron counts nothing of what waits as searched, and with an interval all but the last one', () => {
    const ledger = [pending(T0 - 5 * HOUR, T0 - HOUR), pending(T0 - 30 * MINUTE, T0)];
    const longer = { lookbackMs: 8 * HOUR };
    const cron = { kind: 'cron', cron: '0 * * * *', timezone: 'UTC', lookbackMs: null } as const;
    expect(edit(groupRule(longer), stateOf(set, { ledger })).changedAt).toBe(T0 - 2 * HOUR);
    expect(edit(groupRule({ ...longer, schedule: cron }), stateOf(set, { ledger })).changedAt).toBe(T0 - 5 * HOUR);
    const short = [pending(T0 - 30 * MINUTE, T0)];
    expect(edit(groupRule(longer), stateOf(set, { ledger: short })).changedAt).toBe(T0 - 30 * MINUTE);
  });
});

describe('quiet times', () => {
  it('are over where a rule leaves testing, and stay so; any other change of its status ends none', () => {
    const testing = makeRule({ status: 'testing' }, { identity: EVENT });
    const left = edit(stream, stateOf(testing));
    expect(left.quietFrom).toBe(T0 + HOUR);
    const later = stateOf(stream, { ruleTrait: left.trait });
    expect(edit(stream, later).quietFrom).toBe(T0 + HOUR);
    expect(edit(testing, later).quietFrom).toBe(T0 + HOUR);
    expect(edit(testing, stateOf(stream)).quietFrom).toBeNull();
    expect(edit(testing, stateOf(testing)).quietFrom).toBeNull();
    expect(edit(stream, stateOf(stream)).quietFrom).toBeNull();
  });
});

describe('what keys are made of', () => {
  const byRow = makeRule();
  const at = (rule: RunnableRule, state: RuleState | null) => edit(rule, state).oldForms;

  it('is remembered where it changes, one of each, and the present one is no old one', () => {
    const toRow = edit(byRow, stateOf(stream));
    expect(toRow.oldForms).toEqual([EVENT_FORM]);
    expect(traitOf(stateOf(byRow, { ruleTrait: toRow.trait })).oldKeys).toEqual([{ form: EVENT_FORM, since: T0 }]);
    const back = edit(stream, stateOf(byRow, { ruleTrait: toRow.trait, frontier: null }));
    expect(back.oldForms).toEqual([{ kind: 'row' }]);
    expect(JSON.parse(back.trait).oldKeys).toEqual([{ form: { kind: 'row' }, since: T0 + HOUR }]);
    const again = edit(byRow, stateOf(stream, { ruleTrait: back.trait, frontier: T0 + DAY }));
    expect(again.oldForms).toEqual([EVENT_FORM]);
    expect(JSON.parse(again.trait).oldKeys).toEqual([{ form: EVENT_FORM, since: T0 + DAY }]);
    expect(JSON.parse(edit(stream, stateOf(stream)).trait)).not.toHaveProperty('oldKeys');
  });

  it('was the event, the row, the by-columns or the dedup columns before it was remembered', () => {
    const bare = (rule: RunnableRule): RuleState => {
      const { keys: _, ...trait } = traitOf(stateOf(rule));
      return stateOf(rule, { ruleTrait: JSON.stringify(trait) });
    };
    expect(at(stream, bare(stream))).toEqual([{ kind: 'row' }]);
    expect(at(byRow, bare(byRow))).toEqual([]);
    expect(at(set, bare(set))).toEqual([]);
    const byDedup = makeRule({ effectiveShape: 'set', alert: { ...set.alert, dedupColumns: ['X'] } });
    expect(at(set, bare(byDedup))).toEqual([{ kind: 'columns', columns: ['X'] }]);
    expect(at(set, bare(makeRule({ effectiveShape: 'set' })))).toEqual([{ kind: 'columns', columns: [] }]);
  });

  it('is known with the columns of the last result once there was one', () => {
    expect(edit(stream, stateOf(stream)).lastForm).toBeNull();
    const answered = traitAfterAnswer(edit(stream, stateOf(stream)), [column('B'), column('A')], {
      frontier: T0,
      forgetBefore: 0,
    });
    const after = edit(stream, stateOf(stream, { ruleTrait: answered }));
    expect(after.lastForm).toEqual({ ...EVENT_FORM, resultColumns: ['A', 'B'] });
    expect(after.oldForms).toEqual([]);
  });
});

describe('the trait after an answer', () => {
  const before = edit(stream, stateOf(stream));
  const times = { frontier: T0, forgetBefore: T0 - DAY };
  const first = traitAfterAnswer(before, [column('A')], times);
  const known = edit(stream, stateOf(stream, { ruleTrait: first }));

  it('remembers the columns of the result, and those of the last where they were others', () => {
    expect(JSON.parse(first)).toMatchObject({ keys: { resultColumns: ['A'] }, shape: 'stream' });
    expect(JSON.parse(first)).not.toHaveProperty('oldKeys');
    const other = JSON.parse(traitAfterAnswer(known, [column('B')], times));
    expect(other.keys.resultColumns).toEqual(['B']);
    expect(other.oldKeys).toEqual([{ form: { ...EVENT_FORM, resultColumns: ['A'] }, since: T0 }]);
    const same = JSON.parse(traitAfterAnswer(known, [column('A')], times));
    expect(same).not.toHaveProperty('oldKeys');
    const unrun = JSON.parse(traitAfterAnswer(known, [column('B')], { ...times, frontier: null }));
    expect(unrun).not.toHaveProperty('oldKeys');
  });

  it('keeps the last columns where an answer had none', () => {
    expect(JSON.parse(traitAfterAnswer(known, [], times)).keys.resultColumns).toEqual(['A']);
    expect(JSON.parse(traitAfterAnswer(before, [], times)).keys).toEqual(EVENT_FORM);
  });

  it('forgets forms whose keys are all forgotten', () => {
    const other = traitAfterAnswer(known, [column('B')], times);
    const later = edit(stream, stateOf(stream, { ruleTrait: other }));
    const oldAt = (forgetBefore: number) =>
      JSON.parse(traitAfterAnswer(later, [column('B')], { frontier: T0 + HOUR, forgetBefore })).oldKeys;
    expect(oldAt(T0)).toHaveLength(1);
    expect(oldAt(T0 + 1)).toBeUndefined();
  });
});

describe('a rule that is switched off', () => {
  it('is written down once, with how far it was missed', () => {
    const state = stateOf(stream);
    const { off } = pause(stream, { offAt: T0 + HOUR, onAt: T0 + DAY });
    expect(traitOf(off)).toMatchObject({ status: 'disabled', onTo: T0 + HOUR - DELAY });
    expect(off).toMatchObject({ frontier: T0, ledger: [] });
    expect(switchedOff(stream, off, T0 + DAY, settings)).toBeNull();
    expect(switchedOff(stream, null, T0, settings)).toBeNull();
    expect(switchedOff(stream, { ...state, ruleTrait: null }, T0, settings)).toBeNull();
    expect(switchedOn(stream, state, T0, settings)).toBeNull();
    expect(switchedOn(stream, null, T0, settings)).toBeNull();
    expect(switchedOn(stream, { ...state, ruleTrait: null }, T0, settings)).toBeNull();
  });

  it('begins an interval before it is on again: what a stream missed while it was on waits, the rest is an entry', () => {
    const { on, ledger } = pause(stream, { offAt: T0 + 2 * HOUR, onAt: T0 + DAY });
    expect(ledger).toEqual([
      [0, 2 * HOUR - DELAY, 'pending'],
      [2 * HOUR - DELAY, DAY - HOUR - DELAY, 'disabled'],
    ]);
    expect(on?.frontier).toBe(T0 + DAY - HOUR - DELAY);
    expect(on?.ledger[1]?.reason).toBe('the rule was disabled');
    expect(traitOf(on)).toMatchObject({ status: 'enabled' });
    expect(traitOf(on)).not.toHaveProperty('onTo');
  });

  it('of a set is an entry as a whole', () => {
    expect(pause(set, { offAt: T0 + 2 * HOUR, onAt: T0 + DAY }).ledger).toEqual([[0, DAY - HOUR - DELAY, 'disabled']]);
  });

  it('before it had missed anything leaves nothing to wait', () => {
    const offEarly = pause(stream, { offAt: T0 + DELAY, onAt: T0 + DAY });
    expect(offEarly.ledger).toEqual([[0, DAY - HOUR - DELAY, 'disabled']]);
    expect(pause(stream, { offAt: T0 - HOUR, onAt: T0 + DAY }).ledger).toEqual(offEarly.ledger);
  });

  it('for less than it looks back again has missed nothing', () => {
    const short = pause(stream, { offAt: T0 + MINUTE, onAt: T0 + HOUR + DELAY });
    expect(short).toMatchObject({ ledger: [], on: { frontier: T0 } });
    expect(pause(stream, { offAt: T0 + MINUTE, onAt: T0 + HOUR + DELAY + 1 })).toMatchObject({
      ledger: [[0, 1, 'disabled']],
      on: { frontier: T0 + 1 },
    });
    const late = pause(stream, { offAt: T0 + DAY, onAt: T0 + 25 * HOUR });
    expect(late.ledger).toEqual([[0, DAY - DELAY, 'pending']]);
  });

  it('keeps what its ledger had', () => {
    const gap = { ...pending(T0 - 9 * HOUR, T0 - 8 * HOUR), outcome: 'gap' } as const;
    const off = switchedOff(stream, stateOf(stream, { ledger: [gap] }), T0, settings);
    const on =
      off &&
      switchedOn(
        stream,
        { ...off, ruleTrait: JSON.stringify({ ...traitOf(off), status: 'disabled' }) },
        T0 + DAY,
        settings,
      );
    expect(on?.ledger[0]).toEqual(gap);
    expect(on?.ledger.at(-1)?.outcome).toBe('disabled');
  });

  it('looks back by the settle time where its interval is shorter', () => {
    const quick = makeRule({ schedule: { kind: 'every', everyMs: MINUTE, lookbackMs: null } }, { identity: EVENT });
    expect(pause(quick, { offAt: T0, onAt: T0 + DAY }).on?.frontier).toBe(T0 + DAY - SETTLE - DELAY);
  });

  it('is covered by the same rules where only its turn finds it on again', () => {
    const { off } = pause(stream, { offAt: T0 + 2 * HOUR, onAt: T0 + DAY });
    if (!off) throw new Error('it is off');
    const { coverage } = applyRuleEdits(stream, off, T0 + DAY - DELAY, settings);
    expect(coverage.ledger.map(({ outcome }) => outcome)).toEqual(['pending', 'disabled']);
    const { onTo: _, ...older } = traitOf(off);
    const unknown = applyRuleEdits(stream, { ...off, ruleTrait: JSON.stringify(older) }, T0 + DAY - DELAY, settings);
    expect(unknown.coverage.ledger.map(({ outcome }) => outcome)).toEqual(['disabled']);
    expect(edit(stream, stateOf(stream, { frontier: null })).coverage.ledger).toEqual([]);
  });
});
