import type { Turn } from '../turn.ts';
import type { Desk } from './desk.ts';
import { type NextTurn, risenTurn } from './ready-turns.ts';

/** The meter has no such call. */
const RIDES = 0;

export interface Gate {
  admit(): Promise<number>;
  close(): Promise<void>;
}

/**
 * The first call of a run was admitted before it began; further ones wait their turn, and rise as turns do. An admission that was not used
 * is given back. `call`: null where the first rides in a call that was admitted for several.
 */
export function createGate(
  desk: Pick<Desk, 'tenant' | 'deps' | 'hard' | 'ready'>,
  next: NextTurn<Turn>,
  call: number | null,
): Gate {
  const { meter } = desk.tenant;
  let first: number | null = call ?? RIDES;
  const admit = async (): Promise<number> => {
    if (first !== null) {
      const own = first;
      first = null;
      if (call !== null) desk.ready.spend(next);
      return own;
    }
    for (;;) {
      const { lane } = risenTurn(next.turn, desk.deps.clock.monotonic());
      const admission = await meter.admit(lane);
      if (admission.kind === 'go') {
        desk.ready.spend(next);
        return admission.call;
      }
      await desk.deps.clock.sleep(admission.waitMs, desk.hard.signal);
    }
  };
  return {
    admit,
    close: async () => {
      if (first !== null && call !== null) await meter.release(first);
    },
  };
}
