import { cellOfPoint, DEEPEST, idOf } from '../s2-cell.ts';
import { squareOf, subtractVectors, type Vector } from '../sphere.ts';

/** Points nearer than this angle (0.01 micrometers) are one: the error that a computed crossing may have. */
export const MERGING = 16 * 1.1102230246251565e-16;
/** Side of the boxes that points are looked up in. */
const BOX = 1e-12;

/** Numbers for points: points that are as good as one get one number, and stand where the first of them in the order of S2 cells is. */
export interface Sites {
  /** The point that a number stands for. */
  pointAt(site: number): Vector;
  numberOf(point: Vector): number;
}

function boxKey(point: Vector, shift: readonly number[] = [0, 0, 0]): string {
  return point.map((part, axis) => Math.floor(part / BOX + (shift[axis] ?? 0))).join();
}

const SHIFTS = [-0.01, 0.01].flatMap((x) => [-0.01, 0.01].flatMap((y) => [-0.01, 0.01].map((z) => [x, y, z])));

/** Numbers for these points and no others. */
export function createSites(input: readonly Vector[]): Sites {
  const known = new Map<string, number>();
  const boxes = new Map<string, number[]>();
  const points: Vector[] = [];
  const nearest = (point: Vector): number => {
    const near = [...new Set(SHIFTS.map((shift) => boxKey(point, shift)))].flatMap((key) => boxes.get(key) ?? []);
    return near.find((at) => squareOf(subtractVectors(points[at] ?? point, point)) <= MERGING * MERGING) ?? -1;
  };
  const distinct = new Map(input.map((point) => [point.join(), point]));
  const ordered = [...distinct.values()].map((point) => ({ point, id: idOf(cellOfPoint(point), DEEPEST) }));
  for (const { point } of ordered.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))) {
    const found = nearest(point);
    known.set(point.join(), found < 0 ? points.length : found);
    if (found >= 0) continue;
    const key = boxKey(point);
    boxes.set(key, [...(boxes.get(key) ?? []), points.length]);
    points.push(point);
  }
  return { pointAt: (site) => points[site] ?? [0, 0, 0], numberOf: (point) => known.get(point.join()) ?? -1 };
}
