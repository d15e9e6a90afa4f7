import type { ScalarFunction, Value } from '../../value.ts';
import { isArray } from '../../values/dynamic.ts';
import { define } from '../define.ts';
import { linesOf } from './geometry.ts';
import { linesJson } from './intersections.ts';
import { chainsOf, distinctPieces } from './overlay/chains.ts';
import { cutSides, sidesOf } from './overlay/pieces.ts';
import { shapesJson, shapesOf, uniteShapes } from './shapes.ts';
import { vectorOf } from './sphere.ts';

/** Every item read, or null where one cannot be. */
export function readEach<T>(items: Value, read: (item: Value) => T | null): T[] | null {
  if (!isArray(items) || items.length === 0) return null;
  const all = items.map(read);
  return all.every((one) => one !== null) ? all : null;
}

function unitePolygons(polygons: Value): Value {
  const parts = readEach(polygons, shapesOf);
  return parts && shapesJson(uniteShapes(parts));
}

function uniteLines(lines: Value): Value {
  const parts = readEach(lines, linesOf);
  if (!parts) return null;
  const cut = cutSides(
    sidesOf(
      parts.flat().map((line) => line.map(vectorOf)),
      0,
      false,
    ),
  );
  return linesJson(chainsOf(cut, distinctPieces(cut.pieces)));
}

/** Geometries put together. */
export const GEO_UNIONS: readonly ScalarFunction[] = [
  define('geo_union_lines_array', ['dynamic'], uniteLines),
  define('geo_union_polygons_array', ['dynamic'], unitePolygons),
];
