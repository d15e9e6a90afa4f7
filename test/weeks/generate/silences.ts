import type { Random } from '../random.ts';
import { HOUR, type RuleSpec, type SilenceSpec } from '../scenario.ts';

/** One to three, each of one rule; some of one rule meet. */
export function pickSilences(random: Random, rules: readonly RuleSpec[], until: number): readonly SilenceSpec[] {
  return Array.from({ length: random.int(1, 3) }, (_, index): SilenceSpec => {
    const { id: rule } = random.pick(rules);
    if (random.chance(0.3))
      return { counts: 'maintenance', id: `window-${index}`, rule, hour: random.int(0, 23), hours: random.int(2, 10) };
    const from = random.int(HOUR, until - HOUR);
    const to = Math.min(until, from + random.pick([2, 12, 40]) * HOUR);
    return { counts: 'silenced', id: `silence-${index}`, rule, from, to, added: random.chance(0.5) };
  });
}
