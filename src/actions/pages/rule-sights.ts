import { SECOND_MS } from '../../lib/duration.ts';
import { toHuntwireError } from '../../lib/errors.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import { isPending } from '../../run/coverage/ledger.ts';
import { isLagging, lagOf, oldestUnanswered, stateToShow } from '../../run/lag.ts';
import { intervalOf, type Timetable, timetableOf } from '../../run/schedule.ts';
import { delayOf } from '../../run/windows.ts';
import type { RuleStanding, RuleState } from '../../state/store.ts';
import type { PageDeps } from './page-deps.ts';

export type ShownStand = RuleStanding | 'never-run' | 'disabled';

/** Worst first. */
export const SHOWN_STANDS: readonly ShownStand[] = [
  'blocked',
  'failing',
  'lagging',
  'throttled',
  'never-run',
  'ok',
  'disabled',
];

/** A rule of a tenant and how it stands. */
export interface RuleSight {
  readonly tenant: string;
  readonly rule: RunnableRule;
  readonly state: RuleState | null;
  readonly standing: ShownStand;
  readonly lagMs: number;
  /** Windows that wait to be asked, and those that were given up in the last week. */
  readonly pending: number;
  readonly gaps: number;
}

/** All rules at one moment. */
export interface SightsSeen {
  /** Epoch ms. */
  readonly at: number;
  /** Worst first. */
  readonly sights: readonly RuleSight[];
}

export interface RuleSights {
  /** The first look, at which all is read; where it fails, whoever looks next reads. */
  prepare(): Promise<void>;
  /** At most some seconds old, however many ask. */
  all(): Promise<SightsSeen>;
  /** null: no tenant has a rule of this id. */
  one(tenant: string, ruleId: string): Promise<RuleSight | null>;
}

/** So long what was seen is shown again: thousands of rules are looked through. */
const FRESH_MS = 5 * SECOND_MS;
const WEEK_MS = 7 * 24 * 3600 * SECOND_MS;
/** Runs in one reading. */
const AT_ONCE = 500;

type SightDeps = Pick<PageDeps, 'tenants' | 'store' | 'clock' | 'settings' | 'log'>;

/** Follows the states of rules in the background, so that a look reads no more than what has run since. */
export function createRuleSights(deps: SightDeps, signal: AbortSignal): RuleSights {
  const book = createStateBook(deps.store);
  let seen: Promise<SightsSeen> | null = null;
  let seenAt = Number.NEGATIVE_INFINITY;
  const look = (): Promise<SightsSeen> => {
    const now = deps.clock.monotonic();
    if (seen && now - seenAt < FRESH_MS) return seen;
    seenAt = now;
    seen = lookAtAll(deps, book).catch((thrown) => {
      seen = null;
      throw thrown;
    });
    return seen;
  };
  void follow(deps, book, signal);
  return {
    prepare: () => untroubled(deps, look),
    all: look,
    one: async (name, ruleId) => {
      const tenant = deps.tenants.find((one) => one.name === name);
      const rule = tenant?.rules.find(({ id }) => id === ruleId);
      if (!tenant || !rule) return null;
      return sightOf(tenant, rule, await deps.store.ruleState(name, ruleId), deps);
    },
  };
}

/** States of rules in memory. */
interface StateBook {
  /** Reads what has changed since the last time; those who ask meanwhile wait for the same. */
  current(): Promise<ReadonlyMap<string, RuleState>>;
}

/** Every change of a rule's state comes with a run. */
function createStateBook(store: SightDeps['store']): StateBook {
  const states = new Map<string, RuleState>();
  let after: number | null = null;
  let reading: Promise<ReadonlyMap<string, RuleState>> | null = null;
  const read = async (): Promise<ReadonlyMap<string, RuleState>> => {
    if (after === null) {
      const newest = await store.newestRun();
      for (const { tenant, ruleId, state } of await store.ruleStates()) states.set(sightKey(tenant, ruleId), state);
      after = newest;
      return states;
    }
    for (let more = true; more; ) {
      const runs = await store.runsBehind({ after, since: 0, limit: AT_ONCE });
      const changed = new Map(runs.map(({ run }) => [sightKey(run.tenant, run.ruleId), run]));
      for (const [key, { tenant, ruleId }] of changed) {
        const state = await store.ruleState(tenant, ruleId);
        if (state) states.set(key, state);
      }
      after = runs.at(-1)?.row ?? after;
      more = runs.length === AT_ONCE;
    }
    return states;
  };
  return {
    current: () => {
      reading ??= read().finally(() => {
        reading = null;
      });
      return reading;
    },
  };
}

async function follow(deps: SightDeps, book: StateBook, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await deps.clock.sleep(FRESH_MS, signal).catch(() => undefined);
    if (!signal.aborted) await untroubled(deps, book.current);
  }
}

/** Nobody waits for this; what fails is told to who looks. */
async function untroubled({ log }: SightDeps, read: () => Promise<unknown>): Promise<void> {
  await read().catch((thrown) =>
    log.debug('states of rules could not be read', { code: toHuntwireError(thrown).code }),
  );
}

async function lookAtAll(deps: SightDeps, book: StateBook): Promise<SightsSeen> {
  const states = await book.current();
  const sights = deps.tenants.flatMap((tenant) =>
    tenant.rules.map((rule) => sightOf(tenant, rule, states.get(sightKey(tenant.name, rule.id)) ?? null, deps)),
  );
  return { at: deps.clock.now(), sights: sights.sort(byNeed) };
}

export function sightKey(tenant: string, ruleId: string): string {
  return `${tenant}\n${ruleId}`;
}

function sightOf(
  { name: tenant, serviceClock }: SightDeps['tenants'][number],
  rule: RunnableRule,
  state: RuleState | null,
  { clock, settings }: SightDeps,
): RuleSight {
  const now = serviceClock.now() ?? clock.now();
  if (rule.status === 'disabled')
    return { tenant, rule, state, standing: 'disabled', lagMs: 0, pending: 0, gaps: gapsOf(state, now) };
  const unanswered = state && oldestUnanswered(rule.effectiveShape, state, timetableFor(rule), delayOf(rule, settings));
  const lagMs = lagOf(unanswered, now);
  const standing = stateToShow(state, isLagging(lagMs, intervalOf(rule), false));
  const pending = state?.ledger.filter(isPending).length ?? 0;
  return { tenant, rule, state, standing, lagMs, pending, gaps: gapsOf(state, now) };
}

const timetables = new WeakMap<RunnableRule, Timetable>();

/** The same until another rule has taken its place. */
export function timetableFor(rule: RunnableRule): Timetable {
  const made = timetables.get(rule) ?? timetableOf(rule);
  timetables.set(rule, made);
  return made;
}

function gapsOf(state: RuleState | null, now: number): number {
  return state?.ledger.filter(({ outcome, to }) => outcome === 'gap' && to > now - WEEK_MS).length ?? 0;
}

const RANKS = new Map(SHOWN_STANDS.map((standing, rank) => [standing, rank]));

function byNeed(a: RuleSight, b: RuleSight): number {
  const rank = ({ standing }: RuleSight): number => RANKS.get(standing) ?? 0;
  const byLag = b.lagMs - a.lagMs;
  return rank(a) - rank(b) || b.gaps - a.gaps || byLag || (a.rule.id < b.rule.id ? -1 : 1);
}
