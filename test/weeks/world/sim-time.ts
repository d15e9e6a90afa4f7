/** True time, in epoch ms. It jumps from one thing that happens to the next. */
export interface SimTime {
  now(): number;
  /** Calls `wake` at `due`; the order of equal times is the order of the calls. The answer takes it back. */
  at(due: number, wake: () => void): () => void;
  /** Lets everything happen that is due by `until`. */
  run(until: number): Promise<void>;
  /** Lets time go on until `done`, at most until `limit`. */
  runUntil(done: () => boolean, limit: number): Promise<void>;
  /** How many things have happened. */
  steps(): number;
}

interface Alarm {
  readonly due: number;
  readonly order: number;
  wake: (() => void) | null;
}

export function createSimTime(start: number): SimTime {
  const heap: Alarm[] = [];
  let current = start;
  let order = 0;
  let steps = 0;
  const at = (due: number, wake: () => void): (() => void) => {
    const alarm: Alarm = { due: Math.max(current, Math.ceil(due)), order, wake };
    order += 1;
    push(heap, alarm);
    return () => {
      alarm.wake = null;
    };
  };
  const run = async (until: number, done: () => boolean): Promise<void> => {
    for (;;) {
      await quiet();
      if (done()) return;
      let alarm = heap[0];
      while (alarm && alarm.wake === null) {
        pop(heap);
        alarm = heap[0];
      }
      if (!alarm || alarm.due > until) break;
      pop(heap);
      current = alarm.due;
      steps += 1;
      alarm.wake?.();
    }
    current = Math.max(current, until);
  };
  return {
    now: () => current,
    at,
    run: (until) => run(until, () => false),
    runUntil: (done, limit) => run(limit, done),
    steps: () => steps,
  };
}

/** Resolves when all that follows from what has happened has happened: promises settle before the next turn of the event loop. */
function quiet(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function before(a: Alarm, b: Alarm): boolean {
  return a.due < b.due || (a.due === b.due && a.order < b.order);
}

function push(heap: Alarm[], alarm: Alarm): void {
  let index = heap.length;
  heap.push(alarm);
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent] as Alarm;
    if (!before(alarm, above)) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = alarm;
}

function pop(heap: Alarm[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  let index = 0;
  for (;;) {
    let child = 2 * index + 1;
    const left = heap[child];
    if (!left) break;
    const right = heap[child + 1];
    if (right && before(right, left)) child += 1;
    const smaller = heap[child] as Alarm;
    if (!before(smaller, last)) break;
    heap[index] = smaller;
    index = child;
  }
  heap[index] = last;
}
