import { cross, dot, type Vector } from '../sphere.ts';
import { arcTangent } from '../trigonometry.ts';
import type { Arrangement, Piece } from './pieces.ts';

/** Pieces one after another that end where they begin. */
export type Loop = readonly Piece[];

/** Direction from a site towards another, clockwise from north. */
function headingOf(towards: Vector, [reference, right]: readonly [Vector, Vector]): number {
  return arcTangent(dot(towards, right), dot(towards, reference));
}

function axesAt(at: Vector): readonly [Vector, Vector] {
  const pole: Vector = Math.abs(at[2]) < 0.9 ? [0, 0, 1] : [1, 0, 0];
  const right = cross(pole, at);
  return [cross(at, right), right];
}

/** The piece to go on with: the one that turns most to the left, so that loops that touch stay apart. */
function leftmost(before: Piece, choices: readonly Piece[], { sites }: Arrangement): Piece | null {
  if (choices.length < 2) return choices[0] ?? null;
  const axes = axesAt(sites.pointAt(before.to));
  const behind = headingOf(sites.pointAt(before.from), axes);
  const turn = (piece: Piece): number => {
    const heading = headingOf(sites.pointAt(piece.to), axes) - behind;
    return (heading + 4 * Math.PI) % (2 * Math.PI);
  };
  return choices.reduce((best, one) => (turn(one) < turn(best) ? one : best));
}

/** Takes pieces from one on for as long as there are any; whatever comes back to where it was is a loop. */
function follow(
  start: Piece,
  outgoing: ReadonlyMap<number, readonly Piece[]>,
  used: Set<Piece>,
  cut: Arrangement,
): Piece[][] {
  const loops: Piece[][] = [];
  const path: Piece[] = [];
  for (let next: Piece | null = start; next; ) {
    const { to }: Piece = next;
    used.add(next);
    path.push(next);
    const free: Piece[] = (outgoing.get(to) ?? []).filter((piece) => !used.has(piece));
    next = leftmost(next, free, cut);
    const begin = path.findIndex(({ from }) => from === to);
    if (begin >= 0) loops.push(path.splice(begin));
    if (path.length === 0) next = null;
  }
  return loops;
}

/** Every loop of pieces. No loop passes a site twice. */
export function loopsOf(cut: Arrangement, pieces: readonly Piece[]): Loop[] {
  const outgoing = new Map<number, Piece[]>();
  for (const piece of pieces) outgoing.set(piece.from, [...(outgoing.get(piece.from) ?? []), piece]);
  const used = new Set<Piece>();
  const loops = pieces.flatMap((start) => (used.has(start) ? [] : follow(start, outgoing, used, cut)));
  return loops.map(rotated).sort(bySides);
}

/** Begins behind the piece of the last side, so that loops keep the order that their sides came in. */
function rotated(loop: Loop): Loop {
  let last = 0;
  let sawGap = false;
  loop.forEach(({ side }, index) => {
    const order = side - (loop[last]?.side ?? 0);
    if (order < 0) sawGap = true;
    else if (index > 0 && (order > 0 || !sawGap)) {
      last = index;
      sawGap = false;
    }
  });
  return [...loop.slice(last + 1), ...loop.slice(0, last + 1)];
}

function bySides(a: Loop, b: Loop): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const order = (a[index]?.side ?? 0) - (b[index]?.side ?? 0);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}
