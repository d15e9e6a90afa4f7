import { arcTangent, sineAndCosine } from './trigonometry.ts';

/** A point of the unit sphere. */
export type Vector = readonly [number, number, number];

/** Longitude and latitude in degrees. */
export type GeoPosition = readonly [number, number];

const RADIANS = Math.PI / 180;
const DEGREES = 180 / Math.PI;
/** The sphere that distances are measured on, in meters. */
export const EARTH_RADIUS = 6_371_010;

export function vectorOf([longitude, latitude]: GeoPosition): Vector {
  const [[sinTheta, cosTheta], [sinPhi, cosPhi]] = [
    sineAndCosine(longitude * RADIANS),
    sineAndCosine(latitude * RADIANS),
  ];
  return [cosTheta * cosPhi, sinTheta * cosPhi, sinPhi];
}

export function positionOf([x, y, z]: Vector): GeoPosition {
  return [DEGREES * arcTangent(y, x), DEGREES * arcTangent(z, Math.sqrt(x * x + y * y))];
}

export function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

export function combine(a: Vector, factorA: number, b: Vector, factorB: number): Vector {
  return [a[0] * factorA + b[0] * factorB, a[1] * factorA + b[1] * factorB, a[2] * factorA + b[2] * factorB];
}

export function normalize(a: Vector): Vector {
  const size = Math.sqrt(dot(a, a));
  return size === 0 ? a : scaleVector(a, 1 / size);
}

export function scaleVector(a: Vector, factor: number): Vector {
  return [a[0] * factor, a[1] * factor, a[2] * factor];
}

export function addVectors(a: Vector, b: Vector): Vector {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

export function subtractVectors(a: Vector, b: Vector): Vector {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

export function squareOf(a: Vector): number {
  return dot(a, a);
}

/** Cross product that stays exact for points close to each other. */
export function normal(a: Vector, b: Vector): Vector {
  return cross(combine(a, 1, b, 1), combine(b, 1, a, -1));
}

export function angleBetween(a: Vector, b: Vector): number {
  const product = cross(a, b);
  return arcTangent(Math.sqrt(dot(product, product)), dot(a, b));
}

/** Meters along the great circle (haversine). */
export function distanceOf(a: GeoPosition, b: GeoPosition): number {
  const [north, east] = [
    Math.sin(0.5 * (b[1] * RADIANS - a[1] * RADIANS)),
    Math.sin(0.5 * (b[0] * RADIANS - a[0] * RADIANS)),
  ];
  const x = north * north + east * east * Math.cos(a[1] * RADIANS) * Math.cos(b[1] * RADIANS);
  return 2 * Math.asin(Math.sqrt(Math.min(1, x))) * EARTH_RADIUS;
}

/** The angle at the center of the earth that a way of so many meters has. */
export function arcOf(meters: number): number {
  return meters / EARTH_RADIUS;
}

/** Direction from one point to another, clockwise from north, 0 to 2 pi. */
export function azimuthOf(a: GeoPosition, b: GeoPosition): number {
  const turn = (b[0] - a[0]) * RADIANS;
  const [from, to] = [a[1] * RADIANS, b[1] * RADIANS];
  const azimuth = Math.atan2(
    Math.sin(turn) * Math.cos(to),
    Math.cos(from) * Math.sin(to) - Math.sin(from) * Math.cos(to) * Math.cos(turn),
  );
  return azimuth < 0 ? azimuth + 2 * Math.PI : azimuth;
}

/** On which side of the great circle from a to b the point c lies: 1 left, -1 right, 0 on it. */
function side(a: Vector, b: Vector, c: Vector): number {
  return Math.sign(dot(normal(a, b), c));
}

/** Whether two arcs cross or touch. */
export function arcsMeet(a: Vector, b: Vector, c: Vector, d: Vector): boolean {
  const [abc, abd, cda, cdb] = [side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)];
  if (abc * abd > 0 || cda * cdb > 0) return false;
  const near = combine(combine(a, 1, b, 1), 1, combine(c, 1, d, 1), 0);
  return dot(near, combine(c, 1, d, 1)) > 0;
}
