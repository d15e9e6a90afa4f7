import { SEVERITIES } from '../../../src/rules/rule.ts';
import type { Random } from '../random.ts';
import { SNAPSHOT_TABLE, TRAITS } from '../rule-text.ts';
import { DAY, type Family, HOUR, MINUTE, type RuleSpec } from '../scenario.ts';
import type { Features } from './features.ts';

const TABLES = [
  'DeviceEvents',
  'DeviceProcessEvents',
  'DeviceNetworkEvents',
  'DeviceFileEvents',
  'DeviceRegistryEvents',
  'DeviceImageLoadEvents',
];
const INTERVALS = [15 * MINUTE, 30 * MINUTE, HOUR, HOUR, 2 * HOUR, 4 * HOUR, 12 * HOUR, DAY];

/** A cron, what it costs a day, and the longest time between two runs; weekends are for streams only. */
interface Cron {
  readonly cron: string;
  readonly runs: number;
  readonly longest: number;
}

const CRONS: readonly Cron[] = [
  { cron: '*/15 * * * *', runs: 96, longest: 15 * MINUTE },
  { cron: '*/30 * * * *', runs: 48, longest: 30 * MINUTE },
  { cron: '0 * * * *', runs: 24, longest: HOUR },
  { cron: '10 */2 * * *', runs: 12, longest: 2 * HOUR },
  { cron: '30 2 * * *', runs: 1, longest: DAY },
  { cron: '30 0 * * *', runs: 1, longest: DAY },
  { cron: '45 1,2,13 * * *', runs: 3, longest: 13 * HOUR },
  { cron: '0 6 * * 1-5', runs: 1, longest: 3 * DAY },
  { cron: '*/20 6-20 * * 1-5', runs: 45, longest: 3 * DAY },
];

export function pickRules(random: Random, zone: string, features: Features): readonly RuleSpec[] {
  const count = random.int(2, 5);
  const rules: RuleSpec[] = [];
  for (let index = 0; index < count; index += 1) {
    rules.push(pickRule(random, zone, features, { mark: `r${index + 1}`, table: TABLES[index] ?? 'DeviceEvents' }));
  }
  return rules;
}

function pickRule(
  random: Random,
  zone: string,
  features: Features,
  { mark, table }: Pick<RuleSpec, 'mark' | 'table'>,
): RuleSpec {
  const family = random.pick(features.families);
  const { shape } = TRAITS[family];
  const base = {
    id: `rule-${mark}`,
    mark,
    family,
    table: shape === 'snapshot' ? SNAPSHOT_TABLE : table,
    severity: random.pick(SEVERITIES),
    status: 'enabled' as const,
    basis: 'ingestion' as const,
    atLeast: 1,
    timed: true,
    dedup: null,
    suppress: null,
    limit: null,
    exceptions: [],
    previousIds: [],
  };
  const timing = pickTiming(random, features.cron ? zone : null, family);
  const rule: RuleSpec = { ...base, ...timing };
  return { ...rule, ...alertsOf(random, rule) };
}

function pickTiming(
  random: Random,
  zone: string | null,
  family: Family,
): Pick<RuleSpec, 'schedule' | 'lookback' | 'basis'> {
  const { shape } = TRAITS[family];
  const basis = shape !== 'snapshot' && random.chance(0.2) ? 'event' : 'ingestion';
  if (random.chance(0.35) && zone !== null) {
    const { cron, longest } = random.pick(shape === 'set' ? CRONS.filter((one) => one.longest <= DAY) : CRONS);
    const lookback = shape === 'set' ? longest * random.int(1, longest >= DAY ? 2 : 4) : null;
    return { schedule: { cron, timezone: zone }, lookback: lookbackOf(family, lookback), basis };
  }
  const every = random.pick(INTERVALS);
  const multiple = random.int(1, every >= 12 * HOUR ? 2 : 4);
  const streamLookback = shape === 'stream' && random.chance(0.2) ? every * 2 : null;
  return {
    schedule: { every },
    lookback: lookbackOf(family, shape === 'set' ? every * multiple : streamLookback),
    basis,
  };
}

/** What the query itself asks for is never beyond the lookback of a set. */
function lookbackOf(family: Family, lookback: number | null): number | null {
  return family === 'set-first-seen' ? Math.max(DAY, lookback ?? 0) : lookback;
}

function alertsOf(random: Random, rule: RuleSpec): Partial<RuleSpec> {
  const { family } = rule;
  if (family === 'snapshot') return { dedup: ['DeviceId'] };
  const common = { limit: random.chance(0.2) ? random.int(2, 5) : null };
  if (family === 'stream-group')
    return { ...common, atLeast: random.int(2, 3), suppress: random.chance(0.3) ? 4 * HOUR : null };
  if (family === 'set-count') {
    return {
      ...common,
      atLeast: random.int(1, 3),
      timed: random.chance(0.7),
      suppress: random.chance(0.3) ? random.pick([2, 6, 24]) * HOUR : null,
    };
  }
  if (family === 'set-pairs' || family === 'set-first-seen')
    return { ...common, suppress: random.chance(0.2) ? 6 * HOUR : null };
  if (!random.chance(0.3)) return common;
  return { ...common, dedup: ['AccountName'], suppress: random.chance(0.7) ? random.pick([1, 4, 12]) * HOUR : null };
}
