import { cellOfPoint, DEEPEST, type FaceCell, pointAt } from './s2-cell.ts';

const SIZE = 2 ** DEEPEST;

/**
 * A place that may lie beyond the edge of its face: then the cell next to it on the neighbouring face. There the faces are unrolled, so
 * that the place beyond an edge is the one nearest to it.
 */
function acrossEdge({ face, i, j }: FaceCell): FaceCell {
  if (i >= 0 && j >= 0 && i < SIZE && j < SIZE) return { face, i, j };
  const limit = (place: number): number => Math.max(-1, Math.min(SIZE, place));
  return cellOfPoint(pointAt(face, limit(i) + 0.5, limit(j) + 0.5));
}

/** The cells of one size around a cell, the corners included: at most eight, fewer at the corners of the cube. */
export function neighborsOf({ face, i, j }: FaceCell, size: number): FaceCell[] {
  const steps = [
    [-1, -1],
    [1, -1],
    [0, -1],
    [0, 1],
    [-1, 0],
    [1, 0],
    [-1, 1],
    [1, 1],
  ] as const;
  return steps.map(([right, up]) => acrossEdge({ face, i: i + right * size, j: j + up * size }));
}
