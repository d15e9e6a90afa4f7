import type { Cell, Row } from '../sources/source.ts';
import { MAX_DEPTH } from './cell.ts';

const SCALAR_SIZE = 8;

/** About how many characters a row holds: cheap, for budgets and not for limits on what is sent. */
export function rowSize(row: Row): number {
  let size = 0;
  for (const name in row) size += name.length + cellSize(row[name] ?? null, 0);
  return size;
}

function cellSize(cell: Cell, depth: number): number {
  if (typeof cell === 'string') return cell.length;
  if (typeof cell !== 'object' || cell === null || depth >= MAX_DEPTH) return SCALAR_SIZE;
  let size = SCALAR_SIZE;
  for (const item of Array.isArray(cell) ? cell : Object.values(cell)) size += cellSize(item, depth + 1);
  return size;
}
