import type { TimeRange } from '../../../src/kql/window.ts';
import { TRAITS } from '../rule-text.ts';
import type { RuleSpec } from '../scenario.ts';
import type { Week } from '../world/play.ts';
import { type Finding, iso } from './finding.ts';
import { delayMs, longestInterval, shortestInterval } from './grid.ts';
import { countUntil, groupedBy } from './in-time.ts';
import { isBackfill, isSweep } from './late.ts';
import type { Chapter, CommittedRun } from './runs.ts';
import { type Era, erasOf, touches, troubles } from './timeline.ts';

const HOUR_MS = 3_600_000;
/** So long nothing was wrong before somebody who is behind has no excuse. */
const CALM_MS = 4 * HOUR_MS;
/** A query and what it waits for. */
const SLACK_MS = 20 * 60_000;
const LEAST_REST_MS = 15 * 60_000;

/**
 * A clock that is wrong, a fault that is over, a restart: none of them delays a rule for long. Looked at every hour that nothing was
 * wrong before; a wrong clock by itself counts as nothing wrong.
 */
export function checkBehind(week: Week, chapters: readonly Chapter[]): readonly Finding[] {
  const trouble = troubles(week.scenario);
  const eras = erasOf(week.records, week.endedAt);
  const own = groupedBy(
    chapters.filter((chapter) => chapter.kind === 'run' && !isSweep(chapter) && !isBackfill(chapter)) as CommittedRun[],
    ({ commit }) => commit.ruleId,
  );
  const courses = new Map([...own].map(([id, runs]) => [id, courseOf(runs)]));
  const found = new Map<string, Finding>();
  for (let time = Date.parse(week.scenario.start) + CALM_MS; time <= week.endedAt; time += HOUR_MS) {
    const era = eras.find((one) => one.from + CALM_MS <= time && time <= one.to);
    if (!era || touches(trouble, time - CALM_MS, time)) continue;
    for (const spec of era.rules) {
      if (spec.status === 'disabled' || found.has(spec.id)) continue;
      const finding = lookAt(spec, courses.get(spec.id) ?? NO_COURSE, era.from, time);
      if (finding) found.set(spec.id, finding);
    }
  }
  return [...found.values()];
}

/** The rest of a scarce hour, and turns of others before. */
const PATIENCE_MS = 12 * HOUR_MS;

/** However few calls there are, a turn is not lost: by the calm end of a process every rule has come to its turn again. */
export function checkStuck(week: Week, chapters: readonly Chapter[]): readonly Finding[] {
  const runs = chapters.filter((chapter) => chapter.kind === 'run');
  const trouble = troubles(week.scenario);
  const found = erasOf(week.records, week.endedAt).flatMap((era) => stuckIn(era, runs, trouble));
  return [...new Map(found.map((finding) => [finding.subject, finding])).values()];
}

function stuckIn(era: Era, runs: readonly CommittedRun[], trouble: readonly TimeRange[]): readonly Finding[] {
  return era.rules.flatMap((spec): readonly Finding[] => {
    const since = era.to - longestInterval(spec, era.from, era.to) - PATIENCE_MS;
    if (spec.status === 'disabled' || era.from > since || touches(trouble, since, era.to)) return [];
    const hasRun = runs.some(({ commit, at }) => commit.ruleId === spec.id && since < at && at <= era.to);
    const message = `at ${iso(era.to)} it has not had a turn since ${iso(since)} at least`;
    return hasRun ? [] : [{ kind: 'behind', subject: spec.id, message }];
  });
}

/** The runs of a rule, and up to where each of them and those before have asked. */
interface Course {
  readonly runs: readonly CommittedRun[];
  readonly answeredTo: readonly number[];
}

const NO_COURSE: Course = { runs: [], answeredTo: [] };

function courseOf(runs: readonly CommittedRun[]): Course {
  let newest = Number.NEGATIVE_INFINITY;
  const answeredTo = runs.map(({ commit: { run } }) => {
    if (run.outcome === 'ok') newest = Math.max(newest, run.logicalTime);
    return newest;
  });
  return { runs, answeredTo };
}

/**
 * Up to where windows of a set go that rest at an instant: one whose query took too long is asked again after its interval, of at most
 * six hours (SEMANTICS 4), however calm it has been since.
 */
export function restingTo(spec: RuleSpec, runs: readonly CommittedRun[], time: number): number {
  if (TRAITS[spec.family].shape !== 'set') return Number.NEGATIVE_INFINITY;
  const restMs = Math.max(LEAST_REST_MS, Math.min(shortestInterval(spec, time), 6 * HOUR_MS)) + SLACK_MS;
  const resting = runs.filter(
    ({ at, asked, commit: { run } }) =>
      at > time - restMs && run.outcome === 'failed' && asked.some(({ outcome }) => outcome === 'SOURCE_TIMEOUT'),
  );
  return Math.max(Number.NEGATIVE_INFINITY, ...resting.map(({ commit }) => commit.run.logicalTime));
}

function lookAt(spec: RuleSpec, { runs, answeredTo }: Course, started: number, time: number): Finding | null {
  const count = countUntil(runs, time);
  const given = (runs[count - 1]?.commit.rule.ledger ?? []).filter((entry) => entry.outcome !== 'pending');
  const answered = Math.max(answeredTo[count - 1] ?? Number.NEGATIVE_INFINITY, ...given.map((entry) => entry.to));
  const newest = Math.max(answered, restingTo(spec, runs.slice(0, count), time));
  // One that has not run under its name yet, as after it was renamed, goes on by the grid that it had.
  const interval = longestInterval(spec, Number.isFinite(newest) ? newest + delayMs(spec) : started, time);
  const allowed = interval + delayMs(spec) + SLACK_MS;
  if (newest >= time - allowed || (count === 0 && time - started < allowed)) return null;
  const since = count === 0 ? 'never ran' : `has asked up to ${iso(newest)}`;
  return { kind: 'behind', subject: spec.id, message: `at ${iso(time)}, after calm hours, it ${since}` };
}
