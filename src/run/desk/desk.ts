import { type Bell, createBell } from '../../lib/bell.ts';
import type { HuntwireError } from '../../lib/errors.ts';
import type { RunDeps, Tenant } from '../tenant.ts';
import type { Turn } from '../turn.ts';
import { createDueHeap, type DueHeap } from './due-heap.ts';
import { createJumpWatch } from './jump-watch.ts';
import { createReadyTurns, type ReadyTurns } from './ready-turns.ts';

/** What the scheduler of one tenant has before it. All that waits here is a deadline in monotonic ms. */
export interface Desk {
  readonly tenant: Tenant;
  readonly deps: RunDeps;
  readonly heap: DueHeap<Turn>;
  readonly ready: ReadyTurns<Turn>;
  readonly running: Map<string, Promise<void>>;
  /** Rules that have a backlog turn in the heap, ready or running. */
  readonly catchingUp: Set<string>;
  /** Until when blocked rules rest. */
  readonly rests: Map<string, number>;
  readonly bell: Bell;
  /** Looks whether our clock jumped. */
  readonly jumped: () => number;
  /** Ends the queries of runs that outlast the grace. */
  readonly hard: AbortController;
  /** By which setting of the service's clock everything was planned. */
  plannedBy: number;
  fatal: HuntwireError | null;
}

export function openDesk(tenant: Tenant, deps: RunDeps): Desk {
  return {
    tenant,
    deps,
    heap: createDueHeap(),
    ready: createReadyTurns(),
    running: new Map(),
    catchingUp: new Set(),
    rests: new Map(),
    bell: createBell(deps.clock),
    jumped: createJumpWatch(deps.clock),
    hard: new AbortController(),
    plannedBy: 0,
    fatal: null,
  };
}
