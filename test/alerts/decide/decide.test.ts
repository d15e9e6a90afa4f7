import { describe, expect, it } from '@jest/globals';
import { dedupKeysToFind, keysToFind } from '../../../src/alerts/decide/decide.ts';
import type { Decision } from '../../../src/alerts/decide/decision.ts';
import type { KeyMemory, QuietMemory } from '../../../src/alerts/memory.ts';
import type { Row } from '../../../src/sources/source.ts';
import { collect, columnsOf, decideOn, eventRow, HOUR, makeRule, NOON, type RuleChanges } from '../samples.ts';

function remember(decision: Decision): { known: Map<string, KeyMemory>; quiet: Map<string, QuietMemory> } {
  return {
    known: new Map(decision.keys.map((one) => [one.key, one])),
    quiet: new Map(decision.quiet.map((one) => [one.dedupKey, one])),
  };
}

const GROUP_COLUMNS = columnsOf({ DeviceId: 'string', Failures: 'long' });
const SET: RuleChanges = { effectiveShape: 'set', identity: { kind: 'columns', columns: ['DeviceId'] } };

function decideGroup(changes: RuleChanges, rows: readonly Row[], input: Parameters<typeof decideOn>[2] = {}) {
  const rule = makeRule({ ...SET, ...changes });
  return decideOn(rule, collect(rule, rows, GROUP_COLUMNS), input);
}

describe('new?', () => {
  it('tells a stream row once, and touches its key when it comes again', () => {
    const rule = makeRule();
    const collected = collect(rule, [eventRow()]);
    const first = decideOn(rule, collected);
    expect(first).toMatchObject({ hits: 1, toldHits: 1, told: [{ held: {} }] });
    expect(first.keys).toMatchObject([{ state: 'told', toldTo: NOON, lastReturned: NOON }]);
    const again = decideOn(rule, collected, { ...remember(first), logicalTime: NOON + HOUR });
    expect(again).toMatchObject({ hits: 1, toldHits: 0, suppressed: { duplicate: 1 } });
    expect(again.outcomes).toMatchObject([{ state: 'duplicate', because: 'known' }]);
    expect(again.keys).toMatchObject([{ state: 'told', toldTo: NOON, lastReturned: NOON + HOUR }]);
  });

  it('calls a group known only when all its rows are', () => {
    const rule = makeRule({ threshold: { groupBy: ['DeviceId'] } });
    const row = eventRow();
    const first = decideOn(rule, collect(rule, [row]));
    const grown = decideOn(rule, collect(rule, [row, eventRow()]), remember(first));
    expect(grown.toldHits).toBe(1);
    expect(decideOn(rule, collect(rule, [row]), remember(first)).suppressed.duplicate).toBe(1);
  });

  it('always takes a hit without rows for new', () => {
    const rule = makeRule({ alert: { per: 'run' }, threshold: { operator: '==', value: 0 } });
    expect(decideOn(rule, collect(rule, []))).toMatchObject({ toldHits: 1, keys: [] });
  });

  it('does not move what is known back in time when an old window is made up for', () => {
    const rule = makeRule();
    const collected = collect(rule, [eventRow()]);
    const first = decideOn(rule, collected);
    const late = decideOn(rule, collected, { ...remember(first), logicalTime: NOON - HOUR });
    expect(late.keys).toMatchObject([{ lastReturned: NOON }]);
  });
});

