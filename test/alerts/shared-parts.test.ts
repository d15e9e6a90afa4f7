import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { MAX_DEPTH } from '../../src/alerts/cell.ts';
import { cleanRow } from '../../src/alerts/map/clean-row.ts';
import { roughSize } from '../../src/alerts/rough-size.ts';
import { highestSeverity, SEVERITY_NAMES, severityOf, severityRank } from '../../src/alerts/severity.ts';
import { SEVERITIES } from '../../src/rules/rule.ts';
import type { Cell } from '../../src/sources/source.ts';
import { collect, columnsOf, decideOn, eventRow, HOUR, makeRule, NOON } from './samples.ts';

const MILD_FIRST = ['informational', 'low', 'medium', 'high', 'critical'] as const;

describe('severities', () => {
  it('have an order', () => {
    expect(SEVERITY_NAMES).toEqual(MILD_FIRST);
    expect([...SEVERITIES].sort()).toEqual([...MILD_FIRST].sort());
    expect(MILD_FIRST.map(severityRank)).toEqual([0, 1, 2, 3, 4]);
    for (const [rank, one] of MILD_FIRST.entries())
      for (const [otherRank, other] of MILD_FIRST.entries())
        expect(highestSeverity(one, other)).toBe(MILD_FIRST[Math.max(rank, otherRank)]);
  });

  it('are named in any case, also as the service names the mildest', () => {
    for (const severity of MILD_FIRST) expect(severityOf(` ${severity.toUpperCase()} `)).toBe(severity);
    expect([severityOf('Information'), severityOf('info')]).toEqual(['informational', 'informational']);
    expect([severityOf('awful'), severityOf(3), severityOf(null)]).toEqual([null, null, null]);
  });
});

describe('the key of a hit about the run', () => {
  it('is the same for ever: receivers and the state know it', () => {
    const rule = makeRule({ alert: { per: 'run' } });
    const [hit] = collect(rule, [eventRow()]).hits;
    const key = createHash('sha256').update('run').digest('hex').slice(0, 32);
    expect([hit?.key, hit?.dedupKey]).toEqual([key, key]);
  });
});

describe('a set without a window', () => {
  it('tells a key once, as nothing says that windows lie apart', () => {
    const rule = makeRule({ effectiveShape: 'set', identity: { kind: 'columns', columns: ['DeviceId'] } });
    const collected = collect(rule, [{ DeviceId: 'd1' }], columnsOf({ DeviceId: 'string' }));
    const first = decideOn(rule, collected, { window: null });
    expect(first.toldHits).toBe(1);
    const known = new Map(first.keys.map((one) => [one.key, one]));
    const later = decideOn(rule, collected, { window: null, known, logicalTime: NOON + 100 * HOUR });
    expect(later).toMatchObject({ toldHits: 0, suppressed: { duplicate: 1 } });
  });
});

describe('the reasons of a run', () => {
  it('add up to its hits, excepted rows included, and name none that did not occur', () => {
    const exceptions = [{ where: { DeviceName: ['lab'] }, reason: 'r', owner: 'o', expires: NOON + HOUR }];
    const rule = makeRule({ exceptions, alert: { limit: 2 } });
    const rows = [eventRow({ DeviceName: 'lab' }), eventRow({ DeviceName: 'lab' }), eventRow(), eventRow(), eventRow()];
    const { hits, reasons } = decideOn(rule, collect(rule, rows));
    expect([hits, reasons]).toEqual([5, { new: 1, limit: 2, excepted: 2 }]);
    const clean = makeRule();
    expect(decideOn(clean, collect(clean, [eventRow()])).reasons).toEqual({ new: 1 });
  });
});

describe('what a run came to', () => {
  it.each(['sum', 'distinct', 'rows'] as const)('counts the rows that came, whatever is measured: %s', (measure) => {
    const column = measure === 'rows' ? null : 'Count';
    const rule = makeRule({ threshold: { measure, column, groupBy: ['DeviceId'] } });
    const { rows, warnings } = collect(rule, [eventRow(), eventRow(), eventRow({ DeviceId: 'd2' })]);
    expect([rows, warnings]).toEqual([3, []]);
  });
});

describe('a cell that is nested', () => {
  /** A value so many levels deep, the innermost one counted. */
  const nested = (levels: number): Cell => (levels === 0 ? 'end' : [nested(levels - 1)]);
  const ignore = (): void => undefined;

  it(`is kept to ${MAX_DEPTH} levels, and what lies deeper is left out with a note`, () => {
    const notes: string[] = [];
    const note = (column: string, message: string) => notes.push(`${column}: ${message}`);
    expect(cleanRow({ a: nested(32) }, 1000, note)).toEqual({ a: nested(32) });
    expect(notes).toEqual([]);
    expect(JSON.stringify(cleanRow({ a: nested(33) }, 1000, note))).toBe(`{"a":${'['.repeat(32)}"…"${']'.repeat(32)}}`);
    expect(notes).toEqual(['a: Nested deeper than 32 levels; the rest is left out.']);
  });

  it('is measured without end of the stack, however deep it is', () => {
    let deep: Cell = 1;
    for (let level = 0; level < 100_000; level += 1) deep = level % 2 === 0 ? [deep] : { a: deep };
    expect(roughSize(deep)).toBeLessThan(200);
  });

  it('keeps a nested cell of as many characters as a cell may have, and cuts the next', () => {
    const cell = ['x'.repeat(96)];
    expect(cleanRow({ a: cell }, 100, ignore)).toEqual({ a: cell });
    expect(cleanRow({ a: ['x'.repeat(97)] }, 100, ignore)).toEqual({ a: `["${'x'.repeat(97)}…` });
  });
});

describe('the rough size', () => {
  it('counts what JSON would hold, roughly', () => {
    expect([roughSize('ab'), roughSize(1), roughSize(null), roughSize([])]).toEqual([4, 24, 24, 2]);
    expect(roughSize({ key: 'ab', list: ['a', 'b'] })).toBe(2 + 3 + 4 + 4 + (2 + 3 + 3));
  });
});
