import type { ScalarFunction, Value } from '../../value.ts';
import { define, withDefault } from '../define.ts';
import { boxedPosition, geoJson, linesOf, type Polygon, polygonsOf, positionFrom } from './geometry.ts';
import {
  angleBetween,
  arcsMeet,
  azimuthOf,
  combine,
  cross,
  distanceOf,
  dot,
  type GeoPosition,
  normal,
  normalize,
  positionOf,
  type Vector,
  vectorOf,
} from './sphere.ts';

function onTwoPoints(name: string, measure: (a: GeoPosition, b: GeoPosition) => number | null): ScalarFunction {
  return define(name, ['real', 'real', 'real', 'real'], (lng1, lat1, lng2, lat2) => {
    const [a, b] = [positionFrom(lng1, lat1), positionFrom(lng2, lat2)];
    return a && b && measure(a, b);
  });
}

function isSame(a: GeoPosition, b: GeoPosition): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

function inCircle(lng: number, lat: number, centerLng: number, centerLat: number, radius: number): Value {
  const [point, center] = [positionFrom(lng, lat), positionFrom(centerLng, centerLat)];
  return point && center && radius >= 0 ? distanceOf(point, center) <= radius : null;
}

/** The turn that the ring makes around the point, in directions seen from it. */
function turnsAround(ring: readonly GeoPosition[], point: GeoPosition): number {
  const directions = ring.map((vertex) => azimuthOf(point, vertex));
  const total = directions.reduce((sum, direction, index) => {
    const step = (directions[(index + 1) % directions.length] ?? 0) - direction;
    return sum + (step > Math.PI ? step - 2 * Math.PI : step < -Math.PI ? step + 2 * Math.PI : step);
  }, 0);
  return Math.abs(Math.round(total / (2 * Math.PI)));
}

/** Rings are smaller than a hemisphere, so that a point on the far side is outside. */
function inRing(ring: readonly GeoPosition[], point: GeoPosition): boolean {
  const middle = ring.map(vectorOf).reduce<Vector>((sum, one) => combine(sum, 1, one, 1), [0, 0, 0]);
  return dot(middle, vectorOf(point)) > 0 && turnsAround(ring, point) % 2 === 1;
}

function inPolygon([outer = [], ...holes]: Polygon, point: GeoPosition): boolean {
  return inRing(outer, point) && !holes.some((hole) => inRing(hole, point));
}

/** Whether a longitude and latitude are on the map. */
export function hasPosition(longitude: number, latitude: number): boolean {
  return positionFrom(longitude, latitude) !== null;
}

/** Whether a place lies in a polygon; null where either is not valid. */
export function pointInPolygon(lng: number, lat: number, geometry: Value): Value {
  const [point, polygons] = [positionFrom(lng, lat), polygonsOf(geometry)];
  return point && polygons ? polygons.some((polygon) => inPolygon(polygon, point)) : null;
}

type Arc = readonly [Vector, Vector];

function arcsOf(line: readonly GeoPosition[]): Arc[] {
  const vectors = line.map(vectorOf);
  return vectors.slice(1).map((to, index) => [vectors[index] ?? to, to]);
}

function outlines(polygons: readonly Polygon[]): Arc[] {
  return polygons.flatMap((polygon) => polygon.flatMap((ring) => arcsOf([...ring, ...ring.slice(0, 1)])));
}

function anyMeet(first: readonly Arc[], second: readonly Arc[]): boolean {
  return first.some(([a, b]) => second.some(([c, d]) => arcsMeet(a, b, c, d)));
}

function linesIntersect(a: Value, b: Value): Value {
  const [first, second] = [linesOf(a), linesOf(b)];
  return first && second && anyMeet(first.flatMap(arcsOf), second.flatMap(arcsOf));
}

function holdsStart(polygons: readonly Polygon[], shapes: readonly (readonly GeoPosition[])[]): boolean {
  return shapes.some(([start]) => start && polygons.some((polygon) => inPolygon(polygon, start)));
}

function lineIntersectsPolygon(line: Value, polygon: Value): Value {
  const [lines, polygons] = [linesOf(line), polygonsOf(polygon)];
  if (!lines || !polygons) return null;
  return anyMeet(lines.flatMap(arcsOf), outlines(polygons)) || holdsStart(polygons, lines);
}

function polygonsIntersect(a: Value, b: Value): Value {
  const [first, second] = [polygonsOf(a), polygonsOf(b)];
  if (!first || !second) return null;
  const outer = (polygons: readonly Polygon[]) => polygons.map(([ring = []]) => ring);
  return (
    anyMeet(outlines(first), outlines(second)) || holdsStart(first, outer(second)) || holdsStart(second, outer(first))
  );
}

/** The point at an angle from the start of an arc. */
function alongArc([from, to]: Arc, angle: number): Vector {
  const ahead = normalize(cross(normal(from, to), from));
  return normalize(combine(from, Math.cos(angle), ahead, Math.sin(angle)));
}

/** The point after the given part (0 to 1) of a line's length. */
function interpolate(geometry: Value, fraction: number): Value {
  const lines = linesOf(geometry);
  if (lines?.length !== 1 || !(fraction >= 0 && fraction <= 1)) return null;
  const arcs = lines.flatMap(arcsOf);
  let left = fraction * arcs.reduce((sum, [a, b]) => sum + angleBetween(a, b), 0);
  for (const arc of arcs) {
    const angle = angleBetween(...arc);
    if (left < angle) return geoJson('Point', boxedPosition(positionOf(alongArc(arc, left))));
    left -= angle;
  }
  const end = lines[0]?.at(-1);
  return end ? geoJson('Point', boxedPosition(end)) : null;
}

/** The turn at the middle one of three places, clockwise from the first line to the second. */
function angleAt(points: readonly (GeoPosition | null)[]): Value {
  const [first, middle, last] = points;
  if (!first || !middle || !last || isSame(first, middle) || isSame(middle, last)) return null;
  const angle = azimuthOf(middle, last) - azimuthOf(middle, first);
  return angle < 0 ? angle + 2 * Math.PI : angle;
}

/** Distances, directions and relations on the sphere. */
export const GEO_MEASURES: readonly ScalarFunction[] = [
  withDefault(onTwoPoints('geo_distance_2points', distanceOf), 4, false),
  onTwoPoints('geo_azimuth', (a, b) => (isSame(a, b) ? null : azimuthOf(a, b))),
  define('geo_angle', ['real', 'real', 'real', 'real', 'real', 'real'], (x1, y1, x2, y2, x3, y3) =>
    angleAt([positionFrom(x1, y1), positionFrom(x2, y2), positionFrom(x3, y3)]),
  ),
  define('geo_point_in_circle', ['real', 'real', 'real', 'real', 'real'], inCircle),
  define('geo_point_in_polygon', ['real', 'real', 'dynamic'], pointInPolygon),
  define('geo_intersects_2lines', ['dynamic', 'dynamic'], linesIntersect),
  define('geo_intersects_line_with_polygon', ['dynamic', 'dynamic'], lineIntersectsPolygon),
  define('geo_intersects_2polygons', ['dynamic', 'dynamic'], polygonsIntersect),
  define('geo_line_interpolate_point', ['dynamic', 'real'], interpolate),
];
