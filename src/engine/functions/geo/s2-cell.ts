import type { Vector } from './sphere.ts';

/** Levels of the grid below the six faces of the cube. */
export const DEEPEST = 30;
const SIZE = 2 ** DEEPEST;

/** A place on the cube: its face, and column and row among the smallest cells. */
export interface FaceCell {
  readonly face: number;
  readonly i: number;
  readonly j: number;
}

/** Quarters in the order of the Hilbert curve, as bits of i and j, for each orientation of the curve. */
const QUARTERS: readonly (readonly number[])[] = [
  [0, 1, 3, 2],
  [0, 2, 3, 1],
  [3, 2, 0, 1],
  [3, 1, 0, 2],
];
/** How the orientation changes inside each quarter: 1 swaps the axes, 2 inverts them. */
const TURNS = [1, 0, 0, 3];

/** Coordinate on a face (-1 to 1) as share of the face (0 to 1), so that cells are of similar size. */
function shareOf(coordinate: number): number {
  return coordinate >= 0 ? 0.5 * Math.sqrt(1 + 3 * coordinate) : 1 - 0.5 * Math.sqrt(1 - 3 * coordinate);
}

function coordinateOf(share: number): number {
  return share >= 0.5 ? (4 * share * share - 1) / 3 : (1 - 4 * (1 - share) ** 2) / 3;
}

function faceOf([x, y, z]: Vector): number {
  const sizes = [Math.abs(x), Math.abs(y), Math.abs(z)];
  const axis = sizes.indexOf(Math.max(...sizes));
  return ([x, y, z][axis] ?? 0) < 0 ? axis + 3 : axis;
}

/** Coordinates of a point on a face. */
function onFace(face: number, [x, y, z]: Vector): readonly [number, number] {
  const faces = [
    [y / x, z / x],
    [-x / y, z / y],
    [-x / z, -y / z],
    [z / x, y / x],
    [z / y, -x / y],
    [-y / z, -x / z],
  ] as const;
  return faces[face] ?? faces[0];
}

/** The point, not of length one, that has these coordinates on a face. */
function fromFace(face: number, u: number, v: number): Vector {
  const faces: readonly Vector[] = [
    [1, u, v],
    [-u, 1, v],
    [-u, -v, 1],
    [-1, -v, -u],
    [v, -1, -u],
    [v, u, -1],
  ];
  return faces[face] ?? [1, u, v];
}

function place(coordinate: number): number {
  return Math.max(0, Math.min(SIZE - 1, Math.floor(SIZE * shareOf(coordinate))));
}

export function cellOfPoint(point: Vector): FaceCell {
  const face = faceOf(point);
  const [u, v] = onFace(face, point);
  return { face, i: place(u), j: place(v) };
}

function bit(value: number, level: number): number {
  return Math.floor(value / 2 ** level) % 2;
}

/** The 64-bit id of the cell of a level: face, the way along the curve, a one, zeros. */
export function idOf({ face, i, j }: FaceCell, level: number): bigint {
  let [id, orientation] = [BigInt(face), face % 2];
  for (let step = DEEPEST - 1; step >= DEEPEST - level; step -= 1) {
    const quarter = (QUARTERS[orientation] ?? []).indexOf(bit(i, step) * 2 + bit(j, step));
    id = id * 4n + BigInt(quarter);
    orientation ^= TURNS[quarter] ?? 0;
  }
  return (id * 2n + 1n) << BigInt(2 * (DEEPEST - level));
}

/** The cell of an id, its column and row at the lower corner, with its level; null where no cell has that id. */
export function cellOfId(id: bigint): (FaceCell & { readonly level: number }) | null {
  const face = Number(id >> 61n);
  const zeros = id === 0n ? -1 : id.toString(2).length - id.toString(2).lastIndexOf('1') - 1;
  if (face > 5 || zeros < 0 || zeros % 2 === 1 || zeros > 2 * DEEPEST) return null;
  const level = DEEPEST - zeros / 2;
  let [i, j, orientation] = [0, 0, face % 2];
  for (let step = 0; step < level; step += 1) {
    const quarter = Number((id >> BigInt(59 - 2 * step)) & 3n);
    const bits = QUARTERS[orientation]?.[quarter] ?? 0;
    const weight = 2 ** (DEEPEST - 1 - step);
    i += Math.floor(bits / 2) * weight;
    j += (bits % 2) * weight;
    orientation ^= TURNS[quarter] ?? 0;
  }
  return { face, i, j, level };
}

/** The point at a share of the face along each axis, in smallest cells. */
export function pointAt(face: number, i: number, j: number): Vector {
  return fromFace(face, coordinateOf(i / SIZE), coordinateOf(j / SIZE));
}
