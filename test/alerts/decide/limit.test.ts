import { describe, expect, it } from '@jest/globals';
import { SUPPRESSION_REASONS } from '../../../src/alerts/alert.ts';
import { applyLimit, type HitsOfKey, mergeByDedupKey, overflowOf, rankHits } from '../../../src/alerts/decide/limit.ts';
import {
  countHeldBack,
  heldBack,
  isQuiet,
  openQuiet,
  type QuietBook,
  quietMs,
} from '../../../src/alerts/decide/quiet-time.ts';
import type { Hit } from '../../../src/alerts/hit.ts';
import type { QuietMemory } from '../../../src/alerts/memory.ts';
import { collect, decideOn, eventRow, HOUR, makeRule, NOON } from '../samples.ts';

const hit = (key: string, changes: Partial<Hit> = {}): Hit => ({
  per: 'row',
  key,
  dedupKey: key,
  rowKeys: [],
  rows: [],
  rowCount: 1,
  rowsCut: false,
  severity: 'low',
  firstSeen: null,
  lastSeen: null,
  ...changes,
});

const keysOf = (merged: readonly HitsOfKey[]) => merged.map((hits) => hits.map(({ key }) => key));
const alone = (...hits: readonly Hit[]): HitsOfKey[] => hits.map((one) => [one]);

describe('hits of one dedup key', () => {
  const [early, late] = ['2026-01-01T10:00:00Z', '2026-01-01T10:00:00.5Z'];

  it('are headed by the oldest event, then by the least key; one without a time comes last', () => {
    const hits = [
      hit('a', { firstSeen: null }),
      hit('b', { firstSeen: late }),
      hit('d', { firstSeen: early }),
      hit('c', { firstSeen: early }),
      hit('A', { firstSeen: null }),
    ].map((one) => ({ ...one, dedupKey: 'x' }));
    for (const given of [hits, [...hits].reverse()])
      expect(keysOf(mergeByDedupKey(given))).toEqual([['c', 'd', 'b', 'A', 'a']]);
  });

  it('go by the key alone where they are no rows', () => {
    const hits = [hit('b', { firstSeen: early }), hit('a', { firstSeen: late })].map((one) => ({
      ...one,
      per: 'group' as const,
      dedupKey: 'x',
    }));
    expect(keysOf(mergeByDedupKey(hits))).toEqual([['a', 'b']]);
  });

  it('stay apart from those of others, in the order in which they came', () => {
    const hits = [hit('b'), hit('a'), hit('c', { dedupKey: 'b' })];
    expect(keysOf(mergeByDedupKey(hits))).toEqual([['b', 'c'], ['a']]);
  });
});

describe('the order of alerts', () => {
  it('is severity, then the newest event, then the key', () => {
    const merged: HitsOfKey[] = [
      ...alone(
        hit('d'),
        hit('c', { lastSeen: '2026-01-01T10:00:00Z' }),
        hit('b', { lastSeen: '2026-01-01T10:00:00.1Z' }),
      ),
      [hit('x'), hit('e', { severity: 'critical' })],
      ...alone(hit('f', { severity: 'high', lastSeen: '2026-01-01T09:00:00Z' }), hit('a')),
      [hit('g', { lastSeen: '2026-01-01T08:00:00Z' }), hit('h', { lastSeen: '2026-01-01T11:00:00Z' })],
    ];
    expect(rankHits(merged).map(([first]) => first.key)).toEqual(['x', 'f', 'g', 'b', 'c', 'a', 'd']);
    expect(rankHits([...merged].reverse()).map(([first]) => first.key)).toEqual(['x', 'f', 'g', 'b', 'c', 'a', 'd']);
  });
});

describe('the limit', () => {
  const ordered = alone(hit('a'), hit('b'), hit('c'));

  it.each([
    { limit: 4, told: 3, rest: 0 },
    { limit: 3, told: 3, rest: 0 },
    { limit: 2, told: 1, rest: 2 },
    { limit: 1, told: 0, rest: 3 },
    { limit: 0, told: 0, rest: 3 },
  ])('of $limit tells $told of three', ({ limit, told, rest }) => {
    const split = applyLimit(ordered, limit);
    expect([split.told.length, split.rest.length]).toEqual([told, rest]);
    expect([...split.told, ...split.rest]).toEqual(ordered);
  });

  it('leaves one overflow with the keys of most hits first', () => {
    const rest: HitsOfKey[] = [[hit('b')], [hit('c'), hit('d')], [hit('a')]];
    expect(overflowOf(rest, 7, true)).toEqual({
      hits: rest.flat(),
      atLeast: true,
      byKey: [
        { key: 'c', hits: 2 },
        { key: 'a', hits: 1 },
        { key: 'b', hits: 1 },
      ],
      toldAlerts: 7,
    });
    expect(overflowOf([], 7, true)).toBeNull();
  });
});

