import type { ScalarFunction, Value } from '../../value.ts';
import { define, withDefault } from '../define.ts';
import { type Arc, arcsLength, arcsOfPoints, nearestArc, projectOnto, weightedMiddle } from './arcs.ts';
import { boxedPosition, geoJson, linesOf, positionFrom } from './geometry.ts';
import { addVectors, angleBetween, EARTH_RADIUS, positionOf, type Vector, vectorOf } from './sphere.ts';

export function pointJson(point: Vector): Value {
  return geoJson('Point', boxedPosition(positionOf(point)));
}

/** The arcs of all lines of a geometry; null where it is no valid line. */
function arcsOfLines(geometry: Value): Arc[] | null {
  return linesOf(geometry)?.flatMap((line) => arcsOfPoints(line.map(vectorOf))) ?? null;
}

function length(geometry: Value): Value {
  const arcs = arcsOfLines(geometry);
  return arcs && arcsLength(arcs) * EARTH_RADIUS;
}

function centroid(geometry: Value): Value {
  const sum = arcsOfLines(geometry)?.map(weightedMiddle).reduce(addVectors, [0, 0, 0]);
  return sum ? pointJson(sum) : null;
}

/** What is asked of the arc that is nearest to a place; null where the place or the line is not valid. */
function atNearest<T>(
  longitude: number,
  latitude: number,
  geometry: Value,
  ask: (
    point: Vector,
    nearest: { readonly arc: Arc; readonly index: number; readonly angle: number },
    arcs: Arc[],
  ) => T,
): T | null {
  const [position, arcs] = [positionFrom(longitude, latitude), arcsOfLines(geometry)];
  const point = position && vectorOf(position);
  const nearest = point && arcs && nearestArc(point, arcs);
  return nearest ? ask(point, nearest, arcs) : null;
}

/** Which part of a line's length lies before its point nearest to a place. */
function locate(geometry: Value, longitude: number, latitude: number): Value {
  if (linesOf(geometry)?.length !== 1) return null;
  return atNearest(longitude, latitude, geometry, (point, { arc, index }, arcs) => {
    const before = arcsLength(arcs.slice(0, index)) + angleBetween(arc[0], projectOnto(point, arc));
    return Math.min(1, before / arcsLength(arcs));
  });
}

/** Lengths of lines, and what of them is nearest to a place. */
export const LINE_MEASURES: readonly ScalarFunction[] = [
  define('geo_line_length', ['dynamic'], length),
  define('geo_line_centroid', ['dynamic'], centroid),
  withDefault(define('geo_line_locate_point', ['dynamic', 'real', 'real'], locate), 3, false),
  define('geo_closest_point_on_line', ['real', 'real', 'dynamic'], (longitude, latitude, line) =>
    atNearest(longitude, latitude, line, (point, { arc }) => pointJson(projectOnto(point, arc))),
  ),
  define('geo_distance_point_to_line', ['real', 'real', 'dynamic'], (longitude, latitude, line) =>
    atNearest(longitude, latitude, line, (_point, { angle }) => angle * EARTH_RADIUS),
  ),
];
