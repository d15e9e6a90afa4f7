import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cellOf, cellText, isEmptyCell, MAX_DEPTH, withinDepth } from '../../src/alerts/cell.ts';
import { canonicalCell } from '../../src/alerts/collect/canonical-row.ts';
import { isNumericColumn, numberInCell } from '../../src/alerts/collect/number-cell.ts';
import { compileWildcard } from '../../src/alerts/collect/wildcard.ts';
import { eventTimesBeside, isBefore, isoOfMs, isoTime, laterOf, ticksOf } from '../../src/alerts/event-time.ts';
import { cleanRow } from '../../src/alerts/map/clean-row.ts';
import { roughSize, surelyWithin } from '../../src/alerts/rough-size.ts';
import { highestSeverity, SEVERITY_NAMES, severityOf, severityRank } from '../../src/alerts/severity.ts';
import type { Cell, Row } from '../../src/sources/source.ts';
import { columnsOf } from './samples.ts';

/** A bag or list that holds another, so many levels deep, and `1` at its bottom. */
function nested(levels: number, kind: 'bag' | 'list'): Cell {
  let cell: Cell = 1;
  for (let level = 0; level < levels; level += 1) cell = kind === 'bag' ? { a: cell } : [cell];
  return cell;
}

describe('a nested cell', () => {
  it.each(['bag', 'list'] as const)('is shown and compared down to 32 levels: %s', (kind) => {
    expect(MAX_DEPTH).toBe(32);
    for (const levels of [32, 33]) {
      const isCut = levels > 32;
      const cell = nested(levels, kind);
      expect(JSON.stringify(withinDepth(cell, 0)).includes('…')).toBe(isCut);
      expect(cellText(cell).includes('…')).toBe(isCut);
      expect(canonicalCell('dynamic')(cell).includes('…')).toBe(isCut);
      const notes: string[] = [];
      const [shown] = Object.values(
        cleanRow({ Bag: cell }, 10_000, (column, message) => notes.push(`${column}: ${message}`)),
      );
      expect(JSON.stringify(shown).includes('…')).toBe(isCut);
      expect(notes).toEqual(isCut ? ['Bag: Nested deeper than 32 levels; the rest is left out.'] : []);
    }
  });

  it('counts with its text, its names and its brackets', () => {
    expect([roughSize('abc'), roughSize(null), roughSize(7), roughSize(undefined)]).toEqual([5, 24, 24, 24]);
    expect([roughSize([]), roughSize({}), roughSize(['abc', 'd'])]).toEqual([2, 2, 10]);
    expect(roughSize({ name: 'abc', other: ['d'] })).toBe(2 + 4 + 5 + 5 + 5);
  });

  it('counts down to the level that an alert may have', () => {
    const more = (levels: number) => roughSize(nested(levels + 1, 'list')) - roughSize(nested(levels, 'list'));
    expect([more(34), more(35), more(36), more(60)]).toEqual([2, 2, 0, 0]);
    const moreOfBag = (levels: number) => roughSize(nested(levels + 1, 'bag')) - roughSize(nested(levels, 'bag'));
    expect([moreOfBag(35), moreOfBag(36)]).toEqual([3, 0]);
  });

  it('is surely within a limit of eight bytes for each character', () => {
    expect([surelyWithin('abc', 40), surelyWithin('abc', 39)]).toEqual([true, false]);
  });
});

describe('a cell', () => {
  it.each<[Cell, boolean, string]>([
    [null, true, ''],
    ['', true, ''],
    [[], true, '[]'],
    [{}, true, '{}'],
    [[0], false, '[0]'],
    [{ a: 1 }, false, '{"a":1}'],
    [0, false, '0'],
    [false, false, 'false'],
    ['?', false, '?'],
  ])('%j is empty: %s; its text is %j', (cell, isEmpty, text) => {
    expect([isEmptyCell(cell), cellText(cell)]).toEqual([isEmpty, text]);
  });

  it('is the own one of its row, whatever its name', () => {
    expect(cellOf({}, 'toString')).toBeNull();
    expect(cellOf(JSON.parse('{"__proto__":"own"}') as Row, '__proto__')).toBe('own');
    expect(cellOf({ A: undefined } as unknown as Row, 'A')).toBeNull();
  });
});

