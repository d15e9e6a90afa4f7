import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { overlayShapes } from '../../src/engine/functions/geo/overlay/overlay.ts';
import type { GeoShape } from '../../src/engine/functions/geo/overlay/shape.ts';
import { addVectors, normalize, scaleVector, type Vector, vectorOf } from '../../src/engine/functions/geo/sphere.ts';
import {
  areaOfShapes,
  type LatticePoint,
  latticeShape,
  overlayAreas,
  type Plane,
} from '../engine/functions/geo/lattice.ts';
import { fuzzRuns } from './fuzz.ts';

const coordinate = fc.integer({ min: 0, max: 30 });
const size = fc.integer({ min: 1, max: 12 });

/** Boxes of a tenth of a degree and more: their sides along meridians are on great circles, the others are not. */
const box: fc.Arbitrary<GeoShape> = fc.tuple(coordinate, coordinate, size, size).map(([x, y, width, height]) => [
  [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ].map(([longitude = 0, latitude = 0]) => vectorOf([longitude / 10, latitude / 10])),
]);

const place: fc.Arbitrary<LatticePoint> = fc.tuple(fc.nat(6), fc.nat(6));
const doubleArea = ([[a, b], [c, d], [e, f]]: readonly [LatticePoint, LatticePoint, LatticePoint]): number =>
  (c - a) * (f - b) - (e - a) * (d - b);
const triangle = fc.tuple(place, place, place).filter((corners) => doubleArea(corners) !== 0);
const turn = fc.nat(20).map((steps) => steps * 0.3);
const plane: fc.Arbitrary<Plane> = fc.record({
  turns: fc.tuple(turn, turn, turn),
  unit: fc.constantFrom(0.2, 0.1, 1e-2, 1e-4, 1e-6),
});
/** Triangles of a small grid: of two of them, many have corners and lines in common. */
const triangles = fc
  .tuple(triangle, triangle, triangle, plane)
  .map(([a, b, c, at]) => [a, b, c].map((corners) => latticeShape(corners, at)));

function expectAreas(a: readonly GeoShape[], b: readonly GeoShape[]): void {
  const whole = areaOfShapes(a) + areaOfShapes(b);
  const { unions, commons } = overlayAreas(a, b);
  const [union = 0, common = 0] = [unions[0], commons[0]];
  expect((union + common) / whole).toBeCloseTo(1, 7);
  expect(Math.abs(union - (unions[1] ?? 0)) / whole).toBeLessThan(1e-7);
  expect(Math.abs(common - (commons[1] ?? 0)) / whole).toBeLessThan(1e-7);
  expect(common / whole).toBeLessThan(0.5 + 1e-7);
}

it('boxes together and in common have the areas of the two', () => {
  fc.assert(
    fc.property(box, box, (one, other) => expectAreas([one], [other])),
    fuzzRuns(100),
  );
});

it('triangles on the same lines do, also when they are put together before', () => {
  const united = fc.property(triangles, ([a = [], b = [], c = []]) => {
    expectAreas([a], [b]);
    expectAreas(overlayShapes([a], [c], 'union').shapes, [b]);
  });
  fc.assert(united, fuzzRuns(100));
});

it('shapes that lie beside each other by no more than rounding do', () => {
  const steps = fc.integer({ min: -4, max: 4 });
  const shift = fc
    .tuple(fc.tuple(steps, steps, steps), fc.constantFrom(2e-16, 5e-16, 1e-15, 3e-15))
    .map(([by, step]): Vector => scaleVector(by, step));
  const shifted = fc.property(triangles, fc.tuple(shift, shift, shift), ([a = [], b = []], by) => {
    const moved = b.map((ring) => ring.map((point, at) => normalize(addVectors(point, by[at] ?? [0, 0, 0]))));
    expectAreas([a], [moved]);
  });
  fc.assert(shifted, fuzzRuns(100));
});
