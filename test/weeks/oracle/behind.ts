import type { TimeRange } from '../../../src/kql/window.ts';
import type { RuleSpec } from '../scenario.ts';
import type { Week } from '../world/play.ts';
import { type Finding, iso } from './finding.ts';
import { delayMs, longestInterval } from './grid.ts';
import { isBackfill, isSweep } from './late.ts';
import type { Chapter, CommittedRun } from './runs.ts';
import { type Era, erasOf, touches, troubles } from './timeline.ts';

const HOUR_MS = 3_600_000;
/** So long nothing was wrong before somebody who is behind has no excuse. */
const CALM_MS = 4 * HOUR_MS;
/** A query and what it waits for. */
const SLACK_MS = 20 * 60_000;

/**
 * A clock that is wrong, a fault that is over, a restart: none of them delays a rule for long. Looked at every hour that nothing was
 * wrong before; a wrong clock by itself counts as nothing wrong.
 */
export function checkBehind(week: Week, chapters: readonly Chapter[]): readonly Finding[] {
  const trouble = troubles(week.scenario);
  const eras = erasOf(week.records, week.endedAt);
  const runs = chapters.filter((chapter) => chapter.kind === 'run');
  const found = new Map<string, Finding>();
  for (let time = Date.parse(week.scenario.start) + CALM_MS; time <= week.endedAt; time += HOUR_MS) {
    const era = eras.find((one) => one.from + CALM_MS <= time && time <= one.to);
    if (!era || touches(trouble, time - CALM_MS, time)) continue;
    for (const spec of era.rules) {
      if (spec.status === 'disabled' || found.has(spec.id)) continue;
      const finding = lookAt(spec, runs, era.from, time);
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

function lookAt(spec: RuleSpec, runs: readonly CommittedRun[], started: number, time: number): Finding | null {
  const own = runs.filter(
    (run) => run.commit.ruleId === spec.id && run.at <= time && !isSweep(run) && !isBackfill(run),
  );
  const answered = own.filter((run) => run.commit.run.outcome === 'ok').map((run) => run.commit.run.logicalTime);
  const given = (own.at(-1)?.commit.rule.ledger ?? []).filter((entry) => entry.outcome !== 'pending');
  const newest = Math.max(...answered, ...given.map((entry) => entry.to));
  // One that has not run under its name yet, as after it was renamed, goes on by the grid that it had.
  const interval = longestInterval(spec, Number.isFinite(newest) ? newest + delayMs(spec) : started, time);
  const allowed = interval + delayMs(spec) + SLACK_MS;
  if (newest >= time - allowed || (own.length === 0 && time - started < allowed)) return null;
  const since = own.length === 0 ? 'never ran' : `has asked up to ${iso(newest)}`;
  return { kind: 'behind', subject: spec.id, message: `at ${iso(time)}, after calm hours, it ${since}` };
}
