import { createRandom, type Random } from '../random.ts';
import { DAY, type Scenario, type ServiceSpec } from '../scenario.ts';
import { beginOf, edgesOf } from './edges.ts';
import { numbered, pickEvents } from './events.ts';
import { withExtras } from './extras.ts';
import { pickFaults } from './faults.ts';
import { ALL_FEATURES, type Features } from './features.ts';
import { pickRules } from './rules.ts';
import { pickStart } from './start-date.ts';
import { type Draft, type StoryName, tell } from './stories.ts';

/** Nothing goes wrong behind this: a calm day and a half follows. */
const FAULTS_UNTIL = 5 * DAY;
const EVENTS_UNTIL = 6 * DAY;
const LENGTH = 6.5 * DAY;

export function scenarioOf(seed: number, features: Features = ALL_FEATURES): Scenario {
  const random = createRandom(seed);
  const { start, zone } = pickStart(random.fork('start'));
  const targets = [
    { name: 'soar', concurrency: random.pick([1, 4]) },
    { name: 'siem', concurrency: 4 },
  ];
  const drawn = pickRules(random.fork('rules'), zone, features);
  const faults =
    features.faults.length === 0
      ? []
      : pickFaults({ random: random.fork('faults'), rules: drawn, targets, until: FAULTS_UNTIL }, features.faults);
  const service = pickService(random.fork('service'));
  const events = pickEvents(random.fork('events'), drawn, edgesOf(faults), EVENTS_UNTIL);
  const story = pickStory(random.fork('story'), features);
  const draft: Draft = { rules: drawn, faults, events, service };
  const told = story === null ? draft : tell(story, draft, random.fork(story));
  const clocks = random.fork('clocks');
  const week: Scenario = {
    seed,
    start: new Date(start).toISOString(),
    length: LENGTH,
    service: { ...told.service, dateStep: features.dateStep },
    targets,
    skew:
      features.faults.includes('clock') && clocks.chance(0.15)
        ? clocks.pick([-2 * DAY, -DAY, -120, 120, DAY, 2 * DAY])
        : 0,
    rules: told.rules,
    events: numbered(told.events),
    faults: [...told.faults].sort((a, b) => beginOf(a) - beginOf(b)),
  };
  const until = { faults: FAULTS_UNTIL, events: EVENTS_UNTIL };
  return withExtras(week, { random: random.fork('extras'), zone, features, until });
}

function pickStory(random: Random, { stories }: Features): StoryName | null {
  return stories.length > 0 && random.chance(0.5) ? random.pick(stories) : null;
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
