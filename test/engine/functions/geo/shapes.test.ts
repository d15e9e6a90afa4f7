import { describe, expect, it } from '@jest/globals';
import { inTableOrder } from '../../../../src/engine/functions/geo/token-order.ts';
import { evaluate } from '../../evaluate.ts';

const square = (x: number, y: number, size = 2): string =>
  JSON.stringify({
    type: 'Polygon',
    coordinates: [
      [
        [x, y],
        [x + size, y],
        [x + size, y + size],
        [x, y + size],
        [x, y],
      ],
    ],
  });

describe('unions of polygons', () => {
  it.each([
    [`geo_union_polygons_array(dynamic([${square(0, 0)}]))`, 'Polygon'],
    [`geo_union_polygons_array(dynamic([${square(0, 0)}, ${square(1, 1)}]))`, 'Polygon'],
    [`geo_union_polygons_array(dynamic([${square(0, 0)}, ${square(10, 1)}]))`, 'MultiPolygon'],
  ])('%s', async (expression, type) => {
    expect(await evaluate(`tostring(${expression}.type)`)).toBe(type);
  });

  it.each(['dynamic([])', 'dynamic(null)', `dynamic([${square(0, 0)}, {"type":"Polygon"}])`])(
    'gives null for %s',
    async (polygons) => {
      expect(await evaluate(`geo_union_polygons_array(${polygons})`)).toBeNull();
    },
  );

  it('leave a hole where a frame is made of bars', async () => {
    const bar = (x: number, y: number, width: number, height: number): string =>
      JSON.stringify({
        type: 'Polygon',
        coordinates: [
          [
            [x, y],
            [x + width, y],
            [x + width, y + height],
            [x, y + height],
            [x, y],
          ],
        ],
      });
    const frame = [bar(0, 0, 6, 1), bar(0, 5, 6, 1), bar(0, 0, 1, 6), bar(5, 0, 1, 6)].join();
    expect(await evaluate(`array_length(geo_union_polygons_array(dynamic([${frame}])).coordinates)`)).toBe(2);
    expect(await evaluate(`geo_point_in_polygon(3, 3, geo_union_polygons_array(dynamic([${frame}])))`)).toBe(false);
  });
});

describe('straight lines of a map on the sphere', () => {
  it.each([
    [
      'array_length(geo_line_densify(dynamic({"type":"LineString","coordinates":[[0,0],[0.001,0.001]]})).coordinates)',
      2,
    ],
    ['array_length(geo_line_densify(dynamic({"type":"LineString","coordinates":[[0,0],[90,0]]})).coordinates)', 2],
    [
      'array_length(geo_line_densify(dynamic({"type":"LineString","coordinates":[[0,50],[10,50]]}), 10000).coordinates)',
      3,
    ],
    [
      'array_length(geo_line_densify(dynamic({"type":"MultiLineString","coordinates":[[[0,0],[1,1]],[[2,2],[3,3]]]})).coordinates)',
      2,
    ],
    [`array_length(geo_polygon_densify(dynamic(${square(0, 50, 10)}), 10000).coordinates[0]) > 5`, true],
    ['geo_line_densify(dynamic({"type":"LineString","coordinates":[[0,0],[1,1]]}), 0)', null],
    ['geo_line_densify(dynamic({"type":"LineString","coordinates":[[0,0],[1,1]]}), 10001)', null],
    [
      'array_length(geo_line_densify(dynamic({"type":"LineString","coordinates":[[0,50],[10,50]]}), 10000, false).coordinates)',
      3,
    ],
    ['geo_distance_2points(0, 0, 1, 1, false) == geo_distance_2points(0, 0, 1, 1)', true],
    ['geo_line_densify(dynamic(null))', null],
    ['geo_polygon_densify(dynamic({"type":"Polygon","coordinates":[[[10,900],[11,10],[11,11],[10,900]]]}))', null],
  ])('%s', async (expression, expected) => {
    expect(await evaluate(expression)).toEqual(expected);
  });
});

describe('cells', () => {
  it.each([
    ['geo_s2cell_neighbors("")', null],
    ['geo_s2cell_neighbors("a")', null],
    ['array_length(geo_s2cell_neighbors(geo_point_to_s2cell(10, 10, 12)))', 8],
    ['array_length(geo_s2cell_neighbors("1"))', 4],
    ['geo_point_to_h3cell(0, 0, 16)', ''],
    ['geo_point_to_h3cell(181, 0)', ''],
    ['strlen(geo_point_to_h3cell(1, 2))', 15],
    [
      'geo_point_to_h3cell(toreal(geo_h3cell_to_central_point("862a1072fffffff").coordinates[0]), toreal(geo_h3cell_to_central_point("862a1072fffffff").coordinates[1]))',
      '862a1072fffffff',
    ],
    ['geo_h3cell_to_central_point("")', null],
    ['geo_h3cell_to_polygon("x")', null],
    ['array_length(geo_h3cell_to_polygon("8009fffffffffff").coordinates[0])', 6],
    [
      'geo_point_in_polygon(toreal(geo_h3cell_to_central_point("85283473fffffff").coordinates[0]), toreal(geo_h3cell_to_central_point("85283473fffffff").coordinates[1]), geo_h3cell_to_polygon("85283473fffffff"))',
      true,
    ],
    ['array_length(geo_h3cell_neighbors("8009fffffffffff"))', 5],
    ['geo_h3cell_neighbors("abc")', null],
    ['array_length(geo_h3cell_rings("861f8894fffffff", 2)[2])', 12],
    ['geo_h3cell_rings("861f8894fffffff", 143)', null],
    ['geo_h3cell_rings("861f8894fffffff", -1)', null],
    [`array_length(geo_polygon_to_h3cells(dynamic(${square(0, 0, 1)}), 4)) between (5 .. 9)`, true],
    [`geo_polygon_to_h3cells(dynamic(${square(0, 0, 1)}), 16)`, null],
    [`geo_polygon_to_h3cells(dynamic(${square(0, 0, 60)}), 15)`, null],
    [`geo_polygon_to_s2cells(dynamic(${square(0, 0, 60)}), 30)`, null],
    [`geo_polygon_to_s2cells(dynamic(${square(0, 0, 1)}), 31)`, null],
    [`geo_polygon_to_s2cells(dynamic(${square(0, 0, 1)}), 5, -1)`, null],
    [
      `array_index_of(geo_polygon_to_s2cells(dynamic(${square(10, 10, 1)}), 9), geo_point_to_s2cell(10.5, 10.5, 9)) >= 0`,
      true,
    ],
    [
      'array_index_of(geo_line_to_s2cells(dynamic({"type":"LineString","coordinates":[[10,10],[12,10]]}), 12), geo_point_to_s2cell(12, 10, 12)) >= 0',
      true,
    ],
    [
      'array_length(geo_line_to_s2cells(dynamic({"type":"LineString","coordinates":[[10,10],[10.01,10]]}), 12, 20000)) > array_length(geo_line_to_s2cells(dynamic({"type":"LineString","coordinates":[[10,10],[10.01,10]]}), 12))',
      true,
    ],
    ['geo_line_to_s2cells(dynamic(null), 12)', null],
  ])('%s', async (expression, expected) => {
    expect(await evaluate(expression)).toEqual(expected);
  });

  it('come in the order of a table, each once', () => {
    expect(inTableOrder([])).toEqual([]);
    expect(inTableOrder(['b', 'a', 'b']).toSorted()).toEqual(['a', 'b']);
    const many = Array.from({ length: 80_000 }, (_, index) => String(index));
    expect(inTableOrder(many)).toEqual(many);
  });
});
