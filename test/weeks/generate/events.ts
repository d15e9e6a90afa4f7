import type { Random } from '../random.ts';
import { TRAITS } from '../rule-text.ts';
import { DAY, type EventSpec, HOUR, MINUTE, type RuleSpec } from '../scenario.ts';

/** Hits of every rule: some at any time, some where faults begin and end, some in bursts. */
export function pickEvents(
  random: Random,
  rules: readonly RuleSpec[],
  edges: readonly number[],
  until: number,
): readonly EventSpec[] {
  const events: EventSpec[] = [];
  for (const rule of rules) {
    const count = random.int(4, 14);
    for (let index = 0; index < count; index += 1) events.push(...cluster(random, rule, timeOf(random, edges, until)));
  }
  return events;
}

function timeOf(random: Random, edges: readonly number[], until: number): number {
  const anywhere = random.int(0, until);
  if (edges.length === 0 || random.chance(0.5)) return anywhere;
  const near = random.pick(edges) + random.int(-40 * MINUTE, 40 * MINUTE);
  return near >= 0 && near < until ? near : anywhere;
}

/** What one thing that happens leaves: mostly one event; of rules that count or pair, as many as they want. */
function cluster(random: Random, rule: RuleSpec, at: number): readonly EventSpec[] {
  const device = `pc${random.int(1, 4)}`;
  const account = `user${random.int(1, 3)}`;
  const one = (offset: number, half: EventSpec['half'] = ''): EventSpec => ({
    id: 0,
    mark: rule.mark,
    device,
    account,
    at: at + offset,
    late: lateness(random, rule),
    hidden: hiding(random),
    half,
    parts: random.chance(0.5) ? ['a'] : ['a', 'b', 'c'],
  });
  if (rule.family === 'set-pairs') return [one(0, 'a'), one(random.int(0, 2 * HOUR), 'b')];
  const { per } = TRAITS[rule.family];
  const size = per === 'group' || rule.family === 'set-count' ? random.int(1, rule.atLeast + 1) : 1;
  const spread = random.pick([0, 4 * MINUTE, 40 * MINUTE]);
  const whole = Array.from({ length: size }, () => one(random.int(0, spread)));
  if (!random.chance(0.05)) return whole;
  return Array.from({ length: random.int(6, 14) }, (_, index) => ({
    ...one(random.int(0, 20 * MINUTE)),
    device: `pc${1 + (index % 6)}`,
    account: `user${index % 8}`,
  }));
}

function lateness(random: Random, rule: RuleSpec): number {
  if (rule.basis === 'event') return random.chance(0.9) ? random.int(0, 40 * MINUTE) : random.int(HOUR, 5 * HOUR);
  const draw = random.next();
  if (draw < 0.7) return random.int(0, 5 * MINUTE);
  if (draw < 0.85) return random.int(5 * MINUTE, 3 * HOUR);
  return draw < 0.96 ? random.int(3 * HOUR, 3 * DAY - HOUR) : random.int(3 * DAY + HOUR, 4 * DAY);
}

function hiding(random: Random): number {
  const draw = random.next();
  if (draw < 0.8) return random.int(0, 90);
  return draw < 0.96 ? random.int(2 * MINUTE, 10 * MINUTE) : random.int(15 * MINUTE, 2 * HOUR);
}

/** In the order of their arrival, each with an id of its own. */
export function numbered(events: readonly EventSpec[]): readonly EventSpec[] {
  return [...events].sort((a, b) => a.at - b.at).map((event, index) => ({ ...event, id: index + 1 }));
}
