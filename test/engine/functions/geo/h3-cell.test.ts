import { describe, expect, it } from '@jest/globals';
import { evaluate } from '../../evaluate.ts';

/** A cell of level 2, and a base cell with five neighbours. */
const CELL = '822a17fffffffff';
const PENTAGON = '8009fffffffffff';

describe('levels of the H3 grid', () => {
  it.each([
    [`geo_h3cell_level("${CELL}")`, 2],
    [`geo_h3cell_level(toupper("${CELL}"))`, 2],
    [`geo_h3cell_level("${PENTAGON}")`, 0],
    [`geo_h3cell_parent("${CELL}")`, '812a3ffffffffff'],
    [`geo_h3cell_parent("${CELL}", 2)`, CELL],
    [`geo_h3cell_parent("${CELL}", 0)`, '802bfffffffffff'],
    [`geo_h3cell_parent("${CELL}", 3)`, ''],
    [`geo_h3cell_parent("${CELL}", -1)`, ''],
    [`geo_h3cell_parent("${PENTAGON}")`, ''],
    [`array_length(geo_h3cell_children("${CELL}"))`, 7],
    [`array_length(geo_h3cell_children("${CELL}", 4))`, 49],
    [`geo_h3cell_children("${CELL}", 2)`, [CELL]],
    [`geo_h3cell_children("${CELL}")[6]`, '832a16fffffffff'],
    [`geo_h3cell_children("${CELL}", 8)`, null],
    [`geo_h3cell_children("${CELL}", 1)`, null],
    [`array_length(geo_h3cell_children("${PENTAGON}"))`, 6],
    [`array_length(geo_h3cell_children("${PENTAGON}", 2))`, 41],
    [`geo_h3cell_parent(tostring(geo_h3cell_children("${CELL}")[3]))`, CELL],
  ])('%s', async (expression, expected) => {
    expect(await evaluate(expression)).toEqual(expected);
  });

  it.each([
    ['', 'no text'],
    ['abc', 'too short'],
    ['822a17ffffffffff', 'too long'],
    ['822a1xfffffffff', 'no hex'],
    ['922a17fffffffff', 'another mode'],
    ['82f5fffffffffff', 'no such base cell'],
    ['822a17ffffffff0', 'digits below its level'],
    ['822a3ffffffffff', 'a digit too few'],
    ['81087ffffffffff', 'the missing child of a pentagon'],
  ])('"%s" is no cell: %s', async (token) => {
    expect(await evaluate(`geo_h3cell_level("${token}")`)).toBeNull();
    expect(await evaluate(`geo_h3cell_parent("${token}")`)).toBe('');
    expect(await evaluate(`geo_h3cell_children("${token}")`)).toBeNull();
  });
});
