import type { ScalarFunction, Value } from '../../value.ts';
import { define } from '../define.ts';
import { boxedPosition, geoJson, positionFrom } from './geometry.ts';
import { cellOfId, cellOfPoint, DEEPEST, type FaceCell, idOf, pointAt } from './s2-cell.ts';
import { neighborsOf } from './s2-neighbors.ts';
import { normalize, positionOf, vectorOf } from './sphere.ts';
import { inTableOrder } from './token-order.ts';

const USUAL_LEVEL = 11;

/** Hex of the id without the zeros at its end. */
function tokenOf(id: bigint): string {
  return id.toString(16).padStart(16, '0').replace(/0+$/, '');
}

/** The token of the cell of a level that a place lies in. */
export function cellTokenOf(cell: FaceCell, level: number): string {
  return tokenOf(idOf(cell, level));
}

function cellOfToken(token: string): (FaceCell & { readonly level: number }) | null {
  return /^[0-9a-fA-F]{1,16}$/.test(token) ? cellOfId(BigInt(`0x${token.padEnd(16, '0')}`)) : null;
}

function toCell(longitude: number, latitude: number, level = USUAL_LEVEL): Value {
  const position = positionFrom(longitude, latitude);
  if (!position || !(level >= 0 && level <= DEEPEST)) return null;
  return tokenOf(idOf(cellOfPoint(vectorOf(position)), level));
}

function centralPoint(token: string): Value {
  const cell = cellOfToken(token);
  if (!cell) return null;
  const half = 2 ** (DEEPEST - cell.level) / 2;
  return geoJson('Point', boxedPosition(positionOf(normalize(pointAt(cell.face, cell.i + half, cell.j + half)))));
}

function toPolygon(token: string): Value {
  const cell = cellOfToken(token);
  if (!cell) return null;
  const size = 2 ** (DEEPEST - cell.level);
  const corner = (di: number, dj: number): Value =>
    boxedPosition(positionOf(normalize(pointAt(cell.face, cell.i + di * size, cell.j + dj * size))));
  return geoJson('Polygon', [[corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1), corner(0, 0)]]);
}

function neighbors(token: string): Value {
  const cell = cellOfToken(token);
  if (!cell) return null;
  return inTableOrder(neighborsOf(cell, 2 ** (DEEPEST - cell.level)).map((one) => tokenOf(idOf(one, cell.level))));
}

/** Cells of the S2 grid, by their tokens. */
export const S2: readonly ScalarFunction[] = [
  define('geo_point_to_s2cell', ['real', 'real', 'index?'], toCell),
  define('geo_s2cell_to_central_point', ['string'], centralPoint),
  define('geo_s2cell_to_polygon', ['string'], toPolygon),
  define('geo_s2cell_neighbors', ['string'], neighbors),
];
