import type { Random } from '../random.ts';
import { type DetourSpec, type Fault, HOUR, MINUTE, type Scenario } from '../scenario.ts';
import { beginOf } from './edges.ts';

/** Escalations, digests and a target that stands in for the first one, each in some weeks; that one takes nothing for hours then. */
export function withDetours(scenario: Scenario, random: Random, until: number): Scenario {
  const [target] = scenario.targets;
  if (!target) return scenario;
  const maybe = (seconds: readonly number[]): number | null => (random.chance(0.6) ? random.pick(seconds) : null);
  const detours: DetourSpec = {
    escalateAfter: maybe([10 * MINUTE, HOUR, 6 * HOUR]),
    digestEvery: maybe([30 * MINUTE, 4 * HOUR]),
    fallbackAfter: maybe([15 * MINUTE, 2 * HOUR]),
  };
  if (detours.fallbackAfter === null) return { ...scenario, detours };
  // Something is to be told meanwhile.
  const events = scenario.events.filter(({ at }) => at > 2 * HOUR && at < until - 20 * HOUR);
  const from = events.length > 0 ? random.pick(events).at - HOUR : HOUR;
  const down: Fault = {
    ...{ kind: 'target', from, to: from + random.int(6, 20) * HOUR, target: target.name },
    ...{ failure: random.pick(['again', 'blocked', 'hangs'] as const), retryAfter: null },
  };
  return { ...scenario, detours, faults: [...scenario.faults, down].sort((a, b) => beginOf(a) - beginOf(b)) };
}
