import type { Value } from '../../value.ts';
import { linesOf, positionFrom } from './geometry.ts';
import { angleBetween, arcOf, cross, dot, normal, normalize, type Vector, vectorOf } from './sphere.ts';

/** The angle from a point to the nearest point of an arc. */
function angleToArc(point: Vector, from: Vector, to: Vector): number {
  const pole = normalize(normal(from, to));
  const isBeside = dot(cross(pole, from), point) > 0 && dot(cross(to, pole), point) > 0;
  if (isBeside) return Math.abs(Math.asin(Math.max(-1, Math.min(1, dot(pole, point)))));
  return Math.min(angleBetween(point, from), angleBetween(point, to));
}

/** Whether a place is at most so many meters away from a line; null where either is not valid. */
export function isNearLine(longitude: number, latitude: number, geometry: Value, meters: number): boolean | null {
  const [position, lines] = [positionFrom(longitude, latitude), linesOf(geometry)];
  if (!position || !lines) return null;
  const point = vectorOf(position);
  const reach = arcOf(meters);
  return lines.some((line) => {
    const vectors = line.map(vectorOf);
    return vectors.slice(1).some((to, index) => angleToArc(point, vectors[index] ?? to, to) <= reach);
  });
}
