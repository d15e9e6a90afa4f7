import { describe, expect, it } from '@jest/globals';
import type { DecideInput, Outcome } from '../../../src/alerts/decide/decision.ts';
import { recordKeys } from '../../../src/alerts/decide/key-records.ts';
import { duplicateReason } from '../../../src/alerts/decide/newness.ts';
import { withOldForms } from '../../../src/alerts/decide/old-forms.ts';
import { withoutRetold } from '../../../src/alerts/decide/retold.ts';
import type { Collected, Hit } from '../../../src/alerts/hit.ts';
import type { KeyMemory, KeyState } from '../../../src/alerts/memory.ts';
import { DAY_MS } from '../../../src/lib/duration.ts';
import { collect, HOUR, makeRule, NOON } from '../samples.ts';

const TEN = '2026-01-01T10:00:00Z';
const ELEVEN = '2026-01-01T11:00:00Z';
const SET = makeRule({ effectiveShape: 'set' });
const STREAM = makeRule();

const memoryOf = (changes: Partial<KeyMemory> = {}): KeyMemory => ({
  key: 'k',
  state: 'told',
  toldTo: null,
  toldBefore: [],
  heldTo: null,
  heldNewest: null,
  heldBefore: [],
  lastReturned: 5,
  ...changes,
});

const hitOf = (newest: string | null = null, key = 'k'): Hit => ({
  per: 'row',
  key,
  dedupKey: key,
  rowKeys: [{ key, newest }],
  rows: [],
  rowCount: 1,
  rowsCut: false,
  severity: 'high',
  firstSeen: newest,
  lastSeen: newest,
});

const NOTHING: Collected = collect(STREAM, []);

const inputOf = (known: readonly KeyMemory[], changes: Partial<DecideInput> = {}): DecideInput => ({
  rule: SET,
  collected: NOTHING,
  known: new Map(known.map((one) => [one.key, one])),
  quiet: new Map(),
  logicalTime: NOON,
  window: { from: NOON - HOUR, to: NOON },
  reachesBackTo: null,
  changedAt: null,
  truncated: false,
  ...changes,
});

const outcomeOf = (state: KeyState, newest: string | null = null): Outcome => ({
  hit: hitOf(newest),
  state,
  because: 'new',
});

const recorded = (input: DecideInput, state: KeyState, newest: string | null = null) =>
  recordKeys(input, [outcomeOf(state, newest)])[0];

describe('the record of a row that was never seen', () => {
  it.each<KeyState>(['excepted', 'quiet', 'silenced', 'maintenance'])(
    'of a set and held back as %s keeps the window and its newest event',
    (state) => {
      expect(recorded(inputOf([]), state, TEN)).toEqual(
        memoryOf({ state, heldTo: NOON, heldNewest: TEN, lastReturned: NOON }),
      );
    },
  );

  it.each<KeyState>(['testing', 'duplicate'])('of a set and %s keeps neither', (state) => {
    expect(recorded(inputOf([]), state, TEN)).toEqual(memoryOf({ state, lastReturned: NOON }));
  });

  it.each<KeyState>(['told', 'overflow'])('of a set and %s keeps the window that told it', (state) => {
    expect(recorded(inputOf([]), state, TEN)).toEqual(memoryOf({ state, toldTo: NOON, lastReturned: NOON }));
  });

  it('of a stream keeps nothing of what held it back', () => {
    expect(recorded(inputOf([], { rule: STREAM }), 'quiet', TEN)).toEqual(
      memoryOf({ state: 'quiet', lastReturned: NOON }),
    );
  });

  it('of a snapshot goes by the time of the run', () => {
    const rule = makeRule({ effectiveShape: 'snapshot' });
    expect(recorded(inputOf([], { rule, window: null, logicalTime: NOON + 7 }), 'told')).toMatchObject({
      toldTo: NOON + 7,
    });
  });
});

