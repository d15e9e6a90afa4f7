import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isoOfDatetime, parseDatetime, textOfDatetime } from '../../../src/engine/values/datetime.ts';
import { addTicks, datetimeOfUnix } from '../../../src/engine/values/ticks.ts';

function iso(text: string): string | null {
  const value = parseDatetime(text);
  return value === null ? null : isoOfDatetime(value);
}

describe('parseDatetime', () => {
  it.each([
    ['2024-03-05', '2024-03-05T00:00:00Z'],
    ['2024-03', '2024-03-01T00:00:00Z'],
    ['2024', '2024-01-01T00:00:00Z'],
    ['2024/03/05 7:08', '2024-03-05T07:08:00Z'],
    ['2024-03-05T07:08:09.1234567Z', '2024-03-05T07:08:09.1234567Z'],
    ['2024-03-05T07:08:09.12345678Z', '2024-03-05T07:08:09.1234567Z'],
    ['2024-03-05T07:08:09,5', '2024-03-05T07:08:09.5Z'],
    ['2024-03-05 07:08:09 GMT', '2024-03-05T07:08:09Z'],
    ['2024-03-05T07:08:09+05:30', '2024-03-05T01:38:09Z'],
    ['2024-03-05T07:08:09-0800', '2024-03-05T15:08:09Z'],
    ['20240305', '2024-03-05T00:00:00Z'],
    ['03-05-2024', '2024-03-05T00:00:00Z'],
    ['3/5/2024 7:08:09 PM', '2024-03-05T19:08:09Z'],
    ['3/5/2024 12:08 AM', '2024-03-05T00:08:00Z'],
    ['03.05.2024', '2024-03-05T00:00:00Z'],
    ['2024, 3, 5', '2024-03-05T00:00:00Z'],
    ['5 Mar 2024', '2024-03-05T00:00:00Z'],
    ['5 March 2024 07:08', '2024-03-05T07:08:00Z'],
    ['March 5, 2024', '2024-03-05T00:00:00Z'],
    ['Tue, 05 Mar 2024 07:08:09 GMT', '2024-03-05T07:08:09Z'],
    ['Tuesday, 05-Mar-24 07:08:09 GMT', '2024-03-05T07:08:09Z'],
    ['5 Mar 49 07:08', '2049-03-05T07:08:00Z'],
    ['5 Mar 50 07:08', '1950-03-05T07:08:00Z'],
    ['0001-01-01', '0001-01-01T00:00:00Z'],
    ['9999-12-31T23:59:59.9999999Z', '9999-12-31T23:59:59.9999999Z'],
    ['  2024-03-05  ', '2024-03-05T00:00:00Z'],
  ])('reads %p', (text, expected) => {
    expect(iso(text)).toBe(expected);
  });

  it.each([
    '',
    'soon',
    '25-12-2024',
    '2024-02-30',
    '2024-13-01',
    '2024-03-05T24:00',
    '2024-03-05T07:60',
    '13:00',
    '5 Foo 2024',
    '2024-03-05Q',
    '0001-01-01T00:00:00+01:00',
  ])('gives null for %p', (text) => {
    expect(parseDatetime(text)).toBeNull();
  });

  it('reads back what it writes, to the tick', () => {
    const ticks = fc.integer({ min: 0, max: 9_999_999 });
    const seconds = fc.integer({ min: -62_135_596_800, max: 253_402_300_799 });
    fc.assert(
      fc.property(seconds, ticks, (second, fraction) => {
        const value = addTicks(datetimeOfUnix(second * 1000), fraction) ?? 0;
        expect(parseDatetime(textOfDatetime(value))).toBe(value);
        expect(parseDatetime(isoOfDatetime(value))).toBe(value);
      }),
    );
  });
});

it('reads the usual form as the patterns read it', () => {
  const part = (most: number, width: number) => fc.nat(most).map((number) => String(number).padStart(width, '0'));
  const usual = fc
    .tuple(part(10_000, 4), part(13, 2), part(32, 2), part(25, 2), part(61, 2), part(61, 2), fc.nat(10 ** 9), fc.nat(9))
    .map(([year, month, day, hour, minute, second, fraction, width]) => {
      const rest = width === 0 ? '' : `.${String(fraction).padStart(9, '0').slice(0, width)}`;
      return `${year}-${month}-${day}T${hour}:${minute}:${second}${rest}Z`;
    });
  const changed = fc
    .tuple(usual, fc.nat(27), fc.constantFrom('', ' ', '9', '-', 'T', 'Z', '.', '+', '٣'))
    .map(([text, at, other]) => text.slice(0, at) + other + text.slice(at + 1));
  fc.assert(
    // Behind a space the patterns read it.
    fc.property(fc.oneof(usual, changed), (text) => parseDatetime(text) === parseDatetime(` ${text}`)),
    { numRuns: 3000 },
  );
});
