import {
  addVectors,
  angleBetween,
  cross,
  dot,
  normal,
  normalize,
  scaleVector,
  squareOf,
  subtractVectors,
  type Vector,
} from './sphere.ts';

/** The shorter way between two points of the sphere. */
export type Arc = readonly [Vector, Vector];

/** The arcs of a line; of a ring where it is closed. */
export function arcsOfPoints(points: readonly Vector[], isClosed = false): Arc[] {
  const [first] = points;
  const ends = isClosed && first ? [...points.slice(1), first] : points.slice(1);
  return ends.map((to, index) => [points[index] ?? to, to]);
}

/** Angle of all arcs together. */
export function arcsLength(arcs: readonly Arc[]): number {
  return arcs.reduce((sum, [from, to]) => sum + angleBetween(from, to), 0);
}

/** Twice the chord's half, as an angle: exact for points close to each other. */
function angleOfChord(square: number): number {
  return 2 * Math.asin(0.5 * Math.sqrt(Math.min(4, square)));
}

/** The square of the chord from a point to the nearest point of an arc. */
export function chordToArc(point: Vector, [from, to]: Arc): number {
  const [a, b] = [squareOf(subtractVectors(point, from)), squareOf(subtractVectors(point, to))];
  const least = Math.min(a, b);
  if (Math.max(a, b) >= least + squareOf(subtractVectors(from, to))) return least;
  const pole = normal(from, to);
  const side = cross(pole, point);
  if (dot(subtractVectors(from, point), side) >= 0 || dot(subtractVectors(to, point), side) <= 0) return least;
  const size = squareOf(pole);
  const height = dot(point, pole);
  const rest = 1 - Math.sqrt(squareOf(side) / size);
  return Math.min(least, (height * height) / size + rest * rest);
}

export interface NearestArc {
  readonly arc: Arc;
  readonly index: number;
  readonly angle: number;
}

/** The arc that is nearest to a point, the first of several. */
export function nearestArc(point: Vector, arcs: readonly Arc[]): NearestArc | null {
  const chords = arcs.map((arc) => chordToArc(point, arc));
  const least = chords.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY);
  const index = chords.indexOf(least);
  const arc = arcs[index];
  return arc ? { arc, index, angle: angleOfChord(least) } : null;
}

/** The point of an arc that is nearest to another. */
export function projectOnto(point: Vector, [from, to]: Arc): Vector {
  const pole = normalize(normal(from, to));
  const near = normalize(cross(normal(pole, point), pole));
  const isBeside = dot(cross(pole, from), near) > 0 && dot(cross(to, pole), near) > 0;
  if (isBeside) return near;
  return squareOf(subtractVectors(point, from)) <= squareOf(subtractVectors(point, to)) ? from : to;
}

/** The middle of an arc, as long as the arc is. */
export function weightedMiddle([from, to]: Arc): Vector {
  const sum = addVectors(from, to);
  const across = squareOf(sum);
  return across === 0 ? [0, 0, 0] : scaleVector(sum, Math.sqrt(squareOf(subtractVectors(from, to)) / across));
}