describe('the record of a row that is known', () => {
  it.each<[KeyState, KeyState, KeyState]>([
    ['told', 'quiet', 'told'],
    ['told', 'testing', 'told'],
    ['told', 'duplicate', 'told'],
    ['quiet', 'duplicate', 'quiet'],
    ['quiet', 'excepted', 'quiet'],
    ['quiet', 'silenced', 'silenced'],
    ['excepted', 'testing', 'testing'],
    ['testing', 'told', 'told'],
    ['told', 'overflow', 'overflow'],
    ['quiet', 'overflow', 'overflow'],
  ])('that was %s and is %s now says %s', (before, now, expected) => {
    expect(recorded(inputOf([memoryOf({ state: before })]), now)?.state).toBe(expected);
  });

  it('and held back again moves on and never back', () => {
    const known = [memoryOf({ state: 'quiet', heldTo: NOON - HOUR, heldNewest: TEN })];
    expect(recorded(inputOf(known), 'quiet', ELEVEN)).toMatchObject({ heldTo: NOON, heldNewest: ELEVEN });
    const later = [memoryOf({ state: 'quiet', heldTo: NOON + HOUR, heldNewest: ELEVEN })];
    expect(recorded(inputOf(later), 'quiet', TEN)).toMatchObject({ heldTo: NOON + HOUR, heldNewest: ELEVEN });
  });

  it('of a set remembers each window that told it and that one to come, or a backfill, may overlap', () => {
    const known = [memoryOf({ toldTo: NOON - HOUR, toldBefore: [NOON - 3 * HOUR, NOON - 2 * HOUR] })];
    const told = recorded(inputOf(known, { reachesBackTo: NOON - 2 * HOUR }), 'told');
    expect(told).toMatchObject({ toldTo: NOON, toldBefore: [NOON - 3 * HOUR, NOON - 2 * HOUR, NOON - HOUR] });
    const ends = Array.from({ length: 250 }, (_, index) => NOON - (260 - index) * HOUR);
    const many = [memoryOf({ toldTo: NOON - HOUR, toldBefore: [NOON - 33 * 24 * HOUR, ...ends] })];
    expect(recorded(inputOf(many), 'told')?.toldBefore).toEqual([...ends.slice(-199), NOON - HOUR]);
    const waiting = inputOf(many, { reachesBackTo: NOON - 250 * HOUR });
    expect(recorded(waiting, 'told')?.toldBefore).toEqual([...ends.slice(11), NOON - HOUR]);
    const old = [memoryOf({ toldTo: NOON - 31 * 24 * HOUR, toldBefore: [NOON - 33 * 24 * HOUR] })];
    expect(recorded(inputOf(old), 'told')?.toldBefore).toEqual([NOON - 31 * 24 * HOUR]);
    const madeUp = inputOf([memoryOf({ toldTo: NOON + HOUR })], { reachesBackTo: NOON - HOUR });
    expect(recorded(madeUp, 'told')).toMatchObject({ toldTo: NOON + HOUR, toldBefore: [NOON] });
  });

  it('of a stream remembers the latest only', () => {
    const known = [memoryOf({ toldTo: NOON - HOUR, toldBefore: [NOON - 2 * HOUR] })];
    const input = inputOf(known, { rule: STREAM, reachesBackTo: NOON - 9 * HOUR });
    expect(recorded(input, 'told')).toMatchObject({ toldTo: NOON, toldBefore: [] });
  });

  it('is not older for an old window that is made up for', () => {
    const known = [memoryOf({ lastReturned: NOON + HOUR })];
    expect(recorded(inputOf(known), 'duplicate')).toEqual(known[0]);
  });
});

