import { addVectors, normalize, type Vector } from '../sphere.ts';
import { signedArea } from '../triangles.ts';
import { ringHolds } from './inside.ts';
import { loopsOf } from './loops.ts';
import { type Arrangement, cutSides, type Piece, sidesOf } from './pieces.ts';
import { type GeoShape, orientedRings, shapesAsCut, shapesHold } from './shape.ts';

/** What two sets of polygons have together, or in common: shapes, and where they only touch lines and points. */
export interface Overlay {
  readonly shapes: readonly GeoShape[];
  /** Pieces of sides that both have, with their insides on different sides. */
  readonly shared: readonly Piece[];
  /** Points that both have and no piece of the result touches. */
  readonly points: readonly Vector[];
  readonly cut: Arrangement;
}

type OverlayKind = 'union' | 'intersection';

export function keyOf(from: number, to: number): string {
  return `${from},${to}`;
}

export function middleOf({ from, to }: Piece, { sites }: Arrangement): Vector {
  return normalize(addVectors(sites.pointAt(from), sites.pointAt(to)));
}

export function overlayShapes(first: readonly GeoShape[], second: readonly GeoShape[], kind: OverlayKind): Overlay {
  const sides = sidesOf(orientedRings(first), 0, true);
  const cut = cutSides([...sides, ...sidesOf(orientedRings(second), 1, true)]);
  const inputs = [shapesAsCut(first, 0, cut), shapesAsCut(second, sides.length, cut)] as const;
  const keys = [0, 1].map(
    (input) => new Set(cut.pieces.filter((one) => one.input === input).map(({ from, to }) => keyOf(from, to))),
  );
  const shared: Piece[] = [];
  const kept = cut.pieces.filter((piece) => {
    const others = keys[1 - piece.input];
    if (others?.has(keyOf(piece.from, piece.to))) return piece.input === 0;
    if (others?.has(keyOf(piece.to, piece.from))) {
      if (piece.input === 0) shared.push(piece);
      return false;
    }
    const isInside = shapesHold(inputs[1 - piece.input] ?? [], middleOf(piece, cut));
    return isInside === (kind === 'intersection');
  });
  return { shapes: assemble(cut, kept), shared, points: touchingPoints(cut, [...kept, ...shared]), cut };
}

function touchingPoints({ pieces, sites }: Arrangement, kept: readonly Piece[]): Vector[] {
  const sitesOf = (list: readonly Piece[]): Set<number> => new Set(list.flatMap(({ from, to }) => [from, to]));
  const [first, second, taken] = [
    sitesOf(pieces.filter(({ input }) => input === 0)),
    sitesOf(pieces.filter(({ input }) => input === 1)),
    sitesOf(kept),
  ];
  return [...first].filter((site) => second.has(site) && !taken.has(site)).map(sites.pointAt);
}

/** Loops that turn left are polygons, the others holes in the smallest polygon around them. */
function assemble(cut: Arrangement, pieces: readonly Piece[]): GeoShape[] {
  const rings = loopsOf(cut, pieces)
    .filter((loop) => loop.length > 2)
    .map((loop) => loop.map(({ from }) => cut.sites.pointAt(from)))
    .map((ring) => ({ ring, area: signedArea(ring) }));
  const outers = rings.filter(({ area }) => area > 0).map((outer) => ({ ...outer, holes: [] as Vector[][] }));
  for (const { ring } of rings.filter(({ area }) => area < 0)) {
    const around = outers.filter((outer) => holdsRing(outer.ring, ring)).sort((a, b) => a.area - b.area)[0];
    around?.holes.push(ring.toReversed());
  }
  return outers.map(({ ring, holes }) => [ring, ...holes]);
}

/** Whether a ring lies within another: by the middle of its first side, as it may touch the other with its points. */
function holdsRing(outer: readonly Vector[], [a, b]: readonly Vector[]): boolean {
  return a !== undefined && b !== undefined && ringHolds(outer, normalize(addVectors(a, b)));
}
