import type { ScalarFunction, Value } from '../../value.ts';
import { define, withDefault } from '../define.ts';
import { boxedPosition, geoJson, linesOf, type Polygon, polygonsOf } from './geometry.ts';
import {
  angleBetween,
  arcOf,
  combine,
  dot,
  type GeoPosition,
  normalize,
  positionOf,
  squareOf,
  subtractVectors,
  type Vector,
  vectorOf,
} from './sphere.ts';
import { leftTurning } from './triangles.ts';

const USUAL_TOLERANCE = 10;
const LEAST_TOLERANCE = 0.1;
const MOST_TOLERANCE = 10_000;
/** Where along a side its distance from the straight line on the map is looked at, from both ends, and what is allowed for that. */
const PROBE = 0.31215691082248315;
const ALLOWANCE = 0.8382999256988851;
/** Halving a side this often is enough for any. */
const DEPTH = 40;

/** A point on the straight line of the map, and where it is on the sphere. */
interface Stop {
  readonly map: GeoPosition;
  readonly point: Vector;
}

function stopAt(map: GeoPosition): Stop {
  const longitude = map[0] - 360 * Math.round(map[0] / 360);
  return { map, point: vectorOf([longitude, map[1]]) };
}

function onMap(a: Stop, b: Stop, share: number): Stop {
  return stopAt([(1 - share) * a.map[0] + share * b.map[0], (1 - share) * a.map[1] + share * b.map[1]]);
}

function onSphere(a: Stop, b: Stop, share: number): Vector {
  const angle = angleBetween(a.point, b.point);
  if (angle === 0) return a.point;
  return normalize(combine(a.point, Math.sin((1 - share) * angle), b.point, Math.sin(share * angle)));
}

function isStraightEnough(a: Stop, b: Stop, chord: number): boolean {
  if (dot(a.point, b.point) < -1e-14) return false;
  return [PROBE, 1 - PROBE].every(
    (share) => squareOf(subtractVectors(onSphere(a, b, share), onMap(a, b, share).point)) <= chord * chord,
  );
}

/** The stops after `a` up to `b`. */
function divide(a: Stop, b: Stop, chord: number, depth: number): Vector[] {
  if (depth === 0 || isStraightEnough(a, b, chord)) return [b.point];
  const middle = onMap(a, b, 0.5);
  return [...divide(a, middle, chord, depth - 1), ...divide(middle, b, chord, depth - 1)];
}

/** Points along straight lines on the map, as many as keep the sphere's arcs between them within the tolerance. */
function densified(line: readonly GeoPosition[], tolerance: number): Vector[] {
  const chord = 2 * Math.sin((ALLOWANCE * arcOf(tolerance)) / 2);
  const [first, ...rest] = line.map(stopAt);
  if (!first) return [];
  const stops = rest.map((stop, index) => divide(index === 0 ? first : (rest[index - 1] ?? stop), stop, chord, DEPTH));
  return [first.point, ...stops.flat()];
}

function isTolerance(tolerance: number): boolean {
  return tolerance >= LEAST_TOLERANCE && tolerance <= MOST_TOLERANCE;
}

function pathJson(points: readonly Vector[]): Value {
  return points.map((point) => boxedPosition(positionOf(point)));
}

function densifyLine(geometry: Value, tolerance = USUAL_TOLERANCE): Value {
  const lines = linesOf(geometry);
  if (!lines || !isTolerance(tolerance)) return null;
  const paths = lines.map((line) => pathJson(densified(line, tolerance)));
  return paths.length === 1 ? geoJson('LineString', paths[0] ?? null) : geoJson('MultiLineString', paths);
}

/** Rings turn left, as the service gives them; holes turn right. */
function densifyPolygon(polygon: Polygon, tolerance: number): Value {
  return polygon.map((ring, index) => {
    const closed = [...ring, ...ring.slice(0, 1)];
    const points = densified(closed, tolerance).slice(0, -1);
    const turned = leftTurning(points);
    const [path] = [index === 0 ? turned : turned.toReversed()];
    return pathJson([...path, ...path.slice(0, 1)]);
  });
}

function densifyPolygons(geometry: Value, tolerance = USUAL_TOLERANCE): Value {
  const polygons = polygonsOf(geometry);
  if (!polygons || !isTolerance(tolerance)) return null;
  const shapes = polygons.map((polygon) => densifyPolygon(polygon, tolerance));
  return shapes.length === 1 ? geoJson('Polygon', shapes[0] ?? null) : geoJson('MultiPolygon', shapes);
}

/** Lines and polygons whose sides are straight on a map, as sides on the sphere. */
export const DENSIFY: readonly ScalarFunction[] = [
  withDefault(define('geo_line_densify', ['dynamic', 'real?'], densifyLine), 2, false),
  withDefault(define('geo_polygon_densify', ['dynamic', 'real?'], densifyPolygons), 2, false),
];
