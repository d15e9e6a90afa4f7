import { describe, expect, it } from '@jest/globals';
import { rowsOf } from '../evaluate.ts';

const SHAPES = `let L = datatable(road: string, line: dynamic)["equator", dynamic({"type":"LineString","coordinates":[[0,0],[10,0]]}), "broken", dynamic({}), "north", dynamic({"type":"LineString","coordinates":[[5,1],[5,9]]})];
let A = datatable(area: string, shape: dynamic)["west", dynamic({"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]]]}), "east", dynamic({"type":"Polygon","coordinates":[[[3,0],[9,0],[9,4],[3,4],[3,0]]]})];
let P = datatable(place: string, x: real, y: real)["a", 5.0, 0.5, "b", 1.0, 0.5, "c", 20.0, 0.0, "d", 3.5, 2.0, "e", 500.0, 0.0, "f", real(null), 0.0];`;
const HALF_DEGREE = 56_000;

describe('lookups by place', () => {
  it('finds every line within the distance', async () => {
    const query = `${SHAPES} P | evaluate geo_line_lookup(L, line, x, y, ${HALF_DEGREE}) | project place, road`;
    expect(await rowsOf(query)).toEqual([
      ['a', 'equator'],
      ['a', 'north'],
      ['b', 'equator'],
    ]);
  });

  it('measures beyond the ends of a line from the end', async () => {
    const query = `${SHAPES} P | where place == "c" | evaluate geo_line_lookup(L, line, x, y, METERS) | count`;
    expect(await rowsOf(query.replace('METERS', '1111000'))).toEqual([[0]]);
    expect(await rowsOf(query.replace('METERS', '1112000'))).toEqual([[1]]);
  });

  it('finds every polygon around a place, and keeps the others if told so', async () => {
    const query = `${SHAPES} P | evaluate geo_polygon_lookup(A, shape, x, y, return_unmatched = true) | project place, area`;
    expect(await rowsOf(query)).toEqual([
      ['a', 'east'],
      ['b', 'west'],
      ['c', ''],
      ['d', 'west'],
      ['d', 'east'],
      ['e', ''],
      ['f', ''],
    ]);
  });

  it('finds polygons that are so many meters away', async () => {
    const query = `${SHAPES} P | where place in ("a", "c", "d") | evaluate geo_polygon_lookup(A, shape, x, y, OPTIONS) | project place, area`;
    expect(await rowsOf(query.replace('OPTIONS', 'radius = 120000, return_unmatched = true'))).toEqual([
      ['a', 'west'],
      ['a', 'east'],
      ['c', ''],
      ['d', 'west'],
      ['d', 'east'],
    ]);
    expect(await rowsOf(query.replace('OPTIONS', '1000'))).toHaveLength(3);
  });

  it.each([
    ['', ['place', 'x', 'y', 'area']],
    [', return_lookup_key = true', ['place', 'x', 'y', 'area', 'shape']],
  ])('gives the shape only if asked: %s', async (option, expected) => {
    const query = `${SHAPES} P | evaluate geo_polygon_lookup(A, shape, x, y${option}) | getschema | project ColumnName`;
    expect((await rowsOf(query)).flat()).toEqual(expected);
  });
});
