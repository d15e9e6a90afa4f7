import type { Random } from '../random.ts';
import { TRAITS } from '../rule-text.ts';
import { DAY, type Fault, HOUR, MINUTE, type RuleSpec, type Scenario, type ServiceSpec } from '../scenario.ts';
import { viewOf } from '../tenant-view.ts';
import { withDetours } from './detours.ts';
import { beginOf, edgesOf } from './edges.ts';
import { pickErrands } from './errands.ts';
import { numbered, pickEvents } from './events.ts';
import type { Features } from './features.ts';
import { pickReloads } from './reloads.ts';
import { pickRules } from './rules.ts';
import { endingBefore, pickSilences } from './silences.ts';
import { withJumps, withUpdates } from './updates.ts';

/** What a week of before may be given on top, each from numbers of its own: weeks without it stay as they were. */
export interface Extras {
  readonly random: Random;
  readonly zone: string;
  readonly features: Features;
  /** Faults and events are over by then, seconds. */
  readonly until: { readonly faults: number; readonly events: number };
}

export function withExtras(scenario: Scenario, extras: Extras): Scenario {
  const { features, random, until } = extras;
  const isDrawn = (name: string, isMeant: boolean, probability: number): boolean =>
    isMeant && random.fork(`whether ${name}`).chance(probability);
  let week = scenario;
  if (isDrawn('tenants', features.tenants, 0.25)) week = withTenant(week, extras);
  if (isDrawn('copies', features.copies, 0.35)) week = withCopies(week, random.fork('copies'));
  if (isDrawn('detours', features.detours, 0.35) && features.faults.length > 0)
    week = withDetours(week, random.fork('detours'), until.faults);
  if (isDrawn('updates', features.updates, 0.35)) {
    week = withUpdates(week, random.fork('updates'), until.faults);
    if (features.faults.length > 0) week = withJumps(week, random.fork('jumps'));
  }
  if (isDrawn('reloads', features.reloads, 0.4)) {
    const reloads = pickReloads(random.fork('reloads'), week, until.faults);
    week = { ...week, faults: [...week.faults, ...reloads].sort((a, b) => beginOf(a) - beginOf(b)) };
  }
  if (isDrawn('errands', features.errands, 0.35)) {
    const errands = pickErrands(random.fork('errands'), week, until.faults);
    week = { ...week, faults: [...week.faults, ...errands].sort((a, b) => beginOf(a) - beginOf(b)) };
  }
  if (isDrawn('silences', features.silences, 0.35)) {
    const silences = pickSilences(random.fork('silences'), week.rules, until.faults);
    week = { ...week, silences: silences.map((silence) => endingBefore(silence, week)) };
  }
  if (isDrawn('pack', features.pack, 0.25)) {
    const numbers = random.fork('pack');
    const [pack, callsPerMinute] = [numbers.pick([2, 4, 8]), numbers.int(1, 3)];
    if (features.faults.length > 0) week = withHeavyPacks(week, numbers, until.faults);
    week = packed(week, pack, callsPerMinute);
  }
  return week;
}

/** Some rows come twice: at once, within a window, or hours later. Rows that are counted by the rule itself do not. */
function withCopies(scenario: Scenario, random: Random): Scenario {
  const counted = new Set(
    scenario.rules.filter(({ family }) => TRAITS[family].per === 'group').map(({ mark }) => mark),
  );
  const events = scenario.events.map((event) => {
    if (!random.chance(0.15) || counted.has(event.mark)) return event;
    const again = random.pick([0, random.int(1, 20 * MINUTE), random.int(HOUR, 20 * HOUR)]);
    return { ...event, again };
  });
  return { ...scenario, events };
}

/** Runs an hour. */
const MOST_OF_A_CRON = 4;

/** Streams that are due together, and hours in which one of them is too heavy: what goes with it has to be asked apart. */
function withHeavyPacks(scenario: Scenario, random: Random, until: number): Scenario {
  const isStream = ({ family }: RuleSpec): boolean => TRAITS[family].shape === 'stream';
  const streams = scenario.rules.filter(isStream);
  if (streams.length < 2) return scenario;
  const schedule = { cron: random.pick(['*/15 * * * *', '*/30 * * * *']), timezone: 'UTC' };
  const rules = scenario.rules.map((rule) => (isStream(rule) ? { ...rule, schedule, lookback: null } : rule));
  const from = random.int(HOUR, until - DAY);
  const { mark, tenant } = random.pick(streams);
  const span = { from, to: from + random.int(HOUR, DAY), ...(tenant && { tenant }) };
  const heavy: Fault = {
    kind: 'heavy',
    ...span,
    mark,
    longest: random.pick([0, 10 * MINUTE]),
    after: random.pick([5, 120]),
  };
  return { ...scenario, rules, faults: [...scenario.faults, heavy].sort((a, b) => beginOf(a) - beginOf(b)) };
}

/** The same week with few calls a minute, and up to so many rules in each: whoever waits together goes together. */
export function packed(scenario: Scenario, pack: number, callsPerMinute = 1): Scenario {
  const packedService = (tenant: string, service: ServiceSpec): ServiceSpec => {
    const asked = viewOf(scenario, tenant).rules.reduce((sum, { schedule }) => {
      return sum + ('every' in schedule ? 3600 / schedule.every : MOST_OF_A_CRON);
    }, 0);
    return { ...service, pack, callsPerMinute, callsPerHour: Math.max(6, Math.round(asked * 1.5)) };
  };
  return {
    ...scenario,
    service: packedService('contoso', scenario.service),
    ...(scenario.otherTenants && {
      otherTenants: scenario.otherTenants.map((tenant) => ({
        ...tenant,
        service: packedService(tenant.name, tenant.service),
      })),
    }),
  };
}

const OTHER = 'fabrikam';

/** A second tenant with rules of its own; sometimes one of the two is sick for days. */
function withTenant(scenario: Scenario, { random, zone, features, until }: Extras): Scenario {
  const numbers = random.fork('tenants');
  const rules = pickRules(random.fork('rules of another'), zone, features)
    .slice(0, 2)
    .map((rule): RuleSpec => ({ ...rule, id: `rule-other-${rule.mark}`, mark: `other-${rule.mark}`, tenant: OTHER }));
  const events = pickEvents(random.fork('events of another'), rules, edgesOf(scenario.faults), until.events);
  const sick = features.faults.length > 0 && numbers.chance(0.6) ? [sickness(numbers, until.faults)] : [];
  const { pack: _, ...service } = scenario.service;
  return {
    ...scenario,
    otherTenants: [{ name: OTHER, service }],
    rules: [...scenario.rules, ...rules],
    events: numbered([...scenario.events, ...events]),
    faults: [...scenario.faults, ...sick].sort((a, b) => beginOf(a) - beginOf(b)),
  };
}

function sickness(random: Random, until: number): Fault {
  const from = random.int(HOUR, DAY);
  const tenant = random.chance(0.7) ? OTHER : undefined;
  const span = { from, to: until, ...(tenant && { tenant }) };
  switch (random.pick(['network', 'auth', 'server', 'throttle', 'slow'] as const)) {
    case 'throttle':
      return { kind: 'throttle', ...span, retryAfter: random.pick([null, 60, HOUR]) };
    case 'slow':
      return { kind: 'slow', ...span, latency: 300 };
    case 'auth':
      return { kind: 'api', ...span, failure: 'auth' };
    case 'server':
      return { kind: 'api', ...span, failure: 'server' };
    default:
      return { kind: 'api', ...span, failure: 'network' };
  }
}
