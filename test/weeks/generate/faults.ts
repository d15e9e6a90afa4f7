import type { Random } from '../random.ts';
import { DAY, type Edit, type Fault, HOUR, KILL_POINTS, MINUTE, type RuleSpec, type TargetSpec } from '../scenario.ts';
import { beginOf } from './edges.ts';
import type { FaultKind } from './features.ts';

export interface Draw {
  readonly random: Random;
  readonly rules: readonly RuleSpec[];
  readonly targets: readonly TargetSpec[];
  /** Faults are over by then, seconds. */
  readonly until: number;
}

/** Two to nine things that go wrong, any of them beside any other. */
export function pickFaults(draw: Draw, kinds: readonly FaultKind[]): readonly Fault[] {
  const { random } = draw;
  const count = random.int(2, 9);
  const faults: Fault[] = [];
  for (let index = 0; index < count; index += 1) faults.push(...pickFault(draw, random.pick(kinds)));
  const putBack = faults.findIndex((fault) => fault.kind === 'put-back');
  return faults
    .filter((fault, index) => fault.kind !== 'put-back' || index === putBack)
    .sort((a, b) => beginOf(a) - beginOf(b));
}

function pickFault(draw: Draw, kind: FaultKind): readonly Fault[] {
  const { random, until } = draw;
  const at = random.int(HOUR, until - HOUR);
  const span = (longest: number) => ({ from: at, to: Math.min(until, at + length(random, longest)) });
  switch (kind) {
    case 'api':
      return [{ kind, ...span(2 * DAY), failure: random.pick(['network', 'server', 'auth', 'broken-answer']) }];
    case 'reset':
      return [{ kind, at, count: random.pick([1, 1, 2, 3]) }];
    case 'throttle':
      return [{ kind, ...span(3 * HOUR), retryAfter: random.pick([null, 30, 300, HOUR]) }];
    case 'heavy':
      return [
        {
          kind,
          ...span(DAY),
          mark: random.pick(draw.rules).mark,
          longest: random.pick([0, 20 * MINUTE, HOUR]),
          after: random.pick([5, 120, 200]),
        },
      ];
    case 'slow':
      return [{ kind, ...span(6 * HOUR), latency: random.pick([30, 120, 300]) }];
    case 'date':
      return [
        {
          kind,
          ...pickOne(random, span(6 * HOUR), at),
          off: random.pick([-DAY, -HOUR, -90, 90, HOUR, DAY, -6 * 365 * DAY]),
          nth: random.pick([1, 2, 3, 7]),
        },
      ];
    case 'target':
      return [pickTargetFault(draw, span(2 * DAY))];
    case 'clock':
      return pickClock(random, at, until);
    case 'suspend':
      return [{ kind, at, length: Math.min(until - at, length(random, 10 * HOUR)) }];
    case 'kill':
      return [{ kind, at, point: random.pick(KILL_POINTS), nth: random.int(1, 3), down: length(random, DAY) }];
    case 'restart':
      return [{ kind, at, down: length(random, 6 * HOUR), edits: random.chance(0.7) ? pickEdits(draw, at) : [] }];
    case 'put-back': {
      const from = random.int(HOUR, at);
      return [{ kind, from, at, down: length(random, HOUR) }];
    }
  }
}

/** From seconds to `longest`, short ones as often as long ones. */
export function length(random: Random, longest: number): number {
  const least = 20;
  return Math.round(least * (longest / least) ** random.next());
}

/** Often a single answer. */
function pickOne<Span extends { readonly from: number }>(
  random: Random,
  span: Span,
  at: number,
): Span | { from: number; to: number } {
  return random.chance(0.4) ? { from: at, to: at + random.pick([2, 20, 60]) } : span;
}

function pickTargetFault({ random, targets }: Draw, span: { readonly from: number; readonly to: number }): Fault {
  const failure = random.pick(['again', 'blocked', 'throttled', 'refused', 'hangs'] as const);
  const retryAfter = failure === 'throttled' ? random.pick([5, 60, 600]) : null;
  return { kind: 'target', ...span, target: random.pick(targets).name, failure, retryAfter };
}

/** Wrong for a while and then right, or wrong for good. */
function pickClock(random: Random, at: number, until: number): readonly Fault[] {
  const skew = random.pick([-2 * DAY, -DAY, -HOUR, -200, 200, HOUR, DAY, 3 * DAY]);
  const back = Math.min(until, at + length(random, DAY));
  return [
    { kind: 'clock', at, skew },
    { kind: 'clock', at: back, skew: 0 },
  ];
}

export function pickEdits({ random, rules }: Draw, at: number): readonly Edit[] {
  const rule = random.pick(rules);
  const edits: readonly (() => Partial<RuleSpec> | null)[] = [
    () => ({ exceptions: [{ device: `pc${random.int(1, 4)}`, expires: midnightAfter(at) }] }),
    () => ({ status: 'testing' }),
    () => ({ status: 'enabled' }),
    () => ({ status: 'disabled' }),
    () => ({ suppress: random.pick([0, 2 * HOUR]) }),
    () => ({ limit: random.int(2, 6) }),
    () => (rule.lookback !== null && rule.family !== 'set-first-seen' ? { lookback: rule.lookback * 2 } : {}),
    () => ('every' in rule.schedule ? { schedule: { every: Math.max(900, rule.schedule.every / 2) } } : {}),
    () => null,
  ];
  return [{ rule: rule.id, set: random.pick(edits)() }];
}

function midnightAfter(at: number): number {
  return Math.ceil(at / DAY) * DAY;
}