describe('counts that change in overlapping windows', () => {
  const at = (minutes: number) => ({
    logicalTime: NOON + minutes * 60_000,
    window: { from: NOON + minutes * 60_000 - HOUR, to: NOON + minutes * 60_000 },
  });

  it('are one alert while a told window overlaps, and a new one after', () => {
    const first = decideGroup({}, [{ DeviceId: 'd1', Failures: 7 }], at(0));
    expect(first.toldHits).toBe(1);
    const second = decideGroup({}, [{ DeviceId: 'd1', Failures: 9 }], { ...at(15), ...remember(first) });
    expect(second).toMatchObject({ toldHits: 0, suppressed: { duplicate: 1 }, outcomes: [{ because: 'overlap' }] });
    expect(second.keys).toMatchObject([{ state: 'told', toldTo: NOON }]);
    const later = decideGroup({}, [{ DeviceId: 'd1', Failures: 3 }], { ...at(60), ...remember(second) });
    expect(later).toMatchObject({ toldHits: 1, told: [{ held: { duplicate: 1 } }] });
  });

  it('are not hidden by a window that was told later but lies apart', () => {
    const first = decideGroup({}, [{ DeviceId: 'd1', Failures: 7 }], at(120));
    const backlog = decideGroup({}, [{ DeviceId: 'd1', Failures: 7 }], { ...at(0), ...remember(first) });
    expect(backlog.toldHits).toBe(1);
  });

  it('do not count windows that were held back as told', () => {
    const known = new Map(
      decideGroup({ status: 'testing' }, [{ DeviceId: 'd1', Failures: 7 }], at(0)).keys.map((one) => [one.key, one]),
    );
    const next = decideGroup({}, [{ DeviceId: 'd1', Failures: 7 }], { ...at(15), known });
    expect(next.toldHits).toBe(1);
  });
});

describe('a rule that was changed', () => {
  const columns = columnsOf({ DeviceId: 'string', Timestamp: 'datetime' });
  const rule = makeRule(SET);

  it('does not tell what lies before the old coverage anew', () => {
    const rows = [
      { DeviceId: 'old', Timestamp: '2026-01-01T09:59:59Z' },
      { DeviceId: 'new', Timestamp: '2026-01-01T10:00:00Z' },
      { DeviceId: 'timeless', Timestamp: null },
    ];
    const decision = decideOn(rule, collect(rule, rows, columns), { changedAt: Date.UTC(2026, 0, 1, 10) });
    expect(decision.outcomes.map(({ state, because }) => [state, because])).toEqual([
      ['duplicate', 'changed'],
      ['told', 'new'],
      ['told', 'new'],
    ]);
    expect(decision.keys.find((one) => one.state === 'duplicate')).toMatchObject({ toldTo: null });
  });
});

describe('testing', () => {
  it('records and tells nothing, and opens no quiet time', () => {
    const rule = makeRule({ status: 'testing', alert: { suppressMs: HOUR, limit: 1 } });
    const decision = decideOn(rule, collect(rule, [eventRow(), eventRow()]));
    expect(decision).toMatchObject({
      hits: 2,
      reasons: { testing: 2 },
      toldHits: 0,
      told: [],
      overflow: null,
      quiet: [],
    });
    expect(decision.keys.map((one) => [one.state, one.toldTo])).toEqual([
      ['testing', null],
      ['testing', null],
    ]);
  });
});

