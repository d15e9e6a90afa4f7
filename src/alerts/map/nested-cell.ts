import { pathSteps } from '../../lib/text.ts';
import type { Cell, Row } from '../../sources/source.ts';
import { cellOf } from '../cell.ts';

/** Longer texts are not looked into. */
const LONGEST_TEXT = 262_144;

/** The cell of a column, or what a path names in it: `AdditionalFields.Items[0].Name`; null where there is no such thing. */
export function nestedCell(row: Row, path: string): Cell {
  if (Object.hasOwn(row, path)) return cellOf(row, path);
  const [column = '', ...steps] = pathSteps(path);
  let cell = cellOf(row, column);
  for (const step of steps) cell = memberOf(cell, step);
  return cell;
}

/** The column that a path begins in, as far as this row tells: a column may have dots in its own name. */
export function columnIn(row: Row, path: string): string {
  return Object.hasOwn(row, path) ? path : (pathSteps(path)[0] ?? path);
}

/** Bags and lists by their own members; many columns hold them as JSON text. */
function memberOf(cell: Cell, step: string): Cell {
  const value = typeof cell === 'string' ? parsed(cell) : cell;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return null;
  if (Array.isArray(value) && step === 'length') return null;
  return (value as Readonly<Record<string, Cell>>)[step] ?? null;
}

function parsed(text: string): Cell {
  if (text.length > LONGEST_TEXT || !/^\s*[[{]/.test(text)) return null;
  try {
    return JSON.parse(text) as Cell;
  } catch {
    return null;
  }
}
