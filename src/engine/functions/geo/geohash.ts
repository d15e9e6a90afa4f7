import type { ScalarFunction, Value } from '../../value.ts';
import { define } from '../define.ts';
import { boxedPosition, geoJson, positionFrom } from './geometry.ts';
import type { GeoPosition } from './sphere.ts';

const DIGITS = '0123456789bcdefghjkmnpqrstuvwxyz';
const LONGEST = 18;

/** A cell of the grid: its place counted from the south-west corner, and how many bits each axis has. */
interface Cell {
  readonly column: bigint;
  readonly row: bigint;
  readonly columnBits: number;
  readonly rowBits: number;
}

function bitsOf(length: number): readonly [number, number] {
  return [Math.ceil((length * 5) / 2), Math.floor((length * 5) / 2)];
}

/** Halves the range as often as there are bits; the place is above each middle that is passed. */
function placeOf(value: number, lowest: number, highest: number, bits: number): bigint {
  let [low, high, place] = [lowest, highest, 0n];
  for (let bit = 0; bit < bits; bit += 1) {
    const middle = (low + high) / 2;
    place = place * 2n + (value >= middle ? 1n : 0n);
    if (value >= middle) low = middle;
    else high = middle;
  }
  return place;
}

function cellAt([longitude, latitude]: GeoPosition, length: number): Cell {
  const [columnBits, rowBits] = bitsOf(length);
  return {
    column: placeOf(longitude, -180, 180, columnBits),
    row: placeOf(latitude, -90, 90, rowBits),
    columnBits,
    rowBits,
  };
}

/** Bits of both axes in turn, longitude first, five to a digit. */
function textOfCell({ column, row, columnBits, rowBits }: Cell): string {
  const bits = Array.from({ length: columnBits + rowBits }, (_, index) => {
    const [place, width] = index % 2 === 0 ? [column, columnBits] : [row, rowBits];
    return Number((place >> BigInt(width - 1 - Math.floor(index / 2))) & 1n);
  });
  const digits = Array.from({ length: bits.length / 5 }, (_, at) => bits.slice(at * 5, at * 5 + 5).join(''));
  return digits.map((digit) => DIGITS[Number.parseInt(digit, 2)] ?? '').join('');
}

function cellOf(text: string): Cell | null {
  const values = [...text.toLowerCase()].map((digit) => DIGITS.indexOf(digit));
  if (text === '' || text.length > LONGEST || values.includes(-1)) return null;
  const bits = values.map((value) => value.toString(2).padStart(5, '0')).join('');
  const pick = (parity: number): bigint =>
    BigInt(`0b0${[...bits].filter((_, index) => index % 2 === parity).join('')}`);
  const [columnBits, rowBits] = bitsOf(text.length);
  return { column: pick(0), row: pick(1), columnBits, rowBits };
}

/** A border of the grid, counted in half cells so that the middle of a cell has a place, too. */
function degrees(halves: bigint, bits: number, range: number): number {
  return (Number(halves) / 2 ** (bits + 1)) * range - range / 2;
}

function toGeohash(longitude: number, latitude: number, length = 5): Value {
  const position = positionFrom(longitude, latitude);
  return position && Number.isInteger(length) && length >= 1 && length <= LONGEST
    ? textOfCell(cellAt(position, length))
    : null;
}

function centralPoint(text: string): Value {
  const cell = cellOf(text);
  if (!cell) return null;
  const longitude = degrees(cell.column * 2n + 1n, cell.columnBits, 360);
  return geoJson('Point', boxedPosition([longitude, degrees(cell.row * 2n + 1n, cell.rowBits, 180)]));
}

function toPolygon(text: string): Value {
  const cell = cellOf(text);
  if (!cell) return null;
  const corner = (column: bigint, row: bigint): Value =>
    boxedPosition([
      degrees((cell.column + column) * 2n, cell.columnBits, 360),
      degrees((cell.row + row) * 2n, cell.rowBits, 180),
    ]);
  return geoJson('Polygon', [[corner(0n, 0n), corner(1n, 0n), corner(1n, 1n), corner(0n, 1n), corner(0n, 0n)]]);
}

/** Steps to the neighbours in the order in which the service gives them. */
const STEPS: readonly (readonly [bigint, bigint])[] = [
  [-1n, 0n],
  [-1n, -1n],
  [0n, -1n],
  [1n, -1n],
  [1n, 1n],
  [1n, 0n],
  [0n, 1n],
  [-1n, 1n],
];

/** Cells around a cell; columns go round the earth, beyond the poles there is nothing. */
function neighbors(text: string): Value {
  const cell = cellOf(text);
  if (!cell) return null;
  const [columns, rows] = [1n << BigInt(cell.columnBits), 1n << BigInt(cell.rowBits)];
  return STEPS.flatMap(([east, north]) => {
    const row = cell.row + north;
    const column = (cell.column + east + columns) % columns;
    return row < 0n || row >= rows ? [] : [textOfCell({ ...cell, column, row })];
  });
}

/** The geohash grid. */
export const GEOHASH: readonly ScalarFunction[] = [
  define('geo_point_to_geohash', ['real', 'real', 'index?'], toGeohash),
  define('geo_geohash_to_central_point', ['string'], centralPoint),
  define('geo_geohash_to_polygon', ['string'], toPolygon),
  define('geo_geohash_neighbors', ['string'], neighbors),
];
