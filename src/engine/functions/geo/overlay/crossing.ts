import type { Arc } from '../arcs.ts';
import { addVectors, cross, dot, scaleVector, squareOf, subtractVectors, type Vector } from '../sphere.ts';
import { turnOf } from '../triangles.ts';

/** Whether two arcs cross, each with its ends on both sides of the other; touching is no crossing. */
export function arcsCross([a, b]: Arc, [c, d]: Arc): boolean {
  const side = turnOf(a, b, c);
  if (side === 0 || turnOf(a, b, d) !== -side) return false;
  return turnOf(c, d, b) === side && turnOf(c, d, a) === -side;
}

/** Height of a point above the plane of an arc, times the size of the plane's normal; counted from the nearer end. */
function heightOf(point: Vector, pole: Vector, [from, to]: Arc): number {
  const [a, b] = [subtractVectors(point, from), subtractVectors(point, to)];
  return dot(squareOf(a) <= squareOf(b) ? a : b, pole);
}

/** Where two arcs that cross do so: the shorter one is divided by the heights of its ends above the plane of the longer. */
export function crossingOf(first: Arc, second: Arc): Vector {
  const span = ([from, to]: Arc): number => squareOf(subtractVectors(to, from));
  const [long, short] = span(first) < span(second) ? [second, first] : [first, second];
  const pole = cross(subtractVectors(long[0], long[1]), addVectors(long[0], long[1]));
  const [start, end] = [heightOf(short[0], pole, long), heightOf(short[1], pole, long)];
  const point = subtractVectors(scaleVector(short[1], start), scaleVector(short[0], end));
  const unit = scaleVector(point, 1 / Math.sqrt(squareOf(point)));
  const near = addVectors(addVectors(first[0], first[1]), addVectors(second[0], second[1]));
  return dot(near, unit) < 0 ? scaleVector(unit, -1) : unit;
}
