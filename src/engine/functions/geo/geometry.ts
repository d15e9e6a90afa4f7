import type { Value } from '../../value.ts';
import { isArray, isBag } from '../../values/dynamic.ts';
import { boxReal, realOfDynamic } from '../../values/real.ts';
import type { GeoPosition } from './sphere.ts';

/** Rings of a polygon, the outer one first; each ring without its repeated last position. */
export type Polygon = readonly (readonly GeoPosition[])[];

/** A longitude and latitude that are on the map. */
export function positionFrom(longitude: number, latitude: number): GeoPosition | null {
  return Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90 ? [longitude, latitude] : null;
}

function readPosition(value: Value): GeoPosition | null {
  if (!isArray(value)) return null;
  const [longitude, latitude] = [realOfDynamic(value[0] ?? null), realOfDynamic(value[1] ?? null)];
  return longitude === null || latitude === null ? null : positionFrom(longitude, latitude);
}

function readAll<T>(value: Value, read: (item: Value) => T | null): T[] | null {
  if (!isArray(value) || value.length === 0) return null;
  const items = value.map(read);
  return items.every((item) => item !== null) ? items : null;
}

function isSame(a: GeoPosition | undefined, b: GeoPosition | undefined): boolean {
  return a !== undefined && b !== undefined && a[0] === b[0] && a[1] === b[1];
}

/** At least two positions, none twice in a row. */
function readLine(value: Value): GeoPosition[] | null {
  const line = readAll(value, readPosition);
  if (!line || line.length < 2 || line.some((one, index) => index > 0 && isSame(one, line[index - 1]))) return null;
  return line;
}

/** Three or more different positions and the first one again. */
function readRing(value: Value): GeoPosition[] | null {
  const line = readLine(value);
  if (!line || line.length < 4 || !isSame(line[0], line.at(-1))) return null;
  const ring = line.slice(0, -1);
  return new Set(ring.map(String)).size === ring.length ? ring : null;
}

function readPolygon(value: Value): Polygon | null {
  return readAll(value, readRing);
}

function coordinates(geometry: Value, type: string): Value {
  return isBag(geometry) && geometry.get('type') === type ? (geometry.get('coordinates') ?? null) : null;
}

export type GeoLines = readonly (readonly GeoPosition[])[];

/** The lines of a GeoJSON LineString or MultiLineString; null where it is neither or not valid. */
export function linesOf(geometry: Value): GeoPosition[][] | null {
  const single = readLine(coordinates(geometry, 'LineString'));
  return single ? [single] : readAll(coordinates(geometry, 'MultiLineString'), readLine);
}

/**
 * The polygons of a GeoJSON Polygon or MultiPolygon; null where it is neither or not valid. As the service does, polygons of a
 * MultiPolygon may be one array deeper than the format says.
 */
export function polygonsOf(geometry: Value): Polygon[] | null {
  const single = readPolygon(coordinates(geometry, 'Polygon'));
  if (single) return [single];
  const several = coordinates(geometry, 'MultiPolygon');
  return readAll(several, readPolygon) ?? (isArray(several) ? readAll(several.flat(1), readPolygon) : null);
}

export function geoJson(type: string, shape: Value): Value {
  return new Map<string, Value>([
    ['type', type],
    ['coordinates', shape],
  ]);
}

export function boxedPosition([longitude, latitude]: GeoPosition): Value {
  return [boxReal(longitude), boxReal(latitude)];
}
