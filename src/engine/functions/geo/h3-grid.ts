import { createRequire } from 'node:module';
import type { ScalarFunction, Value } from '../../value.ts';
import { define, defineFor, withDefault } from '../define.ts';
import { boxedPosition, geoJson, polygonsOf, positionFrom } from './geometry.ts';
import { levelOfCell } from './h3-cell.ts';
import { exactPlace, type GridLevel } from './h3-places.ts';
import type { GeoPosition } from './sphere.ts';
import { inTableOrder } from './token-order.ts';

/** What of the library is used. It is loaded with the first call: it takes 50 ms and 16 MB. */
type Library = Pick<
  typeof import('h3-js'),
  'latLngToCell' | 'cellToLatLng' | 'cellToBoundary' | 'gridDisk' | 'gridDiskDistances' | 'polygonToCells'
>;

let library: Library | null = null;

function loadLibrary(): Library {
  library ??= createRequire(import.meta.url)('h3-js') as Library;
  return library;
}

const USUAL_LEVEL = 6;
const FINEST = 15;
const FARTHEST_RING = 142;
/** As many cells of one polygon at most. */
const MOST_CELLS = 61_680;

function isLevel(level: number): boolean {
  return level >= 0 && level <= FINEST;
}

function toCell(longitude: number, latitude: number, level = USUAL_LEVEL): Value {
  if (!positionFrom(longitude, latitude) || !isLevel(level)) return null;
  return loadLibrary().latLngToCell(latitude, longitude, level);
}

function placeJson([latitude, longitude]: readonly number[], grid: GridLevel): Value {
  return boxedPosition(exactPlace([longitude ?? 0, latitude ?? 0], grid));
}

function centralPoint(token: string): Value {
  const level = levelOfCell(token);
  return level === null
    ? null
    : geoJson('Point', placeJson(loadLibrary().cellToLatLng(token), { level, isCorner: false }));
}

/** Corners lie on the grid of the next even level. */
function toPolygon(token: string): Value {
  const level = levelOfCell(token);
  if (level === null) return null;
  const grid = { level: level + (level % 2), isCorner: true };
  const corners = loadLibrary()
    .cellToBoundary(token)
    .map((corner) => placeJson(corner, grid));
  return geoJson('Polygon', [[...corners, corners[0] ?? null]]);
}

function neighbors(token: string): Value {
  if (levelOfCell(token) === null) return null;
  return inTableOrder(loadLibrary().gridDisk(token, 1)).filter((cell) => cell !== token.toLowerCase());
}

function rings(token: string, distance: number): string[][] | null {
  if (levelOfCell(token) === null || !(distance >= 0 && distance <= FARTHEST_RING)) return null;
  return loadLibrary().gridDiskDistances(token, distance);
}

/** About how many cells a polygon takes: its box by the size of a cell. */
function estimate(ring: readonly GeoPosition[], level: number): number {
  const span = (axis: 0 | 1): number => {
    const values = ring.map((position) => position[axis]);
    return Math.max(...values) - Math.min(...values);
  };
  return (span(0) * span(1) * 12_300 * 7 ** level) / 4_250_547;
}

/** Cells whose middle lies in the polygon; sides are straight on the map. */
function polygonCells(geometry: Value, level = USUAL_LEVEL): Value {
  const polygons = polygonsOf(geometry);
  if (!polygons || !isLevel(level)) return null;
  if (polygons.reduce((sum, [outer = []]) => sum + estimate(outer, level), 0) > 10 * MOST_CELLS) return null;
  const cells = polygons.flatMap((rings) =>
    loadLibrary().polygonToCells(
      rings.map((ring) => ring.map(([longitude, latitude]) => [longitude, latitude])),
      level,
      true,
    ),
  );
  return cells.length > MOST_CELLS ? null : inTableOrder(cells);
}

/** Cells of the H3 grid: where they are, and which lie around them. */
export const H3_GRID: readonly ScalarFunction[] = [
  define('geo_point_to_h3cell', ['real', 'real', 'index?'], toCell),
  define('geo_h3cell_to_central_point', ['string'], centralPoint),
  define('geo_h3cell_to_polygon', ['string'], toPolygon),
  define('geo_h3cell_neighbors', ['string'], neighbors),
  defineFor('geo_h3cell_rings', ['string', 'index'], ({ context }) => (token, distance) => {
    const cells = rings(token, distance);
    context.spend(cells?.reduce((sum, ring) => sum + ring.length, 0) ?? 0);
    return cells;
  }),
  withDefault(
    defineFor('geo_polygon_to_h3cells', ['dynamic', 'index?'], ({ context }) => (polygon, level) => {
      const cells = polygonCells(polygon, level);
      context.spend(Array.isArray(cells) ? cells.length : 0);
      return cells;
    }),
    2,
    0,
  ),
];