describe('a hit of a set', () => {
  const reason = (known: readonly KeyMemory[], hit: Hit, changes: Partial<DecideInput> = {}) =>
    duplicateReason(inputOf(known, changes), hit);

  it.each([
    { toldTo: NOON - HOUR, is: null },
    { toldTo: NOON - HOUR + 1, is: 'overlap' },
    { toldTo: NOON + HOUR - 1, is: 'overlap' },
    { toldTo: NOON + HOUR, is: null },
  ])('is known while a window that told it overlaps: $toldTo', ({ toldTo, is }) => {
    expect(reason([memoryOf({ toldTo })], hitOf())).toBe(is);
    expect(reason([memoryOf({ toldBefore: [toldTo] })], hitOf())).toBe(is);
  });

  it.each([
    { name: 'nothing newer', newest: TEN, is: 'held' },
    { name: 'something newer', newest: ELEVEN, is: null },
  ])('is held back as before with $name', ({ newest, is }) => {
    expect(reason([memoryOf({ heldTo: NOON, heldNewest: TEN })], hitOf(newest))).toBe(is);
  });

  it('is held by each window that held it, however many came behind, and what is told again forgets those that it meets', () => {
    const rule = makeRule({ effectiveShape: 'set', lookbackMs: HOUR });
    const at = (to: number) => ({ rule, window: { from: to - HOUR, to }, logicalTime: to });
    let memory = memoryOf({ state: 'quiet', toldTo: null, toldBefore: [] });
    for (const hours of [1, 3, 4, 2]) {
      const known = new Map([[memory.key, memory]]);
      const [record] = recordKeys({ ...inputOf([memory]), ...at(NOON + hours * HOUR), known }, [
        { hit: hitOf(TEN), state: 'quiet', because: 'quiet' },
      ]);
      memory = record ?? memory;
    }
    const held = [1, 2, 3, 4].map((hours) => reason([memory], hitOf(TEN), at(NOON + hours * HOUR)));
    expect(held).toEqual(['held', 'held', 'held', 'held']);
    expect(reason([memory], hitOf(ELEVEN), at(NOON + HOUR))).toBeNull();
    expect(reason([memory], hitOf(TEN), at(NOON))).toBeNull();
    const window = { isSet: true, from: NOON + HOUR, end: NOON + 2 * HOUR };
    const again = withoutRetold(new Map([[memory.key, memory]]), new Set(['quiet']), window).get(memory.key);
    const after = [1, 2, 3].map((hours) => reason(again ? [again] : [], hitOf(TEN), at(NOON + hours * HOUR)));
    expect(after).toEqual(['held', null, 'held']);
  });

  it('held by windows that overlap is one entry', () => {
    const rule = makeRule({ effectiveShape: 'set', lookbackMs: 4 * HOUR });
    let memory = memoryOf({ state: 'excepted', toldTo: null, toldBefore: [] });
    for (let hours = 1; hours <= 9; hours += 1) {
      const to = NOON + hours * HOUR;
      const input = { ...inputOf([memory]), rule, window: { from: to - 4 * HOUR, to }, logicalTime: to };
      memory = recordKeys(input, [{ hit: hitOf(TEN), state: 'quiet', because: 'quiet' }])[0] ?? memory;
    }
    expect(memory.heldBefore).toEqual([{ from: NOON - 3 * HOUR, to: NOON + 8 * HOUR, newest: TEN }]);
  });

  it('that tells no time is held back for a day', () => {
    const rule = makeRule({ effectiveShape: 'set', lookbackMs: 3 * DAY_MS });
    const window = { from: NOON - 3 * DAY_MS, to: NOON };
    const heldAgo = (ms: number, heldNewest: string | null, newest: string | null) =>
      reason([memoryOf({ heldTo: NOON - ms, heldNewest })], hitOf(newest), { rule, window });
    expect(heldAgo(DAY_MS - 1, null, null)).toBe('held');
    expect(heldAgo(DAY_MS, null, null)).toBeNull();
    expect(heldAgo(DAY_MS, TEN, null)).toBeNull();
    expect(heldAgo(DAY_MS - 1, null, TEN)).toBe('held');
  });

  it('is held only where a window that held it overlaps, and never without a window', () => {
    expect(reason([memoryOf({ heldTo: NOON - HOUR, heldNewest: TEN })], hitOf(TEN))).toBeNull();
    expect(reason([memoryOf({ heldTo: NOON, heldNewest: TEN })], hitOf(TEN), { window: null })).toBe('overlap');
  });

  it('of several rows is known when each is told or held back', () => {
    const both = {
      ...hitOf(TEN),
      rowKeys: [
        { key: 'k', newest: TEN },
        { key: 'l', newest: TEN },
      ],
    };
    const told = memoryOf({ toldTo: NOON });
    const held = memoryOf({ key: 'l', heldTo: NOON, heldNewest: TEN });
    expect(reason([told, held], both)).toBe('held');
    expect(reason([told], both)).toBeNull();
    expect(reason([told, memoryOf({ key: 'l', toldTo: NOON })], both)).toBe('overlap');
    expect(reason([told], { ...both, rowKeys: [] })).toBeNull();
  });

  it('of a changed rule is known by its newest event, else by what was recorded before', () => {
    const changedAt = Date.parse(ELEVEN);
    expect(reason([], hitOf(TEN), { changedAt })).toBe('changed');
    expect(reason([], hitOf(ELEVEN), { changedAt })).toBeNull();
    expect(reason([], hitOf(null), { changedAt })).toBeNull();
    expect(reason([], { ...hitOf(null), rowKeys: [] }, { changedAt })).toBeNull();
    for (const changes of [
      { toldTo: changedAt },
      { toldBefore: [changedAt], toldTo: NOON - HOUR },
      { heldTo: changedAt },
    ]) {
      const window = { from: NOON, to: NOON + HOUR };
      expect(reason([memoryOf(changes)], hitOf(null), { changedAt, window })).toBe('changed');
    }
    const later = { changedAt, window: { from: NOON + HOUR, to: NOON + 2 * HOUR } };
    expect(reason([memoryOf({ toldTo: changedAt + 1 })], hitOf(null), later)).toBeNull();
    expect(reason([memoryOf({ heldTo: changedAt + 1 })], hitOf(null), later)).toBeNull();
  });

  it('of a stream is known by its key, whatever window told it, and its rule may change', () => {
    expect(reason([memoryOf({ toldTo: 1 })], hitOf(), { rule: STREAM })).toBe('known');
    expect(reason([], hitOf(TEN), { rule: STREAM, changedAt: NOON })).toBeNull();
  });
});