describe('quiet times', () => {
  const rule = makeRule({ alert: { suppressMs: HOUR } });
  const memory = (changes: Partial<QuietMemory> = {}): QuietMemory => ({
    dedupKey: 'k',
    openedAt: NOON,
    openedBefore: [],
    held: { quiet: 3 },
    ...changes,
  });
  const bookOf = (known: QuietMemory | null, changes: Partial<QuietBook['input']> = {}): QuietBook => ({
    input: {
      rule,
      collected: collect(rule, []),
      known: new Map(),
      quiet: new Map(known ? [[known.dedupKey, known]] : []),
      logicalTime: NOON,
      window: null,
      reachesBackTo: null,
      changedAt: null,
      truncated: false,
      ...changes,
    },
    changes: new Map(),
    excepted: new Map(),
  });

  it.each([
    { at: -1, quiet: false },
    { at: 0, quiet: true },
    { at: HOUR - 1, quiet: true },
    { at: HOUR, quiet: false },
  ])('hold from the alert on until they are over: $at', ({ at, quiet }) => {
    const changes = { logicalTime: NOON + at };
    expect(isQuiet(bookOf(memory(), changes).input, hit('k'))).toBe(quiet);
    const earlier = memory({ openedAt: NOON + 9 * HOUR, openedBefore: [NOON] });
    expect(isQuiet(bookOf(earlier, changes).input, hit('k'))).toBe(quiet);
    expect(isQuiet(bookOf(null, changes).input, hit('k'))).toBe(false);
  });

  it('are the lookback of groups and runs of sets where the rule says nothing', () => {
    const set = makeRule({ effectiveShape: 'set', lookbackMs: 2 * HOUR });
    expect((['row', 'group', 'run'] as const).map((per) => quietMs(set, per))).toEqual([0, 2 * HOUR, 2 * HOUR]);
    expect((['row', 'group', 'run'] as const).map((per) => quietMs(makeRule(), per))).toEqual([0, 0, 0]);
    expect(quietMs(rule, 'row')).toBe(HOUR);
    expect(quietMs(makeRule({ ...set, alert: { suppressMs: 0 } }), 'run')).toBe(0);
  });

  it('count what they hold back, under keys that an alert has opened', () => {
    const book = bookOf(memory());
    expect(heldBack(book, 'k')).toEqual({ quiet: 3 });
    for (const key of ['k', 'k', 'unknown']) countHeldBack(book, key, 'silenced');
    countHeldBack(book, 'k', 'quiet');
    expect([heldBack(book, 'k'), heldBack(book, 'unknown')]).toEqual([{ quiet: 4, silenced: 2 }, {}]);
    expect([...book.changes.values()]).toEqual([memory({ held: { quiet: 4, silenced: 2 } })]);
  });

  it('begin anew with an alert, and keep the openings that a window to come may fall into', () => {
    const opened = (known: QuietMemory | null, changes: Partial<QuietBook['input']> = {}) => {
      const book = bookOf(known, changes);
      openQuiet(book, hit('k'));
      return book.changes.get('k');
    };
    expect(opened(null)).toEqual(memory({ held: {} }));
    const before = memory({ openedAt: NOON - HOUR, openedBefore: [NOON - 2 * HOUR, NOON - 1.5 * HOUR] });
    expect(opened(before)).toEqual(memory({ held: {} }));
    expect(opened(before, { reachesBackTo: NOON - HOUR })).toEqual(
      memory({ held: {}, openedBefore: [NOON - 1.5 * HOUR, NOON - HOUR] }),
    );
    const later = memory({ openedAt: NOON + HOUR });
    expect(opened(later)).toEqual(memory({ openedAt: NOON + HOUR, openedBefore: [NOON], held: {} }));
  });

  it('leave no record where there are none, but for sets and for keys that have one', () => {
    const opened = (known: QuietMemory | null, effectiveShape: 'stream' | 'set') => {
      const book = bookOf(known, { rule: makeRule({ effectiveShape }) });
      openQuiet(book, hit('k'));
      return book.changes.size;
    };
    expect([opened(null, 'stream'), opened(null, 'set'), opened(memory(), 'stream')]).toEqual([0, 1, 1]);
  });
});

describe('the counts of a run', () => {
  it('add up to its hits and its rows', () => {
    const rule = makeRule({
      alert: { limit: 2, dedupColumns: ['FileName'] },
      exceptions: [{ where: { DeviceName: ['lab'] }, reason: 'r', owner: 'o', expires: NOON + HOUR }],
    });
    const row = eventRow({ FileName: 'a' });
    const rows = [row, row, eventRow({ FileName: 'b' }), eventRow({ FileName: 'c' }), eventRow({ DeviceName: 'lab' })];
    const known = eventRow({ FileName: 'd' });
    const first = decideOn(rule, collect(rule, [known]));
    const decision = decideOn(rule, collect(rule, [...rows, known]), {
      known: new Map(first.keys.map((one) => [one.key, one])),
    });
    expect(decision).toMatchObject({
      hits: 5,
      toldHits: 1,
      suppressed: { duplicate: 1, quiet: 0, silenced: 0, excepted: 1, maintenance: 0, overflow: 2 },
      reasons: { new: 1, limit: 2, known: 1, excepted: 1 },
    });
    expect(Object.keys(decision.suppressed)).toEqual([...SUPPRESSION_REASONS]);
    expect(Object.values(decision.rowReasons).reduce((sum, count) => sum + count, 0)).toBe(6);
    expect(decision.rowReasons).toMatchObject({ known: 1, excepted: 1 });
  });

  it('tell rows below the threshold, and nothing that did not occur', () => {
    const rule = makeRule({ threshold: { groupBy: ['DeviceId'], operator: '>=', value: 2 } });
    const decision = decideOn(rule, collect(rule, [eventRow(), eventRow(), eventRow({ DeviceId: 'd2' })]));
    expect(decision.reasons).toEqual({ new: 1 });
    expect(decision.rowReasons).toEqual({ new: 2, threshold: 1 });
    const { suppressMs } = rule.alert;
    expect([decision.suppressed.quiet, suppressMs]).toEqual([0, null]);
  });
});
