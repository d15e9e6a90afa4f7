import type { Random } from '../random.ts';
import { DAY, type EventSpec, type Fault, HOUR, MINUTE, type RuleSpec, type Scenario } from '../scenario.ts';
import { beginOf } from './edges.ts';
import { numbered } from './events.ts';

const ID = 'rule-u1';
const MARK = 'u1';

/** A rule whose groups go on for hours and are told as updates, somebody who takes some of them on, and now and then a severity that rises meanwhile. */
export function withUpdates(scenario: Scenario, random: Random, until: number): Scenario {
  const spells = Array.from({ length: random.int(2, 5) }, () => ({
    device: `pc${random.int(1, 2)}`,
    from: random.int(HOUR, until - 12 * HOUR),
    length: random.int(2, 14) * HOUR,
  }));
  const events = spells.flatMap(({ device, from, length }) => spellOf(random, device, from, from + length));
  const during = (): number => {
    const { from, length } = random.pick(spells);
    return from + random.int(0, length);
  };
  const acts = Array.from({ length: random.int(1, 4) }, (): Fault => ({ kind: 'acknowledge', at: during(), rule: ID }));
  const faults = [...scenario.faults, ...acts, ...(random.chance(0.4) ? [risen(during())] : [])];
  return {
    ...scenario,
    rules: [...scenario.rules, ruleOf(random)],
    events: numbered([...scenario.events, ...events]),
    faults: faults.sort((a, b) => beginOf(a) - beginOf(b)),
  };
}

/** Now and then our clock, or what all answers tell of the service's, is ahead for a while in which groups fire. */
export function withJumps(scenario: Scenario, random: Random): Scenario {
  const own = scenario.events.filter(({ mark }) => mark === MARK);
  if (own.length === 0 || random.chance(0.4)) return scenario;
  const { at } = random.pick(own);
  const to = at + random.pick([20 * MINUTE, 2 * HOUR, 6 * HOUR]);
  const off = random.pick([HOUR, 6 * HOUR, DAY]);
  const ours: readonly Fault[] = [
    { kind: 'clock', at, skew: off },
    { kind: 'clock', at: to, skew: 0 },
  ];
  const jump = random.chance(0.3) ? ours : [{ kind: 'date', from: at, to, off, nth: 1 } as const];
  return { ...scenario, faults: [...scenario.faults, ...jump].sort((a, b) => beginOf(a) - beginOf(b)) };
}

function ruleOf(random: Random): RuleSpec {
  return {
    ...{
      id: ID,
      mark: MARK,
      family: 'stream-group',
      table: 'DeviceImageLoadEvents',
      severity: 'medium',
      status: 'enabled',
    },
    schedule: { every: random.pick([15, 30, 60]) * MINUTE },
    ...{ lookback: null, basis: 'ingestion', atLeast: random.int(1, 2), timed: true, dedup: null },
    suppress: random.pick([0, 2, 6]) * HOUR,
    updates: { every: random.pick([1, 2, 4]) * HOUR, when: random.chance(0.8) ? 'grown' : 'severity' },
    ...{ limit: null, exceptions: [], previousIds: [] },
  };
}

/** Several in most hours, none in some. */
function spellOf(random: Random, device: string, from: number, to: number): readonly EventSpec[] {
  const events: EventSpec[] = [];
  for (let at = from; at < to; at += random.pick([5, 10, 20, 90]) * MINUTE) {
    const account = `user${random.int(1, 3)}`;
    events.push({
      id: 0,
      mark: MARK,
      device,
      account,
      at,
      late: random.int(0, 300),
      hidden: random.int(0, 90),
      half: '',
      parts: ['a'],
    });
  }
  return events;
}

function risen(at: number): Fault {
  return { kind: 'reload', at, edits: [{ rule: ID, set: { severity: 'critical' } }], targets: null, refused: false };
}
