import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readDatetime } from '../../../src/engine/data/dates.ts';
import { isoOfUnix } from '../../../src/engine/data/parquet/iso-of-unix.ts';

const [YEAR_1, YEAR_9999] = [-62_135_596_800_000, 253_402_300_799_999];

it('writes times as a Date does, whatever they are counted in', () => {
  fc.assert(
    fc.property(fc.integer({ min: YEAR_1, max: YEAR_9999 }), fc.nat(999_999), (ms, nanos) => {
      const [date, fraction = ''] = new Date(ms).toISOString().slice(0, -1).split('.');
      expect(isoOfUnix(BigInt(ms), 1000)).toBe(`${date}.${fraction}0000Z`);
      const micros = String(Math.floor(nanos / 1000)).padStart(3, '0');
      expect(isoOfUnix(BigInt(ms) * 1000n + BigInt(micros), 1_000_000)).toBe(`${date}.${fraction}${micros}0Z`);
      const ticks = String(Math.floor(nanos / 100)).padStart(4, '0');
      expect(isoOfUnix(BigInt(ms) * 1_000_000n + BigInt(nanos), 1_000_000_000)).toBe(`${date}.${fraction}${ticks}Z`);
      expect(isoOfUnix(BigInt(Math.floor(ms / 1000)), 1)).toBe(`${date}.0000000Z`);
    }),
    { numRuns: 500 },
  );
});

it.each([BigInt(YEAR_9999) + 1n, BigInt(YEAR_1) - 86_400_000n * 366n, -(10n ** 15n)])(
  'gives nothing that is read as a time for %d ms',
  (ms) => {
    expect(readDatetime(isoOfUnix(ms, 1000), null)).toBeNull();
  },
);

it('fails for what no Date holds', () => {
  expect(() => isoOfUnix(2n ** 63n - 1n, 1000)).toThrow(RangeError);
});
