import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileExceptions } from '../../../src/alerts/collect/exceptions.ts';
import { compileWildcard } from '../../../src/alerts/collect/wildcard.ts';
import { eventTimesBeside } from '../../../src/alerts/event-time.ts';
import type { Exception } from '../../../src/rules/rule.ts';
import { columnsOf, HOUR, NOON } from '../samples.ts';

const COLUMNS = columnsOf({ Timestamp: 'datetime', DeviceName: 'string', Port: 'long', Tags: 'dynamic' });

function exception(where: Exception['where'], expires = NOON + HOUR): Exception {
  return { where, reason: 'test', owner: 'soc', expires };
}

/** Of a result whose times are those of its events, but for the columns `others`. */
function at(logicalTime: number, others: readonly string[] = []): Parameters<typeof compileExceptions>[2] {
  return { logicalTime, times: eventTimesBeside(others) };
}

describe('compileExceptions', () => {
  const build = exception({ DeviceName: ['build-*', 'CI'], Port: ['443'] });
  const matcher = compileExceptions([build], COLUMNS, at(NOON));

  it.each([
    ['all columns match', { DeviceName: 'BUILD-01', Port: 443 }, true],
    ['another value of a column', { DeviceName: 'ci', Port: 443 }, true],
    ['one column does not match', { DeviceName: 'build-01', Port: 80 }, false],
    ['an empty cell', { DeviceName: null, Port: 443 }, false],
  ])('%s', (_, row, matches) => {
    expect(matcher.match(row)).toBe(matches ? build : null);
  });

  it('matches empty cells, booleans and nested cells by their text', () => {
    const tags = compileExceptions([exception({ Tags: ['*"lab"*'], DeviceName: [''] })], COLUMNS, at(NOON));
    expect(tags.match({ Tags: ['lab', 'x'], DeviceName: null })).not.toBeNull();
    expect(tags.match({ Tags: ['labor'], DeviceName: '' })).toBeNull();
  });

  it('reports unknown columns, whose entries match nothing', () => {
    const unknown = compileExceptions(
      [exception({ Gone: ['*'], DeviceName: ['*'] }), exception({})],
      COLUMNS,
      at(NOON),
    );
    expect(unknown.unknownColumns).toEqual(['Gone']);
    expect(unknown.match({ DeviceName: 'pc1', Gone: 'x' })).toBeNull();
  });

  it('expires at midnight, by the event of each row', () => {
    const midnight = Date.UTC(2026, 0, 2);
    const one = compileExceptions([exception({ DeviceName: ['pc1'] }, midnight)], COLUMNS, at(midnight + HOUR));
    expect(one.match({ DeviceName: 'pc1', Timestamp: '2026-01-01T23:59:59.9999999Z' })).not.toBeNull();
    expect(one.match({ DeviceName: 'pc1', Timestamp: '2026-01-02T00:00:00Z' })).toBeNull();
    expect(one.match({ DeviceName: 'pc1', Timestamp: null })).toBeNull();
  });

  it('does not go by the time of a row that was looked up', () => {
    const where = exception({ DeviceName: ['pc1'] }, NOON);
    const row = { DeviceName: 'pc1', Timestamp: '2026-01-01T12:30:00Z' };
    expect(compileExceptions([where], COLUMNS, at(NOON - 1)).match(row)).toBeNull();
    expect(compileExceptions([where], COLUMNS, at(NOON - 1, ['Timestamp'])).match(row)).not.toBeNull();
  });

  it('goes by the time of the run where a row tells no time', () => {
    const one = compileExceptions([exception({ DeviceName: ['pc1'] }, NOON)], COLUMNS, at(NOON - 1));
    expect(one.match({ DeviceName: 'pc1' })).not.toBeNull();
  });
});

describe('compileWildcard', () => {
  it.each([
    ['*', '', true],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['a*b*c', 'a-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['*.exe', 'C:\\X.EXE', true],
    ['a.c', 'abc', false],
    ['**', 'anything', true],
  ])('%s on %j: %s', (pattern, text, expected) => {
    expect(compileWildcard(pattern)(text)).toBe(expected);
  });

  it('agrees with a regular expression', () => {
    const part = fc.string({ unit: fc.constantFrom('a', 'b', '*', '.'), maxLength: 8 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', 'A'), maxLength: 12 });
    fc.assert(
      fc.property(part, text, (pattern, value) => {
        const source = pattern.replaceAll('.', '\\.').replaceAll('*', '.*');
        expect(compileWildcard(pattern)(value)).toBe(new RegExp(`^${source}$`, 'i').test(value));
      }),
    );
  });

  it('stays quick on patterns that make backtracking explode', () => {
    const matches = compileWildcard(`${'*a'.repeat(2000)}*b`);
    expect(matches('a'.repeat(100_000))).toBe(false);
  });
});
