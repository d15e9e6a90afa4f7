import type { ScalarFunction, Value } from '../../value.ts';
import { define } from '../define.ts';
import { type Arc, arcsOfPoints } from './arcs.ts';
import { linesOf, positionFrom } from './geometry.ts';
import type { GeoShape } from './overlay/shape.ts';
import { shapesJson, shapesOf, uniteShapes } from './shapes.ts';
import {
  addVectors,
  arcOf,
  cross,
  EARTH_RADIUS,
  normal,
  normalize,
  scaleVector,
  type Vector,
  vectorOf,
} from './sphere.ts';

const USUAL_TOLERANCE = 10;
const FEWEST_CORNERS = 8;
const MOST_CORNERS = 3000;

/** The turn from one corner to the next, so that no side is nearer to the middle than the tolerance allows. */
function stepFor(radius: number, tolerance: number): number {
  const step = 2 * Math.acos(1 - Math.min(tolerance, radius / 2) / radius);
  return Math.max((2 * Math.PI) / MOST_CORNERS, Math.min((2 * Math.PI) / FEWEST_CORNERS, step));
}

/** Points at a distance from a center, from one direction of its tangent plane to another, turning left. */
function arcAround(center: Vector, ahead: Vector, angle: number, turn: number, step: number): Vector[] {
  const left = cross(center, ahead);
  const turns = Array.from({ length: Math.ceil(turn / step - 1e-9) }, (_, index) => index * step);
  return turns.map((at) => {
    const direction = addVectors(scaleVector(ahead, Math.cos(at)), scaleVector(left, Math.sin(at)));
    return normalize(addVectors(scaleVector(center, Math.cos(angle)), scaleVector(direction, Math.sin(angle))));
  });
}

function northOf(center: Vector): Vector {
  const pole: Vector = Math.abs(center[2]) < 0.999 ? [0, 0, 1] : [1, 0, 0];
  return normalize(cross(center, cross(pole, center)));
}

function circle(center: Vector, radius: number, tolerance: number): GeoShape {
  const corners = Math.ceil((2 * Math.PI) / stepFor(radius, tolerance));
  return [arcAround(center, northOf(center), arcOf(radius), 2 * Math.PI, (2 * Math.PI) / corners)];
}

/** All places within the radius of an arc: half a circle at each end. */
function capsule([from, to]: Arc, radius: number, tolerance: number): GeoShape {
  const pole = normalize(normal(from, to));
  const step = stepFor(radius, tolerance);
  const angle = arcOf(radius);
  const back = scaleVector(pole, -1);
  const beside = (center: Vector, direction: Vector): Vector =>
    arcAround(center, direction, angle, step, step)[0] ?? center;
  return [
    [
      ...arcAround(from, pole, angle, Math.PI, step),
      beside(from, back),
      ...arcAround(to, back, angle, Math.PI, step),
      beside(to, pole),
    ],
  ];
}

/** A radius that is none, or covers half of the earth, is not valid. */
function isValid(radius: number, tolerance: number): boolean {
  return radius > 0 && tolerance > 0 && radius < (EARTH_RADIUS * Math.PI) / 2;
}

function aroundPoint(longitude: number, latitude: number, radius: number, tolerance = USUAL_TOLERANCE): Value {
  const position = positionFrom(longitude, latitude);
  if (!position || !isValid(radius, tolerance)) return null;
  return shapesJson([circle(vectorOf(position), radius, tolerance)]);
}

function around(sides: readonly Arc[], shapes: readonly GeoShape[], radius: number, tolerance: number): Value {
  const parts = sides.map((side) => [capsule(side, radius, tolerance)]);
  return shapesJson(uniteShapes([...(shapes.length > 0 ? [shapes] : []), ...parts]));
}

function aroundLine(geometry: Value, radius: number, tolerance = USUAL_TOLERANCE): Value {
  const lines = linesOf(geometry);
  if (!lines || !isValid(radius, tolerance)) return null;
  return around(
    lines.flatMap((line) => arcsOfPoints(line.map(vectorOf))),
    [],
    radius,
    tolerance,
  );
}

function aroundPolygon(geometry: Value, radius: number, tolerance = USUAL_TOLERANCE): Value {
  const shapes = shapesOf(geometry);
  if (!shapes || !isValid(radius, tolerance)) return null;
  return around(
    shapes.flatMap((rings) => rings.flatMap((ring) => arcsOfPoints(ring, true))),
    shapes,
    radius,
    tolerance,
  );
}

/** Polygons around points, lines and polygons. Their corners are ours: see docs/kql-differences.md. */
export const BUFFERS: readonly ScalarFunction[] = [
  define('geo_point_buffer', ['real', 'real', 'real', 'real?'], aroundPoint),
  define('geo_line_buffer', ['dynamic', 'real', 'real?'], aroundLine),
  define('geo_polygon_buffer', ['dynamic', 'real', 'real?'], aroundPolygon),
];
