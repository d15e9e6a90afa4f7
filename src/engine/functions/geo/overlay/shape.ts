import type { Vector } from '../sphere.ts';
import { ringHolds } from './inside.ts';

/** A polygon on the sphere: the ring around it and its holes. Every ring turns left; sides of holes are read backwards. */
export type GeoShape = readonly (readonly Vector[])[];

export function shapesHold(shapes: readonly GeoShape[], point: Vector): boolean {
  return shapes.some(
    ([outer = [], ...holes]) => ringHolds(outer, point) && !holes.some((hole) => ringHolds(hole, point)),
  );
}

/** The rings of shapes so that the inside is always on the left. */
export function orientedRings(shapes: readonly GeoShape[]): (readonly Vector[])[] {
  return shapes.flatMap((rings) => rings.map((ring, index) => (index === 0 ? ring : ring.toReversed())));
}
