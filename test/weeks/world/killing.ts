import type { KillPoint, Scenario } from '../scenario.ts';
import type { SimTime } from './sim-time.ts';

/** The kills of a scenario that wait for a process to come to their point. */
export interface Killing {
  /** Whether a process that comes to this point now dies there; tells how long it stays down, in seconds. */
  reached(point: KillPoint): { readonly down: number } | null;
}

export function createKilling(scenario: Scenario, time: SimTime): Killing {
  const start = Date.parse(scenario.start);
  const armed = scenario.faults.flatMap((fault) =>
    fault.kind === 'kill' && fault.point !== 'moment' ? [{ ...fault, left: fault.nth }] : [],
  );
  return {
    reached: (point) => {
      const kill = armed.find((one) => one.point === point && one.left > 0 && start + one.at * 1000 <= time.now());
      if (!kill) return null;
      kill.left -= 1;
      return kill.left === 0 ? { down: kill.down } : null;
    },
  };
}
