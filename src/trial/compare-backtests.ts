import type { ToldAlert } from './backtest-tally.ts';

/** What a changed rule tells beside the rule as it was. */
export interface BacktestComparison {
  /** Alerts of both. */
  readonly kept: number;
  /** Alerts of the changed rule alone, oldest first. */
  readonly gained: readonly ToldAlert[];
  /** Alerts of the rule as it was alone, oldest first. */
  readonly lost: readonly ToldAlert[];
}

/** One way to find the partner of an alert: by what it is known. */
interface Pass {
  readonly keysOf: (alert: ToldAlert) => readonly string[];
}

const byRows = (alert: ToldAlert): readonly string[] => alert.rowKeys;
const byDedupKey = (alert: ToldAlert): readonly string[] => [alert.dedupKey];
const inSameRun =
  (keysOf: Pass['keysOf']): Pass['keysOf'] =>
  (alert) =>
    keysOf(alert).map((key) => `${alert.logicalTime} ${key}`);

/** Two alerts of overlapping windows are the same by a row in common, else by their dedup key; partners of the same run go first. */
const PASSES: readonly Pass[] = [
  { keysOf: inSameRun(byRows) },
  { keysOf: byRows },
  { keysOf: inSameRun(byDedupKey) },
  { keysOf: byDedupKey },
];

/**
 * Pairs the alerts of two backtests over the same time, each with one of the other at most; what is left over was lost or gained.
 * Both are in the order of their L.
 */
export function compareBacktests(before: readonly ToldAlert[], after: readonly ToldAlert[]): BacktestComparison {
  let lost = before;
  let gained = after;
  for (const pass of PASSES) {
    const paired = pair(pass, lost, gained);
    lost = lost.filter((alert) => !paired.has(alert));
    gained = gained.filter((alert) => !paired.has(alert));
  }
  return { kept: before.length - lost.length, gained, lost };
}

/** The alerts of both sides that found a partner. */
function pair(pass: Pass, before: readonly ToldAlert[], after: readonly ToldAlert[]): ReadonlySet<ToldAlert> {
  const candidates = byKey(pass, after);
  const paired = new Set<ToldAlert>();
  for (const alert of before) {
    const partner = findPartner(pass.keysOf(alert), alert, candidates, paired);
    if (!partner) continue;
    paired.add(alert);
    paired.add(partner);
  }
  return paired;
}

/** Alerts of one key; those before `start` have a partner or lie behind all that is still to come. */
interface Candidates {
  readonly alerts: ToldAlert[];
  start: number;
}

function findPartner(
  keys: readonly string[],
  alert: ToldAlert,
  candidates: ReadonlyMap<string, Candidates>,
  paired: ReadonlySet<ToldAlert>,
): ToldAlert | null {
  for (const key of keys) {
    const known = candidates.get(key);
    const partner = known && firstFree(known, alert, paired);
    if (partner) return partner;
  }
  return null;
}

function firstFree(known: Candidates, alert: ToldAlert, paired: ReadonlySet<ToldAlert>): ToldAlert | null {
  const { alerts } = known;
  for (let index = known.start; index < alerts.length; index += 1) {
    const one = alerts[index];
    if (!one || one.window.from >= alert.window.to) return null;
    const isSpent = paired.has(one) || one.window.to <= alert.window.from;
    if (!isSpent) return one;
    if (index === known.start) known.start += 1;
  }
  return null;
}

function byKey(pass: Pass, alerts: readonly ToldAlert[]): ReadonlyMap<string, Candidates> {
  const map = new Map<string, Candidates>();
  for (const alert of alerts) {
    for (const key of pass.keysOf(alert)) {
      const known = map.get(key);
      if (known) known.alerts.push(alert);
      else map.set(key, { alerts: [alert], start: 0 });
    }
  }
  return map;
}
