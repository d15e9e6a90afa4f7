import type { Value } from '../../value.ts';
import { boxedPosition, geoJson, type Polygon, polygonsOf } from './geometry.ts';
import { overlayShapes } from './overlay/overlay.ts';
import type { GeoShape } from './overlay/shape.ts';
import { positionOf, type Vector, vectorOf } from './sphere.ts';
import { leftTurning } from './triangles.ts';

function shapeOf(polygon: Polygon): GeoShape {
  return polygon.map((ring) => leftTurning(ring.map(vectorOf)));
}

function sizeOf(shapes: readonly GeoShape[]): number {
  return shapes.reduce((sum, rings) => sum + rings.reduce((count, ring) => count + ring.length, 0), 0);
}

/** Shapes as one, without what they share: the two smallest are united until one is left, which is also the order of the service. */
export function uniteShapes(parts: readonly (readonly GeoShape[])[]): readonly GeoShape[] {
  const queue = parts.map((shapes) => ({ shapes, size: sizeOf(shapes) }));
  queue.sort((a, b) => a.size - b.size);
  for (;;) {
    const [a, b, ...rest] = queue;
    if (!a || !b) return a?.shapes ?? [];
    const size = a.size + b.size;
    const at = rest.findIndex((one) => one.size > size);
    const united = { shapes: overlayShapes(a.shapes, b.shapes, 'union').shapes, size };
    queue.splice(0, queue.length, ...rest);
    queue.splice(at < 0 ? queue.length : at, 0, united);
  }
}

/** The polygons of a GeoJSON geometry as shapes that do not overlap; null where it is no valid polygon. */
export function shapesOf(geometry: Value): readonly GeoShape[] | null {
  const polygons = polygonsOf(geometry);
  return polygons && uniteShapes(polygons.map((polygon) => [shapeOf(polygon)]));
}

/** A ring as GeoJSON, closed. */
function ringJson(ring: readonly Vector[]): Value {
  const positions = ring.map((point) => boxedPosition(positionOf(point)));
  return [...positions, positions[0] ?? null];
}

function polygonCoordinates([outer = [], ...holes]: GeoShape): Value {
  return [ringJson(outer), ...holes.map((hole) => ringJson(hole.toReversed()))];
}

/** A Polygon, or a MultiPolygon of several; null of none. */
export function shapesJson(shapes: readonly GeoShape[]): Value {
  const [only] = shapes;
  if (!only) return null;
  return shapes.length === 1
    ? geoJson('Polygon', polygonCoordinates(only))
    : geoJson('MultiPolygon', shapes.map(polygonCoordinates));
}