describe('a number in a cell', () => {
  it.each<[Cell, number | bigint | null]>([
    [1.5, 1.5],
    [Number.POSITIVE_INFINITY, null],
    ['12', 12n],
    ['+12', 12n],
    ['-12', -12n],
    ['1.5', 1.5],
    ['1e3', 1000],
    ['', null],
    [' ', null],
    ['0x', null],
    ['Infinity', null],
    [true, null],
    [null, null],
    [[1], null],
  ])('%j is %s', (cell, number) => {
    expect(numberInCell(cell, true)).toBe(number);
  });

  it('is looked for in text of number columns only', () => {
    expect([numberInCell('12', false), numberInCell(12, false)]).toEqual([null, 12]);
    const columns = columnsOf({ I: 'int', L: 'long', R: 'real', D: 'decimal', S: 'string', B: 'bool' });
    expect(columns.filter(({ name }) => isNumericColumn(columns, name)).map(({ name }) => name)).toEqual([
      'I',
      'L',
      'R',
      'D',
    ]);
    expect(isNumericColumn(columns, 'Gone')).toBe(false);
  });
});

describe('a canonical decimal', () => {
  it.each([
    ['0070.500', '70.5'],
    ['0000', '0'],
    ['0.0', '0'],
    ['-007', '-7'],
    ['+7.', '7'],
    ['007x', '"007x"'],
  ])('%s is %s', (cell, expected) => {
    expect(canonicalCell('decimal')(cell)).toBe(expected);
  });
});

describe('a wildcard', () => {
  it.each([
    ['CMD.exe', 'cmd.EXE', true],
    ['cmd.exe', 'xcmd.exe', false],
    ['cmd*', 'CMD.exe', true],
    ['*EXE', 'cmd.exe', true],
    ['a*b*c', 'aXbYc', true],
    ['a*b*c', 'acb', false],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['a*bb*b', 'abb', false],
    ['*', '', true],
    ['', '', true],
    ['', 'x', false],
    ['*b*', 'abc', true],
    ['*bb*bb*', 'abbb', false],
  ])('%s takes %s: %s', (pattern, text, takes) => {
    expect(compileWildcard(pattern)(text)).toBe(takes);
  });
});

describe('an instant', () => {
  it.each([
    ['2026-01-01', '2026-01-01T00:00:00Z', '17672256000000000'],
    ['2026-01-01 12:00:00', '2026-01-01T12:00:00Z', '17672688000000000'],
    ['2026-01-01T12:00:00.1200000+00:00', '2026-01-01T12:00:00.12Z', '17672688001200000'],
    ['2026-01-01T12:00:00.123456789Z', '2026-01-01T12:00:00.1234567Z', '17672688001234567'],
    ['1970-01-01T00:00:00.0000001Z', '1970-01-01T00:00:00.0000001Z', '1'],
    ['1969-12-31T23:59:59.5Z', '1969-12-31T23:59:59.5Z', '-5000000'],
  ])('%s is %s', (text, iso, ticks) => {
    expect([isoTime(text), ticksOf(text)]).toEqual([iso, ticks]);
  });

  it('is the same however it is written, and no time where it cannot be one', () => {
    const two = fc.integer({ min: 0, max: 99 }).map((number) => String(number).padStart(2, '0'));
    const year = fc.constantFrom('0001', '1969', '1970', '1999', '2024', '9999', '20x4');
    const fraction = fc.constantFrom('', '.', '.5', '.0000000', '.1234567', '.12345678', '.1a');
    const parts = fc.tuple(year, two, two, two, two, two, fraction, fc.constantFrom('Z', '+00:00', ''));
    fc.assert(
      fc.property(parts, ([y, month, day, h, m, s, digits, zone]) => {
        const text = `${y}-${month}-${day}T${h}:${m}:${s}${digits}${zone}`;
        // With a blank it is read by its pattern alone.
        const other = text.replace('T', ' ');
        expect([isoTime(text), ticksOf(text)]).toEqual([isoTime(other), ticksOf(other)]);
        const isTime =
          /^\d{4}$/.test(y) &&
          /^(\.\d+)?$/.test(digits) &&
          !Number.isNaN(Date.parse(`${y}-${month}-${day}T${h}:${m}:${s}Z`));
        expect(isoTime(text) !== null).toBe(isTime);
      }),
    );
  });

  it.each(['', 'yesterday', '2026-13-01', '2026-01-01T12:00:00+01:00', '2026-01-01T25:00:00Z', '2026-01-01T12:00Z'])(
    '%j is none',
    (text) => {
      expect([isoTime(text), ticksOf(text)]).toEqual([null, null]);
    },
  );

  it('of milliseconds has no zeros at its end', () => {
    expect([0, 100, 120, 123].map((ms) => isoOfMs(Date.UTC(2026, 0, 1) + ms).slice(19))).toEqual([
      'Z',
      '.1Z',
      '.12Z',
      '.123Z',
    ]);
  });

  it('lies before another, whatever their precision', () => {
    const [one, other] = ['2026-01-01T12:00:00Z', '2026-01-01T12:00:00.5Z'];
    expect([isBefore(one, other), isBefore(other, one), isBefore(one, one)]).toEqual([true, false, false]);
    expect([laterOf(one, other), laterOf(other, one), laterOf(null, one), laterOf(one, null)]).toEqual([
      other,
      other,
      one,
      one,
    ]);
    expect(laterOf(null, null)).toBeNull();
  });
});

