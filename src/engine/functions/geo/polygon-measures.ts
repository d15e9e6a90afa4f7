import type { ScalarFunction, Value } from '../../value.ts';
import { define } from '../define.ts';
import { arcsLength, arcsOfPoints, type NearestArc, nearestArc, projectOnto } from './arcs.ts';
import { positionFrom } from './geometry.ts';
import { pointJson } from './line-measures.ts';
import { pointInPolygon } from './measures.ts';
import type { GeoShape } from './overlay/shape.ts';
import { shapesOf } from './shapes.ts';
import { addVectors, EARTH_RADIUS, scaleVector, type Vector, vectorOf } from './sphere.ts';
import { centerOfMass, signedArea } from './triangles.ts';

/** A sum over rings, in which holes count against what they are cut out of. */
function overRings(shapes: readonly GeoShape[], measure: (ring: readonly Vector[]) => Vector): Vector {
  return shapes
    .flatMap((rings) => rings.map((ring, index) => scaleVector(measure(ring), index === 0 ? 1 : -1)))
    .reduce(addVectors, [0, 0, 0]);
}

function area(geometry: Value): Value {
  const shapes = shapesOf(geometry);
  return shapes && overRings(shapes, (ring) => [signedArea(ring), 0, 0])[0] * EARTH_RADIUS * EARTH_RADIUS;
}

function perimeter(geometry: Value): Value {
  const shapes = shapesOf(geometry);
  return (
    shapes && arcsLength(shapes.flatMap((rings) => rings.flatMap((ring) => arcsOfPoints(ring, true)))) * EARTH_RADIUS
  );
}

function centroid(geometry: Value): Value {
  const shapes = shapesOf(geometry);
  return shapes && pointJson(overRings(shapes, centerOfMass));
}

/** The side of a polygon that is nearest to a place; null where either is not valid. */
function nearestSide(longitude: number, latitude: number, geometry: Value): (NearestArc & { point: Vector }) | null {
  const [position, shapes] = [positionFrom(longitude, latitude), shapesOf(geometry)];
  if (!position || !shapes) return null;
  const point = vectorOf(position);
  const nearest = nearestArc(
    point,
    shapes.flatMap((rings) => rings.flatMap((ring) => arcsOfPoints(ring, true))),
  );
  return nearest && { ...nearest, point };
}

/** Meters from a place to a polygon, 0 within it; null where either is not valid. */
export function distanceToPolygon(longitude: number, latitude: number, geometry: Value): Value {
  const nearest = nearestSide(longitude, latitude, geometry);
  if (!nearest) return null;
  return pointInPolygon(longitude, latitude, geometry) === true ? 0 : nearest.angle * EARTH_RADIUS;
}

/** A place inside is its own nearest one. */
function closestPoint(longitude: number, latitude: number, geometry: Value): Value {
  const nearest = nearestSide(longitude, latitude, geometry);
  if (!nearest) return null;
  const isInside = pointInPolygon(longitude, latitude, geometry) === true;
  return pointJson(isInside ? nearest.point : projectOnto(nearest.point, nearest.arc));
}

/** Sizes of polygons, and what of them is nearest to a place. */
export const POLYGON_MEASURES: readonly ScalarFunction[] = [
  define('geo_polygon_area', ['dynamic'], area),
  define('geo_polygon_perimeter', ['dynamic'], perimeter),
  define('geo_polygon_centroid', ['dynamic'], centroid),
  define('geo_distance_point_to_polygon', ['real', 'real', 'dynamic'], distanceToPolygon),
  define('geo_closest_point_on_polygon', ['real', 'real', 'dynamic'], closestPoint),
];
