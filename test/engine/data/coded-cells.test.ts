import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { plainCells, someCells } from '../../../src/engine/data/coded-cells.ts';

const CELLS = { codes: Int32Array.from([2, 0, 2, 1, 2]), distinct: ['a', null, 'c'] };

describe('cells that are taken by their rows', () => {
  it('leave the texts behind that none of them has, where all are the same', () => {
    const same = someCells(CELLS, Int32Array.from([0, 2, 4]));
    expect(same).toEqual({ codes: Int32Array.from([0, 0, 0]), distinct: ['c'] });
    expect(someCells(CELLS, new Int32Array(0)).codes).toHaveLength(0);
  });

  it('are those of the rows', () => {
    const rowsOf = fc.uniqueArray(fc.nat({ max: CELLS.codes.length - 1 })).map((rows) => rows.sort((a, b) => a - b));
    fc.assert(
      fc.property(rowsOf, (rows) => {
        const all = plainCells(CELLS);
        expect(plainCells(someCells(CELLS, Int32Array.from(rows)))).toEqual(rows.map((row) => all[row]));
      }),
      { numRuns: 40 },
    );
  });
});
