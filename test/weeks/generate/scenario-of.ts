import { createRandom, type Random } from '../random.ts';
import { DAY, type Scenario, type ServiceSpec } from '../scenario.ts';
import { edgesOf } from './edges.ts';
import { pickEvents } from './events.ts';
import { pickFaults } from './faults.ts';
import { ALL_FEATURES, type Features } from './features.ts';
import { pickRules } from './rules.ts';
import { pickStart } from './start-date.ts';

/** Nothing goes wrong behind this: a calm day and a half follows. */
const FAULTS_UNTIL = 5 * DAY;
const EVENTS_UNTIL = 6 * DAY;
const LENGTH = 6.5 * DAY;

export function scenarioOf(seed: number, features: Features = ALL_FEATURES): Scenario {
  const random = createRandom(seed);
  const { start, zone } = pickStart(random.fork('start'));
  const rules = pickRules(random.fork('rules'), zone, features);
  const targets = [
    { name: 'soar', concurrency: random.pick([1, 4]) },
    { name: 'siem', concurrency: 4 },
  ];
  const { faults: kinds } = features;
  const faults =
    kinds.length === 0 ? [] : pickFaults({ random: random.fork('faults'), rules, targets, until: FAULTS_UNTIL }, kinds);
  const clocks = random.fork('clocks');
  return {
    seed,
    start: new Date(start).toISOString(),
    length: LENGTH,
    service: { ...pickService(random.fork('service')), dateStep: features.dateStep },
    targets,
    skew: kinds.includes('clock') && clocks.chance(0.15) ? clocks.pick([-2 * DAY, -DAY, -120, 120, DAY, 2 * DAY]) : 0,
    rules,
    events: pickEvents(random.fork('events'), rules, edgesOf(faults), EVENTS_UNTIL),
    faults,
  };
}

function pickService(random: Random): Omit<ServiceSpec, 'dateStep'> {
  return {
    callsPerMinute: random.chance(0.2) ? random.int(3, 6) : 40,
    callsPerHour: random.chance(0.2) ? random.int(60, 120) : 1400,
    maxRows: random.chance(0.2) ? random.int(5, 12) : 1000,
    retention: 30 * DAY,
    latency: random.pick([
      [0.2, 2],
      [1, 30],
    ]),
  };
}
