import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createDueHeap } from '../../../src/run/desk/due-heap.ts';

it('gives items back by time, and by arrival where times are equal', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 50 })), (times) => {
      const heap = createDueHeap<{ at: number; index: number }>();
      const items = times.map((at, index) => ({ at, index }));
      for (const item of items) heap.push(item.at, item);
      expect(heap.earliest()).toBe(times.length === 0 ? null : Math.min(...times));
      const out = [];
      for (let item = heap.pop(50); item; item = heap.pop(50)) out.push(item);
      expect(out).toEqual(items.sort((a, b) => a.at - b.at || a.index - b.index));
      expect(heap.size).toBe(0);
    }),
  );
});

it('keeps what is not due yet', () => {
  const heap = createDueHeap<string>();
  heap.push(10, 'later');
  expect(heap.pop(9)).toBeNull();
  expect(heap.pop(10)).toBe('later');
});
