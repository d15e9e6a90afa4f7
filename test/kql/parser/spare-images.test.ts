import { describe, expect, it } from '@jest/globals';
import { spareImages } from '../../../src/kql/parser/parser-image.ts';

describe('spareImages', () => {
  it('keeps the two latest images beside the new one, and what is being made', () => {
    const now = 1_000_000_000;
    const files = [
      { file: 'oldest', at: now - 9000 },
      { file: 'old', at: now - 3000 },
      { file: 'late', at: now - 2000 },
      { file: 'new.unfinished-7', at: now - 5 },
      { file: 'new.unfinished-7.cjs', at: now - 4 },
      { file: 'new.unfinished-7.0.js', at: now - 3 },
      { file: 'other.unfinished-3', at: now - 3_600_000 },
    ];
    expect(spareImages(files, now)).toEqual(['oldest', 'other.unfinished-3']);
  });
});
