import { addVectors, angleBetween, cross, dot, normal, scaleVector, type Vector } from './sphere.ts';
import { arcTangent, sineAndCosine, tangent } from './trigonometry.ts';

/** Below this half perimeter the formula of the sides is exact whatever the triangle. */
const SMALL = 3e-4;

/** 1 where the points turn left, -1 where they turn right. */
export function turnOf(a: Vector, b: Vector, c: Vector): number {
  return Math.sign(dot(normal(a, b), c));
}

/** Area by the angles of a triangle: better for long thin ones. */
function areaByAngles(a: Vector, b: Vector, c: Vector): number {
  const [ab, bc, ac] = [normal(a, b), normal(b, c), normal(a, c)];
  return Math.max(0, angleBetween(ab, ac) - angleBetween(ab, bc) + angleBetween(bc, ac));
}

/** Area of a triangle on the unit sphere, by its sides (l'Huilier). */
function areaOf(a: Vector, b: Vector, c: Vector): number {
  const sides = [angleBetween(b, c), angleBetween(c, a), angleBetween(a, b)] as const;
  const half = 0.5 * (sides[0] + sides[1] + sides[2]);
  const thinness = half - Math.max(...sides);
  if (half >= SMALL && thinness < 1e-2 * half * half * half * half * half) {
    const area = areaByAngles(a, b, c);
    if (thinness < half * (0.1 * (area + 5e-15))) return area;
  }
  const product = sides.reduce((sum, side) => sum * tangent(0.5 * (half - side)), tangent(0.5 * half));
  return 4 * arcTangent(Math.sqrt(Math.max(0, product)), 1);
}

function ratioOf(angle: number): number {
  return angle === 0 ? 1 : angle / sineAndCosine(angle)[0];
}

/** The center of mass of a triangle, as long as the triangle is large. */
function massOf(a: Vector, b: Vector, c: Vector): Vector {
  const [ra, rb, rc] = [ratioOf(angleBetween(b, c)), ratioOf(angleBetween(c, a)), ratioOf(angleBetween(a, b))];
  const row = (axis: 0 | 1 | 2): Vector => [a[axis], b[axis] - a[axis], c[axis] - a[axis]];
  const [x, y, z] = [row(0), row(1), row(2)];
  const ratios: Vector = [ra, rb - ra, rc - ra];
  return scaleVector([dot(cross(y, z), ratios), dot(cross(z, x), ratios), dot(cross(x, y), ratios)], 0.5);
}

/** The triangles between a ring's first point and each of its other sides. */
function fan(ring: readonly Vector[]): (readonly [Vector, Vector, Vector])[] {
  const [first] = ring;
  if (!first) return [];
  return ring.slice(2).map((to, index) => [first, ring[index + 1] ?? to, to]);
}

/** Area of a ring on the unit sphere: positive where it turns left. */
export function signedArea(ring: readonly Vector[]): number {
  return fan(ring).reduce((sum, [a, b, c]) => sum + turnOf(a, b, c) * areaOf(a, b, c), 0);
}

export function centerOfMass(ring: readonly Vector[]): Vector {
  return fan(ring).reduce<Vector>((sum, triangle) => addVectors(sum, massOf(...triangle)), [0, 0, 0]);
}

/** The ring so that it turns left around the smaller part of the sphere: the other way round where it does not. */
export function leftTurning(ring: readonly Vector[]): readonly Vector[] {
  return signedArea(ring) < 0 ? ring.toReversed() : ring;
}
