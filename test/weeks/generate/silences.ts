import type { Random } from '../random.ts';
import { DAY, HOUR, MINUTE, type RuleSpec, type Scenario, type SilenceSpec } from '../scenario.ts';

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

/** Ends a few minutes before something happens: one that held longer than it says would hide that, too. */
export function endingBefore(silence: SilenceSpec, { rules, events }: Pick<Scenario, 'rules' | 'events'>): SilenceSpec {
  if (silence.counts !== 'silenced') return silence;
  const { from, to } = silence;
  const mark = rules.find(({ id }) => id === silence.rule)?.mark;
  const times = events.filter((event) => event.mark === mark).map(({ at, late }) => at - late);
  const inside = times.filter((time) => from < time && time <= to).sort((a, b) => a - b);
  const behind = Math.min(...times.filter((time) => to < time && time < to + DAY));
  const next = inside.length > 1 ? inside.at(-1) : behind;
  const end = (next ?? Number.POSITIVE_INFINITY) - 5 * MINUTE;
  return Number.isFinite(end) && end > from + HOUR ? { ...silence, to: end } : silence;
}
