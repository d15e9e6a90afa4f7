import { beginOf, edgesOf } from './generate/edges.ts';
import { DAY, type Scenario } from './scenario.ts';

/** Whether a scenario still shows what is looked for. */
export type Shows = (scenario: Scenario) => Promise<boolean>;

const PARTS = ['faults', 'events', 'rules'] as const;

/** Leaves out whatever a finding does not need: halves first, then single things, until nothing more can go or `tries` are spent. */
export async function shrink(scenario: Scenario, shows: Shows, tries: number): Promise<Scenario> {
  let smallest = scenario;
  let left = tries;
  const tryOne = async (candidate: Scenario): Promise<boolean> => {
    if (left <= 0 || JSON.stringify(candidate) === JSON.stringify(smallest)) return false;
    left -= 1;
    if (!(await shows(candidate))) return false;
    smallest = candidate;
    return true;
  };
  for (let before = -1; before !== sizeOf(smallest) && left > 0; ) {
    before = sizeOf(smallest);
    for (const days of [1, 2, 3]) while (await tryOne(shorter(smallest, days * DAY))) before = -1;
    for (const part of PARTS) await shrinkPart(part, () => smallest, tryOne);
    for (const candidate of simplerOnes(smallest)) await tryOne(candidate(smallest));
  }
  return smallest;
}

function sizeOf(scenario: Scenario): number {
  return JSON.stringify(scenario).length;
}

async function shrinkPart(
  part: (typeof PARTS)[number],
  current: () => Scenario,
  tryOne: (candidate: Scenario) => Promise<boolean>,
): Promise<void> {
  for (let chunk = Math.ceil(current()[part].length / 2); chunk >= 1; chunk = chunk === 1 ? 0 : Math.ceil(chunk / 2)) {
    for (let at = 0; at < current()[part].length; ) {
      const kept = current()[part].filter((_, index) => index < at || index >= at + chunk);
      const enough = part !== 'rules' || kept.length > 0;
      if (!enough || !(await tryOne(withPart(current(), part, kept)))) at += chunk;
    }
  }
}

/** Events of a rule that is left out go with it. */
function withPart(scenario: Scenario, part: (typeof PARTS)[number], kept: readonly unknown[]): Scenario {
  const next = { ...scenario, [part]: kept } as Scenario;
  if (part !== 'rules') return next;
  const marks = new Set(next.rules.map((rule) => rule.mark));
  return { ...next, events: next.events.filter((event) => marks.has(event.mark)) };
}

/** What is calm at the end stays as long as it is. */
const CALM = 1.5 * DAY;

function shorter(scenario: Scenario, by: number): Scenario {
  const length = scenario.length - by;
  const faults = scenario.faults.filter((fault) => Math.max(beginOf(fault), ...edgesOf([fault])) <= length - CALM);
  const events = scenario.events.filter((event) => event.at <= length - CALM / 3);
  return { ...scenario, length: Math.max(length, CALM), faults, events };
}

type Simpler = (scenario: Scenario) => Scenario;

function simplerOnes(scenario: Scenario): readonly Simpler[] {
  const plain: Simpler[] = [
    (one) => ({ ...one, skew: 0 }),
    (one) => ({ ...one, service: { ...one.service, callsPerMinute: 40, callsPerHour: 1400 } }),
    (one) => ({ ...one, service: { ...one.service, maxRows: 1000 } }),
    (one) => ({ ...one, service: { ...one.service, latency: [1, 1] } }),
    (one) => ({ ...one, events: one.events.map((event) => ({ ...event, late: 0 })) }),
    (one) => ({ ...one, events: one.events.map((event) => ({ ...event, hidden: 0 })) }),
    (one) => ({ ...one, targets: one.targets.map((target) => ({ ...target, concurrency: 4 })) }),
  ];
  const rules = scenario.rules.flatMap((_, index): Simpler[] => [
    withRule(index, { limit: null }),
    withRule(index, { suppress: null }),
    withRule(index, { exceptions: [] }),
    withRule(index, { severity: 'high' }),
  ]);
  return [...plain, ...rules];
}

function withRule(index: number, set: Partial<Scenario['rules'][number]>): Simpler {
  return (scenario) => ({
    ...scenario,
    rules: scenario.rules.map((rule, at) => (at === index ? { ...rule, ...set } : rule)),
  });
}
