import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { surelyFits } from '../../src/formats/surely-fits.ts';
import { sampleAlert } from '../targets/sample-alert.ts';

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
const anyData = fc.jsonValue({ depthSize: 'medium' });
const anyText = fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units));

describe('what surely fits', () => {
  it('fits', () => {
    fc.assert(
      fc.property(fc.tuple(anyData, anyText, fc.double()), fc.nat(2000), (value, maxBytes) => {
        if (surelyFits(value, maxBytes)) expect(bytesOf(value)).toBeLessThanOrEqual(maxBytes);
      }),
    );
  });

  it('is anything of a fortieth of the limit', () => {
    fc.assert(
      fc.property(anyData, (value) => {
        expect(surelyFits(value, 40 * bytesOf(value))).toBe(true);
      }),
    );
  });

  it('is a usual alert under the limits of receivers of events, and no alert under its own size', () => {
    const alert = sampleAlert();
    expect([surelyFits(alert, 256 * 1024), surelyFits(alert, bytesOf(alert))]).toEqual([true, false]);
  });
});
