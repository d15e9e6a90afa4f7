import type { Random } from '../random.ts';
import { TRAITS } from '../rule-text.ts';
import { DAY, type EventSpec, type Fault, HOUR, MINUTE, type RuleSpec, type ServiceSpec } from '../scenario.ts';

/** What chance alone would seldom bring about: changes to a week that was drawn already. */
export interface Draft {
  readonly rules: readonly RuleSpec[];
  readonly faults: readonly Fault[];
  readonly events: readonly EventSpec[];
  readonly service: Omit<ServiceSpec, 'dateStep'>;
}

type Story = (draft: Draft, random: Random) => Draft;

export const STORIES = {
  'long absence': longAbsence,
  'edit during an outage': editDuringOutage,
  'exception until midnight': exceptionUntilMidnight,
  'testing then enabled': testingThenEnabled,
  'disabled for a while': disabledForAWhile,
  renamed,
  'heavy and throttled': heavyAndThrottled,
  'few calls': fewCalls,
  'short retention': shortRetention,
  'kills about a telling': killsAboutATelling,
} as const satisfies Readonly<Record<string, Story>>;
export type StoryName = keyof typeof STORIES;

export function tell(name: StoryName, draft: Draft, random: Random): Draft {
  return STORIES[name](draft, random);
}

function withRule(draft: Draft, index: number, set: Partial<RuleSpec>): Draft {
  return { ...draft, rules: draft.rules.map((rule, at) => (at === index ? { ...rule, ...set } : rule)) };
}

function withFaults(draft: Draft, ...faults: readonly Fault[]): Draft {
  return { ...draft, faults: [...draft.faults, ...faults] };
}

function anyRule(draft: Draft, random: Random, fits: (rule: RuleSpec) => boolean = () => true): number {
  const found = draft.rules.flatMap((rule, index) => (fits(rule) ? [index] : []));
  return found.length === 0 ? -1 : random.pick(found);
}

const shapeOf = (rule: RuleSpec): string => TRAITS[rule.family].shape;

/** Two to four days without a process, and one rule that is due every few minutes. */
function longAbsence(draft: Draft, random: Random): Draft {
  const index = anyRule(draft, random, (rule) => shapeOf(rule) !== 'snapshot' && rule.family !== 'set-first-seen');
  const from = random.int(6 * HOUR, DAY);
  const gone: Fault = { kind: 'kill', at: from, point: 'moment', nth: 1, down: random.int(2 * DAY, 4 * DAY) };
  const others = draft.faults.filter((fault) => !('down' in fault));
  const calm = { ...draft, faults: [...others, gone] };
  if (index < 0) return calm;
  const rule = draft.rules[index] as RuleSpec;
  const every = shapeOf(rule) === 'set' ? 2 * MINUTE : random.pick([4, 5]) * MINUTE;
  const lookback = shapeOf(rule) === 'set' ? every * random.int(2, 4) : null;
  return withRule({ ...calm, rules: [...calm.rules] }, index, {
    schedule: { every },
    lookback,
    suppress: rule.suppress,
  });
}

/** Windows fail, and meanwhile somebody edits the rule. */
function editDuringOutage(draft: Draft, random: Random): Draft {
  const index = anyRule(draft, random, (rule) => shapeOf(rule) !== 'snapshot');
  if (index < 0) return draft;
  const rule = draft.rules[index] as RuleSpec;
  const from = random.int(DAY, 3 * DAY);
  const every = 'every' in rule.schedule ? rule.schedule.every : HOUR;
  const lasts = Math.min(DAY, Math.max(3 * HOUR, 4 * every));
  const sets: Partial<RuleSpec>[] = [{ limit: random.int(2, 6) }, { dedup: rule.dedup ? null : ['AccountName'] }];
  if (shapeOf(rule) === 'set') sets.splice(0, 2, { lookback: (rule.lookback ?? HOUR) * 2 });
  if (rule.family === 'set-count') sets.push({ atLeast: rule.atLeast + 1 });
  if ('every' in rule.schedule)
    sets.push({ schedule: { every: Math.max(15 * MINUTE, Math.round(rule.schedule.every / 2)) } });
  return withFaults(
    draft,
    { kind: 'api', from, to: from + lasts, failure: random.pick(['network', 'server']) },
    {
      kind: 'restart',
      at: from + random.int(HOUR, lasts - HOUR / 2),
      down: random.int(20, HOUR),
      edits: [{ rule: rule.id, set: random.pick(sets) }],
    },
  );
}

/** One device comes again and again and is excepted until the day ends. */
function exceptionUntilMidnight(draft: Draft, random: Random): Draft {
  const index = anyRule(draft, random, (rule) => shapeOf(rule) !== 'snapshot');
  if (index < 0) return draft;
  const drawn = draft.rules[index] as RuleSpec;
  const rule = random.chance(0.3) ? drawn : hourlyCount(drawn);
  const day = random.int(1, 4) * DAY;
  const expires = day + random.int(6 * HOUR, 18 * HOUR);
  const events = Array.from(
    { length: 30 },
    (_, nth): EventSpec => ({
      id: 0,
      mark: rule.mark,
      device: 'pc9',
      account: 'user9',
      at: day - 6 * HOUR + nth * 50 * MINUTE,
      late: random.int(0, 90),
      hidden: random.int(0, 60),
      half: rule.family === 'set-pairs' ? (nth % 2 === 0 ? 'a' : 'b') : '',
      parts: ['a'],
    }),
  );
  return {
    ...withRule(draft, index, { ...rule, exceptions: [{ device: 'pc9', expires }] }),
    events: [...draft.events, ...events],
  };
}

