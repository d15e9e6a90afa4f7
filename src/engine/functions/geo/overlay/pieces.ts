import { type Arc, arcsOfPoints, chordToArc } from '../arcs.ts';
import { squareOf, subtractVectors, type Vector } from '../sphere.ts';
import { arcsCross, crossingOf } from './crossing.ts';
import { createSites, MERGING, type Sites } from './sites.ts';

/** A side of a shape or a part of a line, from one site to another. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  /** The number of the side that it is cut from, in the order of the input. */
  readonly side: number;
  /** Which of the two inputs the side belongs to. */
  readonly input: 0 | 1;
}

export interface Arrangement {
  readonly sites: Sites;
  readonly pieces: readonly Piece[];
}

export interface Side {
  readonly arc: Arc;
  readonly input: 0 | 1;
}

/** The sides of chains of points, of rings where they are closed. */
export function sidesOf(chains: readonly (readonly Vector[])[], input: 0 | 1, isClosed: boolean): Side[] {
  return chains.flatMap((chain) => arcsOfPoints(chain, isClosed).map((arc) => ({ arc, input })));
}

/** More pairs of sides than this are refused. */
export const MOST_PAIRS = 25_000_000;

interface Extent {
  readonly low: Vector;
  readonly high: Vector;
}

/** A box around an arc; it bulges out of the box of its ends by less than the square of its chord. */
function extentOf([a, b]: Arc): Extent {
  const bulge = squareOf(subtractVectors(a, b)) / 4 + 1e-14;
  const [x, y, z] = [0, 1, 2].map((axis) => [a[axis] ?? 0, b[axis] ?? 0] as const);
  const edge = (pick: (...values: number[]) => number, sign: number): Vector => [
    pick(...(x ?? [])) + sign * bulge,
    pick(...(y ?? [])) + sign * bulge,
    pick(...(z ?? [])) + sign * bulge,
  ];
  return { low: edge(Math.min, -1), high: edge(Math.max, 1) };
}

function mayMeet(a: Extent, b: Extent): boolean {
  return (
    a.low[0] <= b.high[0] &&
    b.low[0] <= a.high[0] &&
    a.low[1] <= b.high[1] &&
    b.low[1] <= a.high[1] &&
    a.low[2] <= b.high[2] &&
    b.low[2] <= a.high[2]
  );
}

function liesOn(point: Vector, arc: Arc): boolean {
  return chordToArc(point, arc) <= MERGING * MERGING;
}

/** Where two sides cross. Of sides on one line rounding makes up crossings, which lie far from one or both of them. */
function crossingsOf(arc: Arc, other: Arc): Vector[] {
  if (!arcsCross(arc, other)) return [];
  const point = crossingOf(arc, other);
  return liesOn(point, arc) && liesOn(point, other) ? [point] : [];
}

/** What divides a side: ends of other sides that lie on it, and crossings with sides of which no end does: an end is where the two meet. */
function dividersOf(sides: readonly Side[]): Vector[][] {
  const dividers = sides.map((): Vector[] => []);
  const extents = sides.map(({ arc }) => extentOf(arc));
  sides.forEach(({ arc }, first) => {
    for (let second = first + 1; second < sides.length; second += 1) {
      const other = sides[second]?.arc;
      const [near, far] = [extents[first], extents[second]];
      if (!other || !near || !far || !mayMeet(near, far)) continue;
      const onFirst = other.filter((end) => liesOn(end, arc));
      const onSecond = arc.filter((end) => liesOn(end, other));
      const crossings = onFirst.length > 0 || onSecond.length > 0 ? [] : crossingsOf(arc, other);
      dividers[first]?.push(...onFirst, ...crossings);
      dividers[second]?.push(...onSecond, ...crossings);
    }
  });
  return dividers;
}

/** Cuts all sides where they meet. */
export function cutSides(sides: readonly Side[]): Arrangement {
  const dividers = dividersOf(sides);
  const sites = createSites([...sides.flatMap(({ arc }) => arc), ...dividers.flat()]);
  const pieces = sides.flatMap(({ arc, input }, side) => {
    const between = (dividers[side] ?? []).toSorted(
      (a, b) => squareOf(subtractVectors(a, arc[0])) - squareOf(subtractVectors(b, arc[0])),
    );
    const stops = [arc[0], ...between, arc[1]].map((point) => sites.numberOf(point));
    return stops.slice(1).map((to, at) => ({ from: stops[at] ?? to, to, side, input }));
  });
  return { sites, pieces: pieces.filter(({ from, to }) => from !== to) };
}
