import { DAY_MS, SECOND_MS } from '../../lib/duration.ts';
import { toHuntwireError } from '../../lib/errors.ts';
import type { RunRecord } from '../../state/run-record.ts';
import type { PageDeps } from './page-deps.ts';
import { sightKey } from './rule-sights.ts';

/** What runs of one rule came to on one day. */
export interface DaySum {
  /** Its beginning, epoch ms. */
  readonly day: number;
  readonly runs: number;
  readonly alerts: number;
  readonly told: number;
  /** Hits that made no new alert. */
  readonly held: number;
}

export interface DaySums {
  /** Of the last seven days, oldest first. */
  of(tenant: string, ruleId: string): readonly DaySum[];
  /** Whether all runs of these days are counted; they are counted from the first look on, little by little. */
  isComplete(): boolean;
}

const DAYS = 7;
const AT_ONCE = 500;
/** Between two pages while it catches up: rules and deliveries go first. */
const BREATH_MS = 40;
const PACE_MS = 5 * SECOND_MS;

type SumDeps = Pick<PageDeps, 'store' | 'clock' | 'log'>;
type Counted = { runs: number; alerts: number; told: number; held: number };

/** Adds up what runs found, by rule and day, in the background. The first look begins it; it ends when the signal aborts. */
export function createDaySums(deps: SumDeps, signal: AbortSignal): DaySums {
  const rules = new Map<string, Map<number, Counted>>();
  let complete = false;
  let begun = false;
  const begin = (): void => {
    if (begun) return;
    begun = true;
    const caughtUp = (): void => {
      complete = true;
    };
    follow(deps, signal, rules, caughtUp).catch((thrown) => {
      // The state may be away for a while; the next look begins anew.
      rules.clear();
      [begun, complete] = [false, false];
      if (!signal.aborted) deps.log.warn('runs could not be counted', { code: toHuntwireError(thrown).code });
    });
  };
  return {
    of: (tenant, ruleId) => {
      begin();
      const days = rules.get(sightKey(tenant, ruleId));
      const today = dayOf(deps.clock.now());
      return Array.from({ length: DAYS }, (_, index) => {
        const day = today - (DAYS - 1 - index) * DAY_MS;
        return { day, ...(days?.get(day) ?? NOTHING) };
      });
    },
    isComplete: () => {
      begin();
      return complete;
    },
  };
}

const NOTHING: Readonly<Counted> = { runs: 0, alerts: 0, told: 0, held: 0 };

async function follow(
  { store, clock }: SumDeps,
  signal: AbortSignal,
  rules: Map<string, Map<number, Counted>>,
  caughtUp: () => void,
): Promise<void> {
  let after = 0;
  while (!signal.aborted) {
    const since = dayOf(clock.now()) - (DAYS - 1) * DAY_MS;
    const runs = await store.runsBehind({ after, since, limit: AT_ONCE });
    for (const { row, run } of runs) {
      after = row;
      if (run.endedAt >= since) count(rules, run, since);
    }
    if (runs.length < AT_ONCE) caughtUp();
    await clock.sleep(runs.length < AT_ONCE ? PACE_MS : BREATH_MS, signal).catch(() => undefined);
  }
}

function count(rules: Map<string, Map<number, Counted>>, run: RunRecord, since: number): void {
  const key = sightKey(run.tenant, run.ruleId);
  const days = rules.get(key) ?? new Map<number, Counted>();
  if (days.size === 0) rules.set(key, days);
  const day = dayOf(run.endedAt);
  const before = days.get(day) ?? NOTHING;
  days.set(day, {
    runs: before.runs + 1,
    alerts: before.alerts + run.alerts,
    told: before.told + run.toldHits,
    held: before.held + Object.values(run.suppressed).reduce((sum, held) => sum + held, 0),
  });
  for (const old of days.keys()) if (old < since) days.delete(old);
}

function dayOf(time: number): number {
  return Math.floor(time / DAY_MS) * DAY_MS;
}