function hourlyCount(rule: RuleSpec): RuleSpec {
  const timing = { schedule: { every: HOUR }, lookback: 4 * HOUR, basis: 'ingestion' } as const;
  return { ...rule, ...timing, family: 'set-count', atLeast: 1, dedup: null, limit: null };
}

function testingThenEnabled(draft: Draft, random: Random): Draft {
  const index = anyRule(draft, random);
  const at = random.int(12 * HOUR, 3 * DAY);
  const edits = [{ rule: draft.rules[index]?.id ?? '', set: { status: 'enabled' as const } }];
  return withFaults(withRule(draft, index, { status: 'testing' }), {
    kind: 'restart',
    at,
    down: random.int(20, 600),
    edits,
  });
}

function disabledForAWhile(draft: Draft, random: Random): Draft {
  const rule = draft.rules[anyRule(draft, random)] as RuleSpec;
  const at = random.int(12 * HOUR, 2 * DAY);
  const to = (status: RuleSpec['status']) => [{ rule: rule.id, set: { status } }];
  return withFaults(
    draft,
    { kind: 'restart', at, down: 30, edits: to('disabled') },
    {
      kind: 'restart',
      at: at + random.int(HOUR, 2 * DAY),
      down: 30,
      edits: to(random.pick(['enabled', 'enabled', 'testing'])),
    },
  );
}

/** Without `previousIds` another rule: it begins anew, and what the old one had open is over. With them it goes on. */
function renamed(draft: Draft, random: Random): Draft {
  const rule = draft.rules[anyRule(draft, random)] as RuleSpec;
  const at = random.int(12 * HOUR, 4 * DAY);
  const outage: Fault = { kind: 'api', from: at - 3 * HOUR, to: at + HOUR, failure: 'server' };
  const keeps = random.chance(0.6);
  const rename: Fault = {
    kind: 'restart',
    at,
    down: random.int(20, HOUR),
    edits: [{ rule: rule.id, set: { id: `${rule.id}-renamed`, ...(keeps && { previousIds: [rule.id] }) } }],
  };
  return withFaults(draft, ...(random.chance(0.5) ? [outage, rename] : [rename]));
}

/** A stream too heavy for its windows, and calls refused now and then while they are divided. */
function heavyAndThrottled(draft: Draft, random: Random): Draft {
  const index = anyRule(draft, random, (rule) => shapeOf(rule) === 'stream');
  if (index < 0) return draft;
  const rule = draft.rules[index] as RuleSpec;
  const from = random.int(12 * HOUR, 3 * DAY);
  const to = from + random.int(8 * HOUR, DAY);
  const heavy: Fault = {
    kind: 'heavy',
    from,
    to,
    mark: rule.mark,
    longest: random.pick([12, 25, 50]) * MINUTE,
    after: random.pick([60, 180]),
  };
  const throttles = Array.from({ length: 12 }, (): Fault => {
    const at = random.int(from, to - 20 * MINUTE);
    return { kind: 'throttle', from: at, to: at + random.int(5, 15) * MINUTE, retryAfter: random.pick([null, 60]) };
  });
  const kill: Fault = { kind: 'kill', at: from, point: 'halving', nth: random.int(1, 6), down: random.int(20, HOUR) };
  return withFaults(draft, heavy, ...throttles, kill);
}

/** More rules than the quota has calls for, for two days. */
function fewCalls(draft: Draft, random: Random): Draft {
  const rules = draft.rules.map((rule, index): RuleSpec => {
    if (shapeOf(rule) === 'set' || index > 2) return rule;
    return {
      ...rule,
      schedule: { every: 15 * MINUTE },
      lookback: null,
      severity: index === 0 ? 'high' : rule.severity,
    };
  });
  const planned = rules.reduce((sum, { schedule }) => sum + ('every' in schedule ? HOUR / schedule.every : 4), 0);
  return {
    ...draft,
    rules,
    service: {
      ...draft.service,
      callsPerHour: Math.max(8, Math.round(planned * (0.9 + 0.5 * random.next()))),
      callsPerMinute: 10,
    },
  };
}

function shortRetention(draft: Draft, random: Random): Draft {
  const retention = random.pick([3, 4]) * DAY;
  const at = random.int(6 * HOUR, DAY);
  return withFaults(
    { ...draft, service: { ...draft.service, retention } },
    {
      kind: 'api',
      from: at,
      to: at + random.int(2 * DAY, 4 * DAY),
      failure: random.pick(['network', 'auth']),
    },
  );
}

function killsAboutATelling(draft: Draft, random: Random): Draft {
  const points = ['before commit', 'after commit', 'before send', 'after send', 'before ack', 'admitted'] as const;
  const kills = points.map(
    (point): Fault => ({
      kind: 'kill',
      at: random.int(HOUR, 4 * DAY),
      point,
      nth: random.int(1, 4),
      down: random.int(10, 3 * HOUR),
    }),
  );
  return withFaults(draft, ...kills);
}