describe('suppress', () => {
  const rule = makeRule({ alert: { dedupColumns: ['DeviceId'], suppressMs: HOUR } });
  const run = (rows: readonly Row[], input: Parameters<typeof decideOn>[2] = {}) =>
    decideOn(rule, collect(rule, rows), input);

  it('keeps a dedup key quiet from the told alert on, without sliding, and counts into the next alert', () => {
    const first = run([eventRow()]);
    const { quiet } = remember(first);
    const within = run([eventRow(), eventRow()], { quiet, logicalTime: NOON + HOUR - 1 });
    expect(within).toMatchObject({ toldHits: 0, suppressed: { quiet: 2 }, quiet: [{ openedAt: NOON }] });
    expect(within.keys.map((one) => one.state)).toEqual(['quiet', 'quiet']);
    const after = run([eventRow()], { quiet: remember(within).quiet, logicalTime: NOON + HOUR });
    expect(after).toMatchObject({ toldHits: 1, told: [{ held: { quiet: 2 } }] });
    expect(after.quiet).toMatchObject([{ openedAt: NOON + HOUR, held: {} }]);
  });

  it('is told by reason beside what silences, maintenance and the limit have held back', () => {
    const first = run([eventRow()]);
    const hidden = (counts: 'silenced' | 'maintenance') => ({
      hiderOf: () => ({ counts, id: 's1', since: NOON, until: NOON + HOUR }),
      logicalTime: NOON + HOUR,
    });
    const silenced = run([eventRow()], { quiet: remember(first).quiet, ...hidden('silenced') });
    const maintained = run([eventRow()], { quiet: remember(silenced).quiet, ...hidden('maintenance') });
    const narrow = makeRule({ alert: { ...rule.alert, limit: 1 } });
    const limited = decideOn(narrow, collect(narrow, [eventRow({ DeviceId: 'd9' }), eventRow()]), {
      quiet: remember(maintained).quiet,
      logicalTime: NOON + HOUR,
    });
    const { quiet } = remember(limited);
    const after = run([eventRow()], { quiet, logicalTime: NOON + 2 * HOUR });
    expect(after.told).toMatchObject([{ held: { silenced: 1, maintenance: 1, overflow: 1 } }]);
  });

  it('does not hold for windows before the alert that opened it', () => {
    const { quiet } = remember(run([eventRow()]));
    const backlog = run([eventRow()], { quiet, logicalTime: NOON - HOUR });
    expect(backlog.toldHits).toBe(1);
    expect(backlog.quiet).toMatchObject([{ openedAt: NOON }]);
  });

  it('holds among windows that are made up for, which a later alert does not undo', () => {
    const reachesBackTo = NOON - 8 * HOUR;
    let { quiet } = remember(run([eventRow()], { reachesBackTo }));
    const told = [5, 4.5, 4, 3.25, 3, -0.5].map((hours) => {
      const one = run([eventRow()], { quiet, reachesBackTo, logicalTime: NOON - hours * HOUR });
      quiet = new Map([...quiet, ...remember(one).quiet]);
      return one.toldHits;
    });
    expect(told).toEqual([1, 0, 1, 0, 1, 0]);
    expect([...quiet.values()]).toMatchObject([
      { openedAt: NOON, openedBefore: [NOON - 5 * HOUR, NOON - 4 * HOUR, NOON - 3 * HOUR] },
    ]);
    const later = run([eventRow()], { quiet, reachesBackTo: NOON + HOUR, logicalTime: NOON + 2 * HOUR });
    expect(later.quiet).toMatchObject([{ openedAt: NOON + 2 * HOUR, openedBefore: [] }]);
  });

  it('defaults to nothing for streams, to the lookback for groups of sets', () => {
    const stream = makeRule({ threshold: { groupBy: ['DeviceId'] } });
    expect(decideOn(stream, collect(stream, [eventRow()])).quiet).toEqual([]);
    const changes: RuleChanges = { threshold: { groupBy: ['DeviceId'] } };
    const first = decideGroup(changes, [{ DeviceId: 'd1', Failures: 7 }]);
    const { quiet } = remember(first);
    const later = decideGroup(changes, [{ DeviceId: 'd1', Failures: 7 }], { quiet, logicalTime: NOON + HOUR - 1 });
    expect(later.suppressed.quiet).toBe(1);
  });
});

describe('one dedup key in one run', () => {
  it('is one alert of all its hits, with the id of the smallest key whatever the order', () => {
    const rule = makeRule({ alert: { dedupColumns: ['DeviceId'] } });
    const rows = [eventRow(), eventRow(), eventRow(), eventRow({ DeviceId: 'd2' })];
    const one = decideOn(rule, collect(rule, rows));
    const other = decideOn(rule, collect(rule, [...rows].reverse()));
    expect(one.toldHits).toBe(4);
    expect(one.told.map((told) => told.hits.length).sort()).toEqual([1, 3]);
    const firstKeys = (decision: Decision) => decision.told.map((told) => told.hits[0].key).sort();
    expect(firstKeys(one)).toEqual(firstKeys(other));
  });
});

