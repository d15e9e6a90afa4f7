import { type Bell, createBell } from '../../lib/bell.ts';
import type { HuntwireError } from '../../lib/errors.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import type { RuleState } from '../../state/store.ts';
import { createPackMemory, type PackMemory } from '../pack/pack-memory.ts';
import type { RunDeps } from '../tenant.ts';
import type { Turn } from '../turn.ts';
import { createDueHeap, type DueHeap } from './due-heap.ts';
import type { AskedTenant, OpenErrand } from './errands.ts';
import { createJumpWatch } from './jump-watch.ts';
import { createReadyTurns, type ReadyTurns } from './ready-turns.ts';

/** What the desk remembers of a rule between its turns. */
export interface RuleOutlook {
  readonly rule: RunnableRule;
  /** The oldest scheduled time without an answer, epoch ms of the service's clock; null: none. */
  readonly unanswered: number | null;
  /**
   * Until when something else than the quota kept it from running: no process was there, or it was blocked or failing. Monotonic ms: a time
   * of a clock that was ahead would keep it for as long as that was.
   */
  readonly keptTo: number;
  readonly standing: RuleState['standing'];
  /** Since when it has been failing, monotonic ms, so that no clock that jumps makes it longer; null: it is not. */
  readonly failingFrom: number | null;
  readonly lastError: RuleState['lastError'];
}

/** What is known of rules that may be asked together. */
export interface PackDesk {
  readonly memory: PackMemory;
  /** What the schedules asked for when it was looked at, monotonic ms; null: not yet. */
  plan: { readonly at: number; readonly isShort: boolean } | null;
}

/** What the scheduler of one tenant has before it. All that waits here is a deadline in monotonic ms. */
export interface Desk {
  readonly tenant: AskedTenant;
  readonly deps: RunDeps;
  readonly heap: DueHeap<Turn>;
  readonly ready: ReadyTurns<Turn>;
  readonly running: Map<string, Promise<void>>;
  /** The rules that all of this is planned by. */
  rules: readonly RunnableRule[];
  /** Rules that were changed, added or removed since they were planned, and that the desk has not taken up yet. */
  readonly entering: Set<string>;
  /** What somebody asked for and does not wait among the ready turns yet. */
  readonly errands: OpenErrand[];
  /** Rules that have a backlog turn in the heap, ready or running. */
  readonly catchingUp: Set<string>;
  /** Rules that have a sweep in the heap, ready or running. */
  readonly sweeping: Set<string>;
  /** Since when rules have a backlog: all of it waits as long, not only the window whose turn it is. */
  readonly behindSince: Map<string, number>;
  /** Until when blocked rules rest. */
  readonly rests: Map<string, number>;
  /** Since when the due turns of rules have had nothing to ask. */
  readonly stuckSince: Map<string, number>;
  /** How each rule stands, by its id. */
  readonly outlooks: Map<string, RuleOutlook>;
  readonly packing: PackDesk;
  readonly bell: Bell;
  /** Looks whether our clock jumped. */
  readonly jumped: () => number;
  /** Ends the queries of runs that outlast the grace. */
  readonly hard: AbortController;
  /** By which setting of the service's clock everything was planned. */
  plannedBy: number;
  /** When it was last told which rules lag, monotonic ms. */
  toldAt: number;
  /** Since when others use the quota up, monotonic ms, and whether that was told; null: they do not, nobody has looked yet. */
  readonly others: { since: number | null; told: boolean | null };
  /** Whether something was late at the latest look, or may have been told as late by an earlier process. */
  wasLate: boolean;
  fatal: HuntwireError | null;
}

export function openDesk(tenant: AskedTenant, deps: RunDeps): Desk {
  return {
    tenant,
    deps,
    heap: createDueHeap(),
    ready: createReadyTurns(),
    running: new Map(),
    rules: tenant.rules,
    entering: new Set(),
    errands: [],
    catchingUp: new Set(),
    sweeping: new Set(),
    behindSince: new Map(),
    rests: new Map(),
    stuckSince: new Map(),
    outlooks: new Map(),
    packing: { memory: createPackMemory(), plan: null },
    bell: createBell(deps.clock),
    jumped: createJumpWatch(deps.clock),
    hard: new AbortController(),
    plannedBy: 0,
    toldAt: Number.NEGATIVE_INFINITY,
    others: { since: null, told: null },
    wasLate: true,
    fatal: null,
  };
}