describe('the time of a row', () => {
  const [TEN, ELEVEN, TWELVE] = ['2026-01-01T10:00:00Z', '2026-01-01T11:00:00Z', '2026-01-01T12:00:00Z'];
  const times = (row: Row, others: readonly string[] = []) => {
    const told = eventTimesBeside(others);
    return [told.of(row), told.newestOf(row)];
  };

  it.each<[string, Row, string | null, string | null]>([
    ['Timestamp', { Timestamp: TEN, TimeGenerated: ELEVEN }, TEN, TEN],
    ['TimeGenerated where that is empty', { Timestamp: '', TimeGenerated: ELEVEN }, ELEVEN, ELEVEN],
    ['TimeGenerated where that is no text', { Timestamp: null, TimeGenerated: ELEVEN }, ELEVEN, ELEVEN],
    ['none where Timestamp is no time', { Timestamp: 'soon', TimeGenerated: ELEVEN }, null, null],
    ['the newest of a join', { Timestamp: TEN, Timestamp1: TWELVE, TimeGenerated2: ELEVEN }, TEN, TWELVE],
    ['the newest of a join, be it the first', { Timestamp: TWELVE, Timestamp3: ELEVEN }, TWELVE, TWELVE],
    ['none of a list that holds one', { Timestamp: [TEN], Timestamp1: [TEN] }, null, null],
    ['none', {}, null, null],
  ])('is %s', (_name, row, of, newest) => {
    expect(times(row)).toEqual([of, newest]);
  });

  it('is in none of the columns that hold no times of events', () => {
    const row = { Timestamp: TEN, TimeGenerated: ELEVEN, Timestamp1: TWELVE };
    expect(times(row, ['Timestamp'])).toEqual([ELEVEN, TWELVE]);
    expect(times(row, ['Timestamp1'])).toEqual([TEN, TEN]);
  });
});

describe('a severity', () => {
  it.each<[Cell, string | null]>([
    ['Informational', 'informational'],
    ['information', 'informational'],
    ['INFO', 'informational'],
    ['low', 'low'],
    [' Medium ', 'medium'],
    ['high', 'high'],
    ['Critical', 'critical'],
    ['severe', null],
    [3, null],
    [null, null],
  ])('%j is %s', (cell, severity) => {
    expect(severityOf(cell)).toBe(severity);
  });

  it('has its place among the others', () => {
    expect(SEVERITY_NAMES).toEqual(['informational', 'low', 'medium', 'high', 'critical']);
    const order = ['informational', 'low', 'medium', 'high', 'critical'] as const;
    expect(order.map(severityRank)).toEqual([0, 1, 2, 3, 4]);
    for (const [at, one] of order.entries())
      for (const [place, other] of order.entries())
        expect(highestSeverity(one, other)).toBe(order[Math.max(at, place)]);
  });
});
