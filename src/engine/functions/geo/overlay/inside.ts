import { addVectors, cross, dot, type Vector } from '../sphere.ts';
import { arcTangent } from '../trigonometry.ts';

/** The turn that a ring makes around a point, in whole turns. */
function turnsAround(ring: readonly Vector[], point: Vector): number {
  const pole: Vector = Math.abs(point[2]) < 0.9 ? [0, 0, 1] : [1, 0, 0];
  const right = cross(pole, point);
  const ahead = cross(point, right);
  const headings = ring.map((vertex) => arcTangent(dot(vertex, right), dot(vertex, ahead)));
  const total = headings.reduce((sum, heading, index) => {
    const step = (headings[(index + 1) % headings.length] ?? 0) - heading;
    return sum + (step > Math.PI ? step - 2 * Math.PI : step < -Math.PI ? step + 2 * Math.PI : step);
  }, 0);
  return Math.abs(Math.round(total / (2 * Math.PI)));
}

/** Whether a ring goes around a point. Rings are smaller than a hemisphere, so that a point on the far side is outside. */
export function ringHolds(ring: readonly Vector[], point: Vector): boolean {
  const middle = ring.reduce(addVectors, [0, 0, 0]);
  return dot(middle, point) > 0 && turnsAround(ring, point) % 2 === 1;
}
