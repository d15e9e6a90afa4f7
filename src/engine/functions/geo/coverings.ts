import type { ScalarFunction, Value } from '../../value.ts';
import { define } from '../define.ts';
import { type Arc, arcsOfPoints, chordToArc } from './arcs.ts';
import { linesOf } from './geometry.ts';
import { arcsCross } from './overlay/crossing.ts';
import { ringHolds } from './overlay/inside.ts';
import { type GeoShape, shapesHold } from './overlay/shape.ts';
import { cellTokenOf } from './s2.ts';
import { DEEPEST, type FaceCell, pointAt } from './s2-cell.ts';
import { shapesOf } from './shapes.ts';
import { arcOf, normalize, type Vector, vectorOf } from './sphere.ts';

const USUAL_LEVEL = 11;
/** As many cells at most; more give null. */
const MOST_CELLS = 65_536;

/** What is covered: the sides of lines or polygons, what they enclose, and how far around. */
interface Covered {
  readonly sides: readonly Arc[];
  readonly shapes: readonly GeoShape[];
  /** The square of the chord of the radius. */
  readonly reach: number;
}

interface Cell extends FaceCell {
  readonly level: number;
}

function cornersOf({ face, i, j, level }: Cell): Vector[] {
  const size = 2 ** (DEEPEST - level);
  return [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ].map(([right = 0, up = 0]) => normalize(pointAt(face, i + right * size, j + up * size)));
}

/** Whether a cell touches what is covered, or is near enough to it. */
function touches(cell: Cell, sides: readonly Arc[], { shapes, reach }: Covered): boolean {
  const corners = cornersOf(cell);
  const [corner] = corners;
  if (corner && shapesHold(shapes, corner)) return true;
  const edges = arcsOfPoints(corners, true);
  return sides.some(
    (side) =>
      holdsPoint(corners, side[0]) ||
      edges.some(
        (edge) =>
          arcsCross(edge, side) ||
          chordToArc(side[0], edge) <= reach ||
          chordToArc(side[1], edge) <= reach ||
          chordToArc(edge[0], side) <= reach,
      ),
  );
}

/** Cells of the three coarsest levels are larger than a ring may be: their halves of the sphere are not told apart. */
function holdsPoint(corners: readonly Vector[], point: Vector): boolean {
  return ringHolds(corners, point);
}

function quartersOf({ face, i, j, level }: Cell): Cell[] {
  const half = 2 ** (DEEPEST - level - 1);
  return [0, 1, 2, 3].map((quarter) => ({
    face,
    i: i + (quarter % 2) * half,
    j: j + Math.floor(quarter / 2) * half,
    level: level + 1,
  }));
}

/** Cells of one level that cover lines or polygons; null where they are too many. */
function cover(covered: Covered, level: number): string[] | null {
  let cells: Cell[] = [0, 1, 2, 3, 4, 5].map((face) => ({ face, i: 0, j: 0, level: 0 }));
  const near = (cell: Cell): boolean => touches(cell, covered.sides, covered);
  cells = cells.filter(near);
  for (let step = 0; step < level; step += 1) {
    const finer: Cell[] = [];
    for (const cell of cells) {
      finer.push(...quartersOf(cell).filter(near));
      if (finer.length > MOST_CELLS) return null;
    }
    cells = finer;
  }
  return cells.map((cell) => cellTokenOf(cell, level)).sort();
}

function coverOf(sides: readonly Arc[], shapes: readonly GeoShape[], level: number, radius: number): Value {
  if (!(level >= 0 && level <= DEEPEST) || !(radius >= 0)) return null;
  const chord = 2 * Math.sin(arcOf(radius) / 2);
  return cover({ sides, shapes, reach: chord * chord }, level);
}

function coverLine(geometry: Value, level = USUAL_LEVEL, radius = 0): Value {
  const lines = linesOf(geometry);
  return (
    lines &&
    coverOf(
      lines.flatMap((line) => arcsOfPoints(line.map(vectorOf))),
      [],
      level,
      radius,
    )
  );
}

function coverPolygon(geometry: Value, level = USUAL_LEVEL, radius = 0): Value {
  const shapes = shapesOf(geometry);
  const sides = shapes?.flatMap((rings) => rings.flatMap((ring) => arcsOfPoints(ring, true)));
  return shapes && sides ? coverOf(sides, shapes, level, radius) : null;
}

/** Cells of the S2 grid that cover lines and polygons, by their tokens in order. */
export const COVERINGS: readonly ScalarFunction[] = [
  define('geo_line_to_s2cells', ['dynamic', 'index?', 'real?'], coverLine),
  define('geo_polygon_to_s2cells', ['dynamic', 'index?', 'real?'], coverPolygon),
];