describe('a key that has a new form', () => {
  const collectedWith = (olds: readonly string[]): Collected => ({ ...NOTHING, oldKeys: new Map([['new', olds]]) });

  it('goes on under the one that was told last, else the one that came back last', () => {
    const one = memoryOf({ key: 'a', toldTo: 2, lastReturned: 1 });
    const other = memoryOf({ key: 'b', toldTo: 1, lastReturned: 9 });
    const known = new Map([one, other].map((memory) => [memory.key, memory]));
    expect(withOldForms(known, collectedWith(['b', 'a'])).get('new')).toEqual({ ...one, key: 'new' });
    const untold = new Map([...known].map(([key, memory]) => [key, { ...memory, toldTo: null }]));
    expect(withOldForms(untold, collectedWith(['a', 'b'])).get('new')).toMatchObject({ lastReturned: 9 });
  });

  it('keeps what is known of it, and is new where nothing is known of an old one', () => {
    const own = memoryOf({ key: 'new', toldTo: 7 });
    const known = new Map([own, memoryOf({ key: 'a', toldTo: 9 })].map((memory) => [memory.key, memory]));
    expect(withOldForms(known, collectedWith(['a'])).get('new')).toBe(own);
    expect(withOldForms(new Map(), collectedWith(['a'])).has('new')).toBe(false);
    expect(withOldForms(known, NOTHING)).toEqual(known);
  });
});