describe('limit', () => {
  const columns = [...columnsOf({ Risk: 'string' })];
  const rule = makeRule({ alert: { limit: 3, severityColumn: 'Risk', dedupColumns: ['ReportId'] } });

  it('tells one fewer and puts the rest into one overflow with true counts', () => {
    const rows = [
      eventRow({ Risk: 'low' }),
      eventRow({ Risk: 'high', Timestamp: '2026-01-01T11:00:00Z' }),
      eventRow({ Risk: 'high', Timestamp: '2026-01-01T11:00:00.5Z' }),
      eventRow({ Risk: 'critical' }),
    ];
    const all = [...columnsOf({ Timestamp: 'datetime', DeviceId: 'string', ReportId: 'long' }), ...columns];
    const decision = decideOn(rule, collect(rule, rows, all), { truncated: true });
    expect(decision.told.map((told) => told.hits[0].rows[0]?.Timestamp)).toEqual([
      '2026-01-01T11:50:00Z',
      '2026-01-01T11:00:00.5Z',
    ]);
    expect(decision.overflow).toMatchObject({ atLeast: true, toldAlerts: 2, hits: [{}, {}] });
    expect(decision).toMatchObject({ hits: 4, toldHits: 2, suppressed: { overflow: 2 } });
    expect(decision.keys.filter((one) => one.state === 'overflow')).toHaveLength(2);
  });

  it('tells all where there are exactly as many', () => {
    const decision = decideOn(rule, collect(rule, [eventRow(), eventRow(), eventRow()]));
    expect(decision).toMatchObject({ toldHits: 3, overflow: null });
  });

  it('of one leaves only the overflow alert; at most 50 keys are named', () => {
    const one = makeRule({ alert: { limit: 1 } });
    const rows = Array.from({ length: 60 }, () => eventRow());
    const decision = decideOn(one, collect(one, rows));
    expect(decision).toMatchObject({ told: [], overflow: { atLeast: false, toldAlerts: 0 } });
    expect([decision.overflow?.hits.length, decision.overflow?.byKey.length]).toEqual([60, 50]);
  });

  it('does not tell overflowed groups singly in the next overlapping window', () => {
    const rows = ['d1', 'd2', 'd3', 'd4'].map((DeviceId) => ({ DeviceId, Failures: 1 }));
    const first = decideGroup({ alert: { limit: 2 } }, rows);
    const next = decideGroup({ alert: { limit: 2 } }, rows, remember(first));
    expect(next).toMatchObject({ toldHits: 0, overflow: null, suppressed: { duplicate: 4 } });
  });
});

describe('keys', () => {
  it('are written for hits and excepted rows, touched for known ones, and not left by rows below a threshold', () => {
    const rule = makeRule({
      threshold: { operator: '>', value: 2 },
      exceptions: [{ where: { DeviceName: ['lab'] }, reason: 'r', owner: 'o', expires: NOON + HOUR }],
    });
    const collected = collect(rule, [eventRow(), eventRow(), eventRow({ DeviceName: 'lab' })]);
    const [seen = '', unseen] = collected.otherKeys;
    const memory: KeyMemory = {
      key: seen,
      state: 'told',
      toldTo: 5,
      toldBefore: [],
      heldTo: null,
      heldNewest: null,
      heldBefore: [],
      lastReturned: 5,
    };
    const decision = decideOn(rule, collected, { known: new Map([[seen, memory]]) });
    const written = new Map(decision.keys.map((one) => [one.key, one]));
    expect(written.get(seen)).toEqual({ ...memory, lastReturned: NOON });
    expect(written.has(unseen ?? '')).toBe(false);
    expect(decision.keys.filter((one) => one.state === 'excepted')).toHaveLength(1);
    expect(decision).toMatchObject({ hits: 1, suppressed: { excepted: 1 } });
    expect(keysToFind(collected)).toHaveLength(3);
    expect(dedupKeysToFind(collected)).toEqual([]);
  });

  it('of excepted rows are never told later', () => {
    const exceptions = [{ where: { DeviceName: ['pc1'] }, reason: 'r', owner: 'o', expires: NOON + HOUR }];
    const row = eventRow();
    const before = makeRule({ exceptions });
    const first = decideOn(before, collect(before, [row]));
    const after = makeRule();
    expect(decideOn(after, collect(after, [row]), remember(first)).suppressed.duplicate).toBe(1);
  });
});
