import { overlayShapes } from '../../../../src/engine/functions/geo/overlay/overlay.ts';
import type { GeoShape } from '../../../../src/engine/functions/geo/overlay/shape.ts';
import { cross, dot, normalize, subtractVectors, type Vector } from '../../../../src/engine/functions/geo/sphere.ts';

/** A point of a plane that touches the sphere: its straight lines are great circles, so sides that are on one line of it are on one of the sphere. */
export type LatticePoint = readonly [number, number];

/** Where the plane touches, as three turns, and how large one unit of it is, in radians. */
export interface Plane {
  readonly turns: readonly [number, number, number];
  readonly unit: number;
}

function turned([x, y, z]: Vector, turn: number): Vector {
  return [y, x * Math.cos(turn) - z * Math.sin(turn), x * Math.sin(turn) + z * Math.cos(turn)];
}

function onSphere([x, y]: LatticePoint, { turns, unit }: Plane): Vector {
  return normalize(turns.reduce<Vector>(turned, [x * unit, y * unit, 1]));
}

/** The polygon with these corners. It may turn either way on the plane, and turns left on the sphere. */
export function latticeShape(corners: readonly LatticePoint[], plane: Plane): GeoShape {
  const ring = corners.map((corner) => onSphere(corner, plane));
  return [areaOfShapes([[ring]]) < 0 ? ring.toReversed() : ring];
}

function areaOfTriangle(a: Vector, b: Vector, c: Vector): number {
  const height = dot(a, cross(subtractVectors(b, a), subtractVectors(c, a)));
  return 2 * Math.atan2(height, 1 + dot(a, b) + dot(b, c) + dot(c, a));
}

/** Area on the unit sphere, by another formula than the engine's: exact also for triangles that are hardly any. */
export function areaOfShapes(shapes: readonly GeoShape[]): number {
  const ofRing = (ring: readonly Vector[]): number =>
    ring.reduce((sum, to, at) => sum + areaOfTriangle(ring[0] ?? to, ring[at - 1] ?? to, to), 0);
  const ofShape = (rings: GeoShape): number =>
    rings.reduce((sum, ring, at) => sum + (at === 0 ? 1 : -1) * ofRing(ring), 0);
  return shapes.reduce((sum, rings) => sum + ofShape(rings), 0);
}

/** Areas of what two sets of shapes have together and in common, in both orders. */
export function overlayAreas(a: readonly GeoShape[], b: readonly GeoShape[]): { unions: number[]; commons: number[] } {
  const areas = (kind: 'union' | 'intersection'): number[] =>
    [overlayShapes(a, b, kind), overlayShapes(b, a, kind)].map(({ shapes }) => areaOfShapes(shapes));
  return { unions: areas('union'), commons: areas('intersection') };
}
