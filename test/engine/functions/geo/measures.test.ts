import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { arcSine, arcTangent, sineAndCosine, tangent } from '../../../../src/engine/functions/geo/trigonometry.ts';
import { evaluate } from '../../evaluate.ts';

const RADIUS = 6_371_010;
const line = (...points: readonly (readonly number[])[]): string =>
  `dynamic({"type":"LineString","coordinates":${JSON.stringify(points)}})`;
const polygon = (...rings: readonly (readonly (readonly number[])[])[]): string =>
  `dynamic({"type":"Polygon","coordinates":${JSON.stringify(rings)}})`;
const several = (...polygons: readonly unknown[]): string =>
  `dynamic({"type":"MultiPolygon","coordinates":${JSON.stringify(polygons)}})`;

const OCTANT = polygon([
  [0, 0],
  [90, 0],
  [0, 90],
  [0, 0],
]);
const SQUARE = [
  [0, 0],
  [2, 0],
  [2, 2],
  [0, 2],
  [0, 0],
];
const HOLE = [
  [0.5, 0.5],
  [0.5, 1],
  [1, 1],
  [1, 0.5],
  [0.5, 0.5],
];
const NEXT = SQUARE.map(([x = 0, y = 0]) => [x + 1, y]);
const APART = SQUARE.map(([x = 0, y = 0]) => [x + 10, y]);

describe('lengths and areas', () => {
  it.each([
    [`geo_line_length(${line([0, 0], [90, 0], [90, 90])})`, RADIUS * Math.PI],
    [
      'geo_line_length(dynamic({"type":"MultiLineString","coordinates":[[[0,0],[0,45]],[[9,0],[9,45]]]}))',
      (RADIUS * Math.PI) / 2,
    ],
    [`geo_polygon_area(${OCTANT})`, (RADIUS * RADIUS * Math.PI) / 2],
    [`geo_polygon_perimeter(${OCTANT})`, (RADIUS * Math.PI * 3) / 2],
    [`geo_distance_point_to_line(0, 1, ${line([-5, 0], [5, 0])})`, (RADIUS * Math.PI) / 180],
    [`geo_distance_point_to_line(6, 0, ${line([-5, 0], [5, 0])})`, (RADIUS * Math.PI) / 180],
    [`geo_distance_point_to_polygon(1, 1, ${polygon(SQUARE)})`, 0],
    [`geo_distance_point_to_polygon(1, -1, ${polygon(SQUARE)})`, (RADIUS * Math.PI) / 180],
    [`geo_line_locate_point(${line([0, 0], [4, 0])}, 1, 0)`, 0.25],
    [`geo_line_locate_point(${line([0, 0], [4, 0])}, -9, 0)`, 0],
    ['geo_angle(0, 0, 0, 1, 1, 1)', (3 * Math.PI) / 2],
    ['geo_angle(0, 10, 0, 5, 3, -10)', 2.94493843406882],
  ])('%s', async (expression, expected) => {
    const value = Number(await evaluate(expression));
    expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-3 * Math.abs(expected));
  });

  it('cut holes out and count what polygons share once', async () => {
    const area = async (shape: string): Promise<number> => Number(await evaluate(`geo_polygon_area(${shape})`));
    const whole = await area(polygon(SQUARE));
    const hole = await area(polygon(HOLE));
    expect(await area(polygon(SQUARE, HOLE))).toBeCloseTo(whole - hole, -2);
    expect((await area(several([SQUARE], [NEXT]))) / whole).toBeCloseTo(1.5, 2);
    expect((await area(several([SQUARE], [APART]))) / whole).toBeCloseTo(2, 8);
    expect((await area(several([SQUARE], [SQUARE]))) / whole).toBeCloseTo(1, 12);
    expect((await area(polygon(SQUARE.toReversed()))) / whole).toBeCloseTo(1, 12);
  });
});

describe('places on shapes', () => {
  it.each([
    [`geo_line_centroid(${line([0, 0], [2, 0])}).coordinates`, [1, 0]],
    [`geo_polygon_centroid(${polygon(SQUARE.map(([x = 0, y = 0]) => [x - 1, y - 1]))}).coordinates`, [0, 0]],
    [`geo_closest_point_on_line(1, 1, ${line([0, 0], [2, 0])}).coordinates`, [1, 0]],
    [`geo_closest_point_on_line(3, 0, ${line([0, 0], [2, 0])}).coordinates`, [2, 0]],
    [`geo_closest_point_on_polygon(1, 1, ${polygon(SQUARE)}).coordinates`, [1, 1]],
    [`geo_closest_point_on_polygon(1, -1, ${polygon(SQUARE)}).coordinates`, [1, 0]],
  ])('%s', async (expression, expected) => {
    const found = (await evaluate(expression)) as readonly number[];
    expect(found.map((part) => Math.round(part * 1e9) / 1e9 + 0)).toEqual(expected);
  });

  it.each([
    ...[
      'geo_line_length',
      'geo_line_centroid',
      'geo_polygon_area',
      'geo_polygon_perimeter',
      'geo_polygon_centroid',
    ].flatMap((name) => [
      `${name}(dynamic(null))`,
      `${name}(dynamic({"type":"LineString","coordinates":[[1,1]]}))`,
      `${name}(dynamic({}))`,
    ]),
    `geo_closest_point_on_line(300, 1, ${line([0, 0], [1, 1])})`,
    `geo_closest_point_on_polygon(1, 100, ${polygon(SQUARE)})`,
    `geo_distance_point_to_line(real(null), 1, ${line([0, 0], [1, 1])})`,
    'geo_distance_point_to_polygon(1, 1, dynamic({"type":"Polygon"}))',
    `geo_line_locate_point(dynamic({"type":"MultiLineString","coordinates":[[[0,0],[1,1]],[[2,2],[3,3]]]}), 1, 1)`,
    'geo_angle(0, 0, 0, 0, 1, 1)',
  ])('gives null for %s', async (expression) => {
    expect(await evaluate(expression)).toBeNull();
  });
});

describe('trigonometry with twice the digits', () => {
  it('agrees with the engine to within its last bits, and with itself', () => {
    fc.assert(
      fc.property(fc.double({ min: -3.14, max: 3.14, noNaN: true }), (angle) => {
        const [sin, cos] = sineAndCosine(angle);
        expect(Math.abs(sin - Math.sin(angle))).toBeLessThan(3e-16);
        expect(Math.abs(cos - Math.cos(angle))).toBeLessThan(3e-16);
        expect(Math.abs(arcTangent(sin, cos) - angle)).toBeLessThan(1e-15);
        if (Math.abs(angle) < 1.5) {
          expect(Math.abs(tangent(angle) - Math.tan(angle))).toBeLessThanOrEqual(1e-15 * (1 + Math.tan(angle) ** 2));
          expect(Math.abs(arcSine(sin) - angle)).toBeLessThan(2e-14);
        }
      }),
    );
  });

  it('rounds where the engine does not', () => {
    // sin(22) = -0.008851309290403875921…, and sin(pi) is what pi lacks of half a circle.
    expect(sineAndCosine(22)[0]).toBe(-0.008851309290403876);
    expect(sineAndCosine(Math.PI)[0]).toBe(1.2246467991473532e-16);
    expect(arcTangent(0, -1)).toBe(Math.PI);
  });
});
