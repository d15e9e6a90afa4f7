import { expect, it } from '@jest/globals';
import { shareOfTarget } from '../../src/outbox/parts/share-of-target.ts';
import { fakeTarget } from './scene.ts';

it('what counts for all of a target is divided among its shards, and each delivers one at a time at least', () => {
  const target = fakeTarget('soar', undefined, { concurrency: 7, ratePerSecond: 10 });
  const traits = (of: number) =>
    Array.from({ length: of }, (_, index) => shareOfTarget(target, { name: `soar#${index}/${of}`, index, of }).traits);
  expect(traits(4).map(({ concurrency }) => concurrency)).toEqual([2, 2, 2, 1]);
  expect(traits(4).map(({ ratePerSecond }) => ratePerSecond)).toEqual([2.5, 2.5, 2.5, 2.5]);
  expect(traits(8).map(({ concurrency }) => concurrency)).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
  expect(shareOfTarget(target, null)).toBe(target);
});
