import type { ScalarFunction, Value } from '../../value.ts';
import { define } from '../define.ts';
import { boxedPosition, type GeoLines, geoJson, linesOf } from './geometry.ts';
import { chainsOf, distinctPieces } from './overlay/chains.ts';
import { keyOf, middleOf, overlayShapes } from './overlay/overlay.ts';
import { type Arrangement, cutSides, type Piece, sidesOf } from './overlay/pieces.ts';
import { type GeoShape, orientedRings, shapesAsCut, shapesHold } from './overlay/shape.ts';
import { shapesJson, shapesOf } from './shapes.ts';
import { positionOf, type Vector, vectorOf } from './sphere.ts';

/** What two geometries have in common, by its dimension. */
interface Common {
  readonly points: readonly Vector[];
  readonly lines: readonly (readonly Vector[])[];
  readonly shapes: readonly GeoShape[];
}

function position(point: Vector): Value {
  return boxedPosition(positionOf(point));
}

/** One geometry for all of a kind: alone by itself, several as its Multi form. */
function ofKind(kind: string, parts: readonly Value[]): Value[] {
  const [only] = parts;
  if (only === undefined) return [];
  return [parts.length === 1 ? geoJson(kind, only) : geoJson(`Multi${kind}`, parts)];
}

export function linesJson(lines: readonly (readonly Vector[])[]): Value {
  return (
    ofKind(
      'LineString',
      lines.map((line) => line.map(position)),
    )[0] ?? null
  );
}

function commonJson({ points, lines, shapes }: Common): Value {
  const geometries = [
    ...ofKind('Point', points.map(position)),
    ...(lines.length > 0 ? [linesJson(lines)] : []),
    ...(shapes.length > 0 ? [shapesJson(shapes)] : []),
  ];
  const [only] = geometries;
  if (only !== undefined && geometries.length === 1) return only;
  return new Map<string, Value>([
    ['type', 'GeometryCollection'],
    ['geometries', geometries],
  ]);
}

/** Sites of both inputs that none of the kept pieces touches. */
function sharedSites({ pieces, sites }: Arrangement, kept: readonly Piece[]): Vector[] {
  const sitesOf = (list: readonly Piece[]): Set<number> => new Set(list.flatMap(({ from, to }) => [from, to]));
  const taken = sitesOf(kept);
  const second = sitesOf(pieces.filter(({ input }) => input === 1));
  const first = sitesOf(pieces.filter(({ input }) => input === 0));
  return [...first].filter((site) => second.has(site) && !taken.has(site)).map(sites.pointAt);
}

function vectors(lines: GeoLines): Vector[][] {
  return lines.map((line) => line.map(vectorOf));
}

function keysOfInput({ pieces }: Arrangement, input: 0 | 1): Set<string> {
  const own = pieces.filter((piece) => piece.input === input);
  return new Set(own.flatMap(({ from, to }) => [keyOf(from, to), keyOf(to, from)]));
}

function ofLines(a: Value, b: Value): Value {
  const [first, second] = [linesOf(a), linesOf(b)];
  if (!first || !second) return null;
  const cut = cutSides([...sidesOf(vectors(first), 0, false), ...sidesOf(vectors(second), 1, false)]);
  const others = keysOfInput(cut, 1);
  const kept = distinctPieces(cut.pieces.filter(({ input, from, to }) => input === 0 && others.has(keyOf(from, to))));
  return commonJson({ points: sharedSites(cut, kept), lines: chainsOf(cut, kept), shapes: [] });
}

/** Of a line what lies inside, or along a side. */
function ofLineWithPolygon(a: Value, b: Value): Value {
  const [lines, shapes] = [linesOf(a), shapesOf(b)];
  if (!lines || !shapes) return null;
  const ways = sidesOf(vectors(lines), 0, false);
  const cut = cutSides([...ways, ...sidesOf(orientedRings(shapes), 1, true)]);
  const sides = keysOfInput(cut, 1);
  const around = shapesAsCut(shapes, ways.length, cut);
  const inside = cut.pieces.filter(
    (piece) =>
      piece.input === 0 && (sides.has(keyOf(piece.from, piece.to)) || shapesHold(around, middleOf(piece, cut))),
  );
  const kept = distinctPieces(inside);
  return commonJson({ points: sharedSites(cut, kept), lines: chainsOf(cut, kept), shapes: [] });
}

function ofPolygons(a: Value, b: Value): Value {
  const [first, second] = [shapesOf(a), shapesOf(b)];
  if (!first || !second) return null;
  const { shapes, shared, points, cut } = overlayShapes(first, second, 'intersection');
  return commonJson({ points, lines: chainsOf(cut, shared), shapes });
}

/** What lines and polygons have in common, as geometries. */
export const GEO_INTERSECTIONS: readonly ScalarFunction[] = [
  define('geo_intersection_2lines', ['dynamic', 'dynamic'], ofLines),
  define('geo_intersection_line_with_polygon', ['dynamic', 'dynamic'], ofLineWithPolygon),
  define('geo_intersection_2polygons', ['dynamic', 'dynamic'], ofPolygons),
];
