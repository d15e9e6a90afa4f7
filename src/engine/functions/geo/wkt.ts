import type { ScalarFunction, Value } from '../../value.ts';
import { boxReal } from '../../values/real.ts';
import { define } from '../define.ts';
import { geoJson } from './geometry.ts';

/** Deeper collections are refused. */
const DEPTH = 20;
const TOKEN = /\s*(?:([A-Za-z]+)|([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|([(),]))/y;

/** How often the brackets of a geometry are nested, and what GeoJSON calls it. */
const SHAPES: Readonly<Record<string, readonly [string, number]>> = {
  POINT: ['Point', 0],
  LINESTRING: ['LineString', 1],
  POLYGON: ['Polygon', 2],
  MULTIPOINT: ['MultiPoint', 1],
  MULTILINESTRING: ['MultiLineString', 2],
  MULTIPOLYGON: ['MultiPolygon', 3],
};

function tokensOf(text: string): string[] | null {
  const tokens: string[] = [];
  const end = text.trimEnd().length;
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < end; ) {
    const match = TOKEN.exec(text);
    if (!match) return null;
    tokens.push(match[0].trim());
  }
  return tokens;
}

/** Takes tokens from the front; anything unexpected gives null all the way up. */
type Reader = (tokens: string[]) => Value;

function readList(tokens: string[], read: Reader): Value[] | null {
  if (tokens.shift() !== '(') return null;
  const items: Value[] = [];
  do {
    const item = read(tokens);
    if (item === null) return null;
    items.push(item);
  } while (tokens[0] === ',' && tokens.shift());
  return tokens.shift() === ')' ? items : null;
}

function readPosition(tokens: string[]): Value {
  const bracketed = tokens[0] === '(';
  if (bracketed) tokens.shift();
  const [longitude, latitude] = [Number(tokens.shift()), Number(tokens.shift())];
  if (bracketed && tokens.shift() !== ')') return null;
  return Number.isFinite(longitude) && Number.isFinite(latitude) ? [boxReal(longitude), boxReal(latitude)] : null;
}

function readNested(tokens: string[], levels: number): Value {
  if (levels === 0) return readPosition(tokens);
  return readList(tokens, (rest) => readNested(rest, levels - 1));
}

function readGeometry(tokens: string[], depth: number): Value {
  const name = tokens.shift()?.toUpperCase() ?? '';
  if (name === 'GEOMETRYCOLLECTION' && depth < DEPTH) {
    const geometries = readList(tokens, (rest) => readGeometry(rest, depth + 1));
    return (
      geometries &&
      new Map<string, Value>([
        ['type', 'GeometryCollection'],
        ['geometries', geometries],
      ])
    );
  }
  const [type, levels] = (Object.hasOwn(SHAPES, name) && SHAPES[name]) || [];
  if (type === undefined || levels === undefined) return null;
  const shape = levels === 0 ? (tokens[0] === '(' ? readPosition(tokens) : null) : readNested(tokens, levels);
  return shape === null ? null : geoJson(type, shape);
}

/** Well-known text as GeoJSON; null for other text. */
function fromWkt(text: string): Value {
  const tokens = tokensOf(text);
  const geometry = tokens && readGeometry(tokens, 0);
  return tokens?.length === 0 ? geometry : null;
}

export const WKT: readonly ScalarFunction[] = [define('geo_from_wkt', ['string'], fromWkt)];
