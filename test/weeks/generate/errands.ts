import type { Random } from '../random.ts';
import { TRAITS } from '../rule-text.ts';
import { DAY, type Fault, HOUR, type RuleSpec, type Scenario } from '../scenario.ts';
import { edgesOf } from './edges.ts';

/** One to three turns that somebody asks for; backfills mostly of time in which something went wrong. */
export function pickErrands(random: Random, { rules, faults }: Scenario, until: number): readonly Fault[] {
  const windowed = rules.filter((rule) => TRAITS[rule.family].shape !== 'snapshot');
  return Array.from({ length: random.int(1, 3) }).flatMap((_, index): readonly Fault[] => {
    const at = random.int(DAY, until);
    if (windowed.length === 0 || (index > 0 && random.chance(0.3)))
      return [{ kind: 'run-now', at, rule: random.pick(rules).id }];
    return [backfillOf(random, random.pick(windowed), edgesOf(faults), at)];
  });
}

function backfillOf(random: Random, { id: rule }: RuleSpec, edges: readonly number[], at: number): Fault {
  const past = edges.filter((edge) => edge > HOUR && edge < at - HOUR);
  const from = past.length > 0 && random.chance(0.7) ? random.pick(past) - HOUR : random.int(0, at - HOUR);
  const to = Math.min(at, from + random.pick([3, 8, 24]) * HOUR);
  return { kind: 'backfill', at, rule, from, to };
}
