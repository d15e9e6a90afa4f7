import type { Vector } from '../sphere.ts';
import type { Arrangement, Piece } from './pieces.ts';

/** Pieces one after another as lines: they go on wherever just one piece arrives and just one leaves. */
export function chainsOf({ sites }: Arrangement, pieces: readonly Piece[]): (readonly Vector[])[] {
  const leaving = countBy(pieces.map(({ from }) => from));
  const arriving = countBy(pieces.map(({ to }) => to));
  const passes = (site: number): boolean => leaving.get(site) === 1 && arriving.get(site) === 1;
  const byFrom = new Map(pieces.map((piece) => [piece.from, piece]));
  const used = new Set<Piece>();
  const chains: (readonly Vector[])[] = [];
  const follow = (start: Piece): void => {
    const line = [start.from];
    for (let next: Piece | undefined = start; next && !used.has(next); ) {
      used.add(next);
      line.push(next.to);
      next = passes(next.to) ? byFrom.get(next.to) : undefined;
    }
    chains.push(line.map(sites.pointAt));
  };
  for (const piece of pieces) if (!used.has(piece) && !passes(piece.from)) follow(piece);
  for (const piece of pieces) if (!used.has(piece)) follow(piece);
  return chains;
}

function countBy(sites: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const site of sites) counts.set(site, (counts.get(site) ?? 0) + 1);
  return counts;
}

/** Pieces that no earlier one equals, whichever way it goes. */
export function distinctPieces(pieces: readonly Piece[]): Piece[] {
  const known = new Set<string>();
  return pieces.filter(({ from, to }) => {
    const key = from < to ? `${from},${to}` : `${to},${from}`;
    if (known.has(key)) return false;
    known.add(key);
    return true;
  });
}
