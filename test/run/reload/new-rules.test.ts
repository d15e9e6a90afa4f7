import { describe, expect, it } from '@jest/globals';
import type { RunnableRule } from '../../../src/rules/rule.ts';
import { tellHealth } from '../../../src/run/tell-health.ts';
import type { Source } from '../../../src/sources/source.ts';
import { daemon } from '../daemon-bench.ts';
import { makeRule } from '../make-rule.ts';
import { plantedSource } from '../planted-source.ts';
import { COLUMNS, HOUR, MINUTE, T0 } from '../story.ts';

const QUARTER = 15 * MINUTE;

function every(id: string, minutes: number, over: Partial<RunnableRule> = {}): RunnableRule {
  const schedule = { kind: 'every', everyMs: minutes * MINUTE, lookbackMs: null } as const;
  return makeRule({ id, schedule, lookbackMs: minutes * MINUTE, ...over });
}

/** A source whose queries end when they are told to. */
function slowSource() {
  const open: (() => void)[] = [];
  const time = { now: () => T0 };
  const source = plantedSource({ columns: COLUMNS, rows: () => [], now: () => time.now() });
  const query: Source['query'] = async (request, sink) => {
    await new Promise<void>((resolve) => open.push(resolve));
    return source.query(request, sink);
  };
  return { query, time, finish: () => open.shift()?.() };
}

const callsOf = (calls: readonly { readonly rule: string }[], id: string) => calls.filter(({ rule }) => rule === id);

describe('rules that are others while they run', () => {
  it('leaves what was not changed as it was planned, begins what is new at once and ends what is gone', async () => {
    const { clock, calls, replace, end } = await daemon({ rules: [every('kept', 15), every('gone', 15)] });
    await clock.advance(2 * QUARTER);
    const before = callsOf(calls, 'kept').length;
    replace([every('kept', 15), every('new', 60)]);
    await clock.advance(1);
    expect(callsOf(calls, 'new')).toHaveLength(1);
    expect(callsOf(calls, 'kept')).toHaveLength(before);
    const gone = callsOf(calls, 'gone').length;
    await clock.advance(HOUR);
    expect(callsOf(calls, 'gone')).toHaveLength(gone);
    expect(callsOf(calls, 'kept')).toHaveLength(before + 4);
    await end();
  });

  it('goes by the new schedule', async () => {
    const { clock, calls, replace, end } = await daemon({ rules: [every('one', 60)] });
    await clock.advance(HOUR);
    replace([every('one', 5)]);
    await clock.advance(MINUTE);
    calls.length = 0;
    await clock.advance(HOUR);
    expect(calls).toHaveLength(12);
    await end();
  });

  it('writes a pause down as switched off, and tells nothing of it later', async () => {
    const { clock, bench, replace, end } = await daemon({ rules: [every('one', 15)] });
    await clock.advance(HOUR);
    replace([every('one', 15, { status: 'disabled' })]);
    await clock.advance(5 * HOUR);
    replace([every('one', 15)]);
    await clock.advance(HOUR);
    const state = await bench.store.ruleState('default', 'one');
    expect(state?.ledger.map(({ outcome }) => outcome)).toContain('disabled');
    expect(state?.ledger.filter(({ outcome }) => outcome === 'gap')).toEqual([]);
    await end();
  });

  it('resolves what was open of a rule that is gone', async () => {
    const failing: Source['query'] = async () => {
      throw new Error('no');
    };
    const { clock, bench, told, replace, end } = await daemon({ rules: [every('one', 15)], query: failing });
    await clock.advance(2 * HOUR);
    expect(told().at(-1)).toBe('rule-failing one firing');
    replace([every('two', 15, { status: 'disabled' })]);
    await clock.advance(1);
    expect(told().at(-1)).toBe('rule-failing one resolved');
    expect(bench.told.at(-1)?.description).toContain('it was deleted or renamed');
    await end();
  });

  it('resolves what was open of a rule that went while nobody knew the time, once it is known', async () => {
    const failing: Source['query'] = async () => {
      throw new Error('no');
    };
    const rules = [every('one', 15), every('kept', 15)];
    // What the login says of the time is not believed.
    const wish = { rules, query: failing, unknownTime: true, ahead: () => 24 * HOUR };
    const { clock, bench, told, replace, end } = await daemon(wish);
    const condition = { code: 'rule-failing', subject: 'one', message: 'no', again: false, rule: null } as const;
    await tellHealth(bench.tenant, [{ ...condition, firing: true }], bench.deps);
    replace([every('kept', 15)]);
    await clock.advance(MINUTE);
    const ofOne = () => told().filter((one) => one.includes(' one '));
    expect(ofOne()).toEqual(['rule-failing one firing']);
    bench.tenant.serviceClock.set(clock.now());
    await clock.advance(1);
    expect(ofOne()).toEqual(['rule-failing one firing', 'rule-failing one resolved']);
    await end();
  });
});

describe('a run that goes on meanwhile', () => {
  it('ends under its old rule and is followed by the new one, never beside it', async () => {
    const { query, time, finish } = slowSource();
    const { clock, bench, calls, replace, end } = await daemon({ rules: [every('one', 60)], query });
    time.now = clock.now;
    await clock.advance(1);
    replace([every('one', 60, { version: '2.0.0' })]);
    await clock.advance(MINUTE);
    expect(calls).toHaveLength(1);
    finish();
    await clock.advance(1);
    expect(bench.commits.filter(({ run }) => run.outcome === 'ok')).toHaveLength(1);
    await clock.advance(HOUR);
    finish();
    await clock.advance(1);
    const windows = bench.commits.filter(({ run }) => run.outcome === 'ok').map(({ run }) => run.logicalTime);
    expect(new Set(windows).size).toBe(windows.length);
    expect(windows).toHaveLength(2);
    await end();
  });

  it('is committed although its rule is gone, and its state then says that it is off', async () => {
    const { query, finish } = slowSource();
    const { clock, bench, replace, end } = await daemon({ rules: [every('one', 60)], query });
    await clock.advance(1);
    replace([every('one', 60, { status: 'disabled' })]);
    await clock.advance(MINUTE);
    expect(bench.commits).toEqual([]);
    finish();
    await clock.advance(1);
    expect(bench.commits.map(({ run }) => run.outcome)).toEqual(['ok', 'skipped']);
    const state = await bench.store.ruleState('default', 'one');
    expect(JSON.parse(state?.ruleTrait ?? '{}')).toMatchObject({ status: 'disabled' });
    await end();
  });

  it('leaves its state to the new name of its rule', async () => {
    const { query, time, finish } = slowSource();
    const { clock, bench, replace, end } = await daemon({ rules: [every('old', 60)], query });
    time.now = clock.now;
    await clock.advance(1);
    replace([every('new', 60, { previousIds: ['old'] })]);
    await clock.advance(MINUTE);
    expect(await bench.store.ruleState('default', 'new')).toBeNull();
    finish();
    await clock.advance(1);
    const [first] = bench.commits;
    expect((await bench.store.ruleState('default', 'new'))?.frontier).toBe(first?.rule.frontier);
    expect(await bench.store.ruleState('default', 'old')).toBeNull();
    await end();
  });
});
