import { describe, expect, it } from '@jest/globals';
import { HuntwireError } from '../../src/lib/errors.ts';
import { DEFAULT_WINDOW_SETTINGS } from '../../src/run/windows.ts';
import { explainHistory } from '../../src/trial/explain/explain-history.ts';
import type { Bench } from '../run/bench.ts';
import { makeRule } from '../run/make-rule.ts';
import { EVENT, HOUR, MINUTE, T0 } from '../run/story.ts';
import { planted, setUp } from '../run/turn-bench.ts';

const rule = makeRule({}, { identity: EVENT });

const historyAt = ({ store, clock }: Bench, at: number, of = rule) =>
  explainHistory(of, { tenant: 'default', at, now: clock.now(), settings: DEFAULT_WINDOW_SETTINGS }, store);

const reads = (history: { readonly says: readonly string[] }): string => history.says.join('\n');

describe('what the state knows of a time', () => {
  it('is the run that looked, its query, its rows by reason, its alerts and what became of them', async () => {
    const { bench } = setUp([planted(1, T0 - 30 * MINUTE), planted(2, T0 - 20 * MINUTE)]);
    await bench.turn(rule);
    const entries = await bench.store.pending('soar', { now: T0, limit: 9, except: new Set(), ignoreBackoff: true });
    await bench.store.delivered([entries[0]?.id ?? 0], T0 + 1000);
    const history = await historyAt(bench, T0 - 30 * MINUTE);
    expect(history.runs).toMatchObject([
      { runId: 'run-1', outcome: 'ok', rows: 2, reasons: { new: 2 }, alerts: [{ revision: 0 }, { revision: 0 }] },
    ]);
    expect(history.runs[0]?.query).toMatch(/^\/\/ huntwire rule\n\(DeviceEvents \| where /);
    const states = history.runs[0]?.alerts.flatMap(({ deliveries }) =>
      deliveries.map(({ target, state }) => [target, state]),
    );
    expect(states).toEqual([
      ['soar', 'delivered'],
      ['soar', 'pending'],
    ]);
    expect(reads(history)).toContain('and got 2 rows: 2 new, and told.');
    expect(reads(history)).toMatch(/Alert [0-9a-f]{32} \(firing\): soar took it at 2026-\S+, with attempt 1\./);
    expect(reads(history)).toMatch(/Alert [0-9a-f]{32} \(firing\): it waits for soar\./);
  });

  it('is that rows came and were known, or that none made a hit', async () => {
    const { bench } = setUp([planted(1, T0 - 5 * MINUTE)]);
    await bench.turn(rule);
    await bench.clock.advance(HOUR);
    await bench.turn(rule);
    const known = await historyAt(bench, T0 - 5 * MINUTE);
    expect(known.runs.map(({ reasons }) => reasons)).toEqual([{ new: 1 }, { known: 1 }]);
    expect(reads(known)).toContain('got 1 row: 1 known from an earlier run.');
    expect(reads(known)).toContain('counted by reason and not kept');
  });

  it('is that a run failed, and that its window waits', async () => {
    const down = new HuntwireError('SOURCE_NETWORK', 'refused', { retryable: true });
    const { bench } = setUp([], () => down);
    await bench.turn(rule);
    const history = await historyAt(bench, T0 - 30 * MINUTE);
    expect(history.ledger).toMatchObject([{ outcome: 'pending', reason: 'refused' }]);
    expect(reads(history)).toContain('did not succeed (failed): SOURCE_NETWORK: refused.');
    expect(reads(history)).toContain('waits to be searched');
  });

  it('is that nothing has looked yet, and when it is due', async () => {
    const { bench } = setUp([]);
    await bench.turn(rule);
    const soon = await historyAt(bench, T0 - MINUTE);
    expect(soon.runs).toEqual([]);
    expect(reads(soon)).toContain('No run has looked at it yet: the rule was asked up to');
    expect(soon.dueAt).not.toBeNull();
    expect(reads(await historyAt(bench, T0 + HOUR))).toContain('That is still to come.');
  });

  it('is nothing of a rule that never ran, and says so of what is not kept any more', async () => {
    const { bench } = setUp([]);
    expect(reads(await historyAt(bench, T0))).toContain('knows nothing of this rule');
    await bench.turn(rule);
    const old = await historyAt(bench, T0 - 90 * 24 * HOUR);
    expect(reads(old)).toContain('is not kept any more');
    expect(reads(old)).toContain('runs are kept for 30 days');
  });

  it('of a snapshot is the runs that asked from then on', async () => {
    const none = { basis: 'none', tables: {}, keepFilters: 'never' } as const;
    const snapshot = makeRule({ effectiveShape: 'snapshot', lookbackMs: 0, window: none });
    const { bench } = setUp([]);
    await bench.turn(snapshot);
    const history = await historyAt(bench, T0 - HOUR, snapshot);
    expect(history.runs.map(({ window }) => window)).toEqual([null]);
    expect(reads(history)).toContain('asked without a window and got 0 rows');
  });
});
