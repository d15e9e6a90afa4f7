import type { ScalarFunction, Value } from '../../value.ts';
import { define } from '../define.ts';
import { arcsLength, arcsOfPoints, chordToArc } from './arcs.ts';
import { linesOf } from './geometry.ts';
import { linesJson } from './intersections.ts';
import type { GeoShape } from './overlay/shape.ts';
import { shapesJson, shapesOf, uniteShapes } from './shapes.ts';
import { arcOf, squareOf, subtractVectors, type Vector, vectorOf } from './sphere.ts';
import { readEach } from './unions.ts';

const USUAL_TOLERANCE = 10;
const MOST_TOLERANCE = 7_800_000;

/** The points that keep a line within a distance of what it was: the farthest one stays, and both halves again (Douglas and Peucker). */
function simplifyLine(points: readonly Vector[], chord: number): readonly Vector[] {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || points.length < 3) return points;
  let [farthest, most] = [0, chord * chord];
  points.forEach((point, index) => {
    const distance = index > 0 && index < points.length - 1 ? chordToArc(point, [first, last]) : 0;
    if (distance > most) [farthest, most] = [index, distance];
  });
  if (farthest === 0) return [first, last];
  const before = simplifyLine(points.slice(0, farthest + 1), chord);
  return [...before.slice(0, -1), ...simplifyLine(points.slice(farthest), chord)];
}

/** A ring between its first point and the one farthest from it; fewer than three points are none. */
function simplifyRing(ring: readonly Vector[], chord: number): readonly Vector[] {
  const [first] = ring;
  if (!first) return [];
  const distances = ring.map((point) => squareOf(subtractVectors(point, first)));
  const farthest = distances.indexOf(Math.max(...distances));
  const half = simplifyLine(ring.slice(0, farthest + 1), chord);
  const rest = simplifyLine([...ring.slice(farthest), first], chord);
  const points = [...half.slice(0, -1), ...rest.slice(0, -1)];
  return points.length >= 3 && Math.max(...distances) > chord * chord ? points : [];
}

function chordOf(tolerance: number): number | null {
  return tolerance >= 0 && tolerance <= MOST_TOLERANCE ? 2 * Math.sin(arcOf(tolerance) / 2) : null;
}

function simplifyLines(geometry: Value, tolerance = USUAL_TOLERANCE): Value {
  const [lines, chord] = [linesOf(geometry), chordOf(tolerance)];
  if (!lines || chord === null) return null;
  const simple = lines
    .map((line) => simplifyLine(line.map(vectorOf), chord))
    .filter((line) => arcsLength(arcsOfPoints(line)) > chord);
  return linesJson(simple);
}

function simplifyShapes(shapes: readonly GeoShape[], chord: number): GeoShape[] {
  return shapes.flatMap(([outer = [], ...holes]) => {
    const ring = simplifyRing(outer, chord);
    if (ring.length === 0) return [];
    return [[ring, ...holes.map((hole) => simplifyRing(hole, chord)).filter((hole) => hole.length > 0)]];
  });
}

function simplifyPolygon(geometry: Value, tolerance = USUAL_TOLERANCE): Value {
  const [shapes, chord] = [shapesOf(geometry), chordOf(tolerance)];
  return shapes && chord !== null ? shapesJson(simplifyShapes(shapes, chord)) : null;
}

function simplifyPolygons(polygons: Value, tolerance = USUAL_TOLERANCE): Value {
  const [parts, chord] = [readEach(polygons, shapesOf), chordOf(tolerance)];
  return parts && chord !== null ? shapesJson(simplifyShapes(uniteShapes(parts), chord)) : null;
}

/** Lines and polygons with fewer points. */
export const SIMPLIFY: readonly ScalarFunction[] = [
  define('geo_line_simplify', ['dynamic', 'real?'], simplifyLines),
  define('geo_polygon_simplify', ['dynamic', 'real?'], simplifyPolygon),
  define('geo_simplify_polygons_array', ['dynamic', 'real?'], simplifyPolygons),
];
