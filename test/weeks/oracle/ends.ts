import type { Alert } from '../../../src/alerts/alert.ts';
import { TRAITS } from '../rule-text.ts';
import { DAY, type RuleSpec } from '../scenario.ts';
import type { Week } from '../world/play.ts';
import { lookbackMs } from './coverage.ts';
import { type Decisions, hitKeysOf } from './decisions.ts';
import { type Finding, iso } from './finding.ts';
import { revisions } from './health.ts';
import { isSweep } from './late.ts';
import { quietLength } from './reference.ts';
import type { Chapter, CommittedRun } from './runs.ts';

/**
 * An alert of a group ends once, by a complete run that did not find it any more, or with its rule; what has been gone for long at the end
 * of the week has ended. Alerts of rows have no end: no rule of a week asks for one.
 */
export function checkEnds(week: Week, chapters: readonly Chapter[], decisions: Decisions): readonly Finding[] {
  const runs = chapters.filter((chapter) => chapter.kind === 'run');
  const early: Finding[] = runs.flatMap((run) => endedEarly(run, decisions));
  if (week.records.some(({ kind }) => kind === 'put-back')) return early;
  if (!isClockWrong(week)) early.push(...runs.flatMap((run, at) => endedTooSoon(run, runs.slice(0, at), decisions)));
  const alerts = week.records.flatMap((record) =>
    record.kind === 'commit' || record.kind === 'health'
      ? record.commit.alerts.filter(({ kind }) => kind === 'detection')
      : [],
  );
  return [...early, ...revisions(alerts), ...leftOpen(alerts, runs, decisions)];
}

/** A run that says nothing tells no end, and neither does one that found the condition. */
function endedEarly(run: CommittedRun, { expected }: Decisions): readonly Finding[] {
  const { commit, spec } = run;
  const found = new Set(expected.get(run)?.hits.map(({ key }) => key));
  return commit.alerts.flatMap((alert): readonly Finding[] => {
    if (alert.kind !== 'detection' || alert.status !== 'resolved') return [];
    const speaks =
      !isSweep(run) && commit.run.outcome === 'ok' && !commit.run.truncated && TRAITS[spec.family].per === 'group';
    if (speaks && hitKeysOf(alert, spec).every((key) => !found.has(key))) return [];
    const message = `${alert.id} was resolved by the run as of ${iso(commit.run.logicalTime)}, which does not say that it is gone`;
    return [{ kind: 'told-wrongly', subject: spec.id, message }];
  });
}

/** What a wrong clock found as of a time to come says nothing later. */
function isClockWrong({ scenario: { skew, faults } }: Week): boolean {
  return skew !== 0 || faults.some(({ kind }) => kind === 'clock' || kind === 'date');
}

/** It has to be gone for its quiet time, at least the lookback, behind the latest L that found it, however late that one was asked. */
export function endedTooSoon(
  run: CommittedRun,
  before: readonly CommittedRun[],
  { expected }: Pick<Decisions, 'expected'>,
): readonly Finding[] {
  const { commit, spec } = run;
  const ended = commit.alerts.filter(({ kind, status }) => kind === 'detection' && status === 'resolved');
  if (ended.length === 0) return [];
  const own = before.filter((one) => one.spec.mark === spec.mark && one.commit.run.outcome === 'ok' && !isSweep(one));
  const longMs = Math.max(1000 * quietLength(spec), lookbackMs(spec));
  return ended.flatMap((alert): readonly Finding[] => {
    const keys = hitKeysOf(alert, spec);
    const holds = (one: CommittedRun): boolean =>
      expected.get(one)?.hits.some(({ key }) => keys.includes(key)) ?? false;
    const timesOf = (runs: readonly CommittedRun[]): readonly number[] => runs.map((one) => one.commit.run.logicalTime);
    const next = toldNext(alert, own, spec);
    const heldTo = Math.max(Number.NEGATIVE_INFINITY, ...timesOf(own.filter(holds)).filter((time) => time < next));
    const missing = timesOf([...own, run].filter((one) => !one.commit.run.truncated && !holds(one)));
    const since = Math.min(...missing.filter((time) => time > heldTo));
    const { logicalTime } = commit.run;
    if (logicalTime > heldTo && logicalTime - since >= longMs) return [];
    const message = `${alert.id} was resolved as of ${iso(logicalTime)}, and it was found as of ${iso(heldTo)}`;
    return [{ kind: 'told-wrongly', subject: spec.id, message }];
  });
}

/** As of when another alert of the same group was told: what was missed is made up for behind it, and what that one found says nothing of what ended before. */
function toldNext(alert: Alert, own: readonly CommittedRun[], spec: RuleSpec): number {
  const keys = hitKeysOf(alert, spec);
  const tells = (one: CommittedRun, is: (id: string) => boolean): boolean =>
    one.commit.alerts.some(
      (told) => told.revision === 0 && is(told.id) && hitKeysOf(told, spec).some((key) => keys.includes(key)),
    );
  const first = own.find((one) => tells(one, (id) => id === alert.id));
  if (!first) return Number.POSITIVE_INFINITY;
  const { logicalTime } = first.commit.run;
  const others = own.filter((one) => tells(one, (id) => id !== alert.id)).map((one) => one.commit.run.logicalTime);
  return Math.min(Number.POSITIVE_INFINITY, ...others.filter((time) => time > logicalTime));
}

function leftOpen(
  alerts: readonly Alert[],
  runs: readonly CommittedRun[],
  { expected }: Decisions,
): readonly Finding[] {
  const latest = new Map(alerts.filter(({ overflow }) => overflow === undefined).map((alert) => [alert.id, alert]));
  return [...latest.values()].flatMap((alert): readonly Finding[] => {
    if (alert.status === 'resolved') return [];
    const own = runs.filter((run) => run.spec.id === alert.rule.id && !isSweep(run));
    const spec = own.at(-1)?.spec;
    if (spec?.status !== 'enabled' || TRAITS[spec.family].per !== 'group') return [];
    const keys = hitKeysOf(alert, spec);
    // An answer that was cut short says what is there, and not what is gone.
    const holds = (run: CommittedRun): boolean =>
      expected.get(run)?.hits.some(({ key }) => keys.includes(key)) ?? false;
    const speaking = own.filter((one) => one.commit.run.outcome === 'ok' && (!one.commit.run.truncated || holds(one)));
    const holding = speaking.findLastIndex(holds);
    const { since, goneMs } = goneFor(
      speaking.map(({ commit }) => commit.run.logicalTime),
      holding,
    );
    const longestMs = 1000 * (Math.max(spec.suppress ?? 0, spec.lookback ?? 0) + DAY);
    if (goneMs <= longestMs) return [];
    const message = `${alert.id} has been gone since ${iso(since)} and was not resolved`;
    return [{ kind: 'condition-left-open', subject: spec.id, message }];
  });
}

/** By runs in the order in which they were made, the latest to hold it at `holding`: what was made up for since is older than that, and says no end. */
export function goneFor(
  times: readonly number[],
  holding: number,
): { readonly since: number; readonly goneMs: number } {
  const heldTo = Math.max(Number.NEGATIVE_INFINITY, ...times.slice(0, holding + 1));
  const after = times.slice(holding + 1).filter((time) => time > heldTo);
  if (after.length === 0) return { since: heldTo, goneMs: 0 };
  const since = Math.min(...after);
  return { since, goneMs: Math.max(...after) - since };
}
