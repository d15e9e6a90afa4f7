import type { Vector } from '../sphere.ts';
import { ringHolds } from './inside.ts';
import type { Arrangement } from './pieces.ts';

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

/**
 * Shapes with their sides as they were cut, of which the first has that number: holes may turn either way. Cutting moves sides to sites by as much
 * as may lie between two sides, so whether a piece is inside is asked of these shapes, never of those that were given.
 */
export function shapesAsCut(
  shapes: readonly GeoShape[],
  firstSide: number,
  { pieces, sites }: Arrangement,
): GeoShape[] {
  const bySide: Vector[][] = [];
  for (const { from, side } of pieces) {
    const points = bySide[side] ?? [];
    points.push(sites.pointAt(from));
    bySide[side] = points;
  }
  let side = firstSide;
  const asCut = (ring: readonly Vector[]): Vector[] =>
    ring.flatMap(() => {
      side += 1;
      return bySide[side - 1] ?? [];
    });
  return shapes.map((rings) => rings.map(asCut));
}
