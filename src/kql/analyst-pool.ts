import type { Clock } from '../lib/clock.ts';
import { createWorkerForm, type WorkerForm, type WorkerSettings } from './analyst-worker.ts';
import type { Hand } from './hands/hand.ts';

/** Several workers; each question goes to the one with the fewest before it. A worker holds about 200 MB once it has analyzed something. */
export function createPoolForm(
  clock: Clock,
  { workers, early }: { readonly workers: number; readonly early: Hand | null },
  settings?: Partial<WorkerSettings>,
): WorkerForm {
  const hands = Array.from({ length: workers }, (_, index) => ({
    form: createWorkerForm(clock, settings, index === 0 ? early : null),
    waiting: 0,
  }));
  const [first] = hands;
  if (!first) throw new RangeError('A pool has at least one worker.');
  return {
    start: async () => {
      await Promise.all(hands.map(({ form }) => form.start()));
    },
    prepare: async (text, options) => {
      const hand = hands.reduce((least, one) => (one.waiting < least.waiting ? one : least), first);
      hand.waiting += 1;
      try {
        return await hand.form.prepare(text, options);
      } finally {
        hand.waiting -= 1;
      }
    },
    close: async () => {
      await Promise.all(hands.map(({ form }) => form.close()));
    },
  };
}
