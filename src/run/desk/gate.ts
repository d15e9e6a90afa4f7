import type { Lane } from '../../sources/quota/lanes.ts';
import type { Desk } from './desk.ts';

export interface Gate {
  admit(): Promise<number>;
  close(): Promise<void>;
}

/** The first call of a run was admitted before it began; further ones wait their turn. An admission that was not used is given back. */
export function createGate(desk: Pick<Desk, 'tenant' | 'deps' | 'hard'>, lane: Lane, call: number): Gate {
  const { meter } = desk.tenant;
  let first: number | null = call;
  const admit = async (): Promise<number> => {
    if (first !== null) {
      const own = first;
      first = null;
      return own;
    }
    for (;;) {
      const admission = await meter.admit(lane);
      if (admission.kind === 'go') return admission.call;
      await desk.deps.clock.sleep(admission.waitMs, desk.hard.signal);
    }
  };
  return {
    admit,
    close: async () => {
      if (first !== null) await meter.release(first);
    },
  };
}
