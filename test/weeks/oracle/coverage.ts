import type { TimeRange } from '../../../src/kql/window.ts';
import type { LedgerEntry } from '../../../src/state/store.ts';
import { REACH, TRAITS } from '../rule-text.ts';
import { DAY, type EventSpec, type RuleSpec, type Scenario } from '../scenario.ts';
import type { Week } from '../world/play.ts';
import { type Finding, iso } from './finding.ts';
import { delayMs, dueTimes } from './grid.ts';
import { excuseOfSweep, isBackfill, isLate, isSweep } from './late.ts';
import { isScarce } from './quota.ts';
import type { Chapter, CommittedRun } from './runs.ts';
import { holesIn, lastRules, touches } from './timeline.ts';

export const SETTLE_MS = 10 * 60_000;
const OVERLAP_MS = 60 * 60_000;

/** The ledger of one rule as the week saw it: its runs, and what the state records beside them. */
export interface RuleStory {
  readonly ruleId: string;
  readonly mark: string;
  readonly runs: readonly CommittedRun[];
  readonly ledger: readonly LedgerEntry[];
  /** The lowest instant that it covers, by its first commit; null where it never had one. */
  readonly from: number | null;
  readonly frontier: number | null;
}

export function storiesOf(week: Week, chapters: readonly Chapter[]): readonly RuleStory[] {
  const byId = new Map<string, CommittedRun[]>();
  for (const chapter of chapters) {
    if (chapter.kind === 'run') byId.set(chapter.commit.ruleId, [...(byId.get(chapter.commit.ruleId) ?? []), chapter]);
  }
  return [...byId].map(([ruleId, runs]) => {
    const state = week.final.rules.get(ruleId);
    const mark = runs[0]?.spec.mark ?? '';
    return {
      ruleId,
      mark,
      runs,
      ledger: state?.ledger ?? [],
      from: firstCovered(runs),
      frontier: state?.frontier ?? null,
    };
  });
}

/** A rule that was renamed may begin with a sweep, which says nothing of its windows. */
function firstCovered(all: readonly CommittedRun[]): number | null {
  const [first] = all.filter((run) => !isSweep(run) && !isBackfill(run));
  if (!first) return null;
  const { run, rule } = first.commit;
  const lengths = [...rule.ledger.map((entry) => entry.from), run.logicalTime - lookbackMs(first.spec)];
  return Math.min(...lengths);
}

export function lookbackMs(spec: RuleSpec): number {
  if (spec.lookback !== null) return spec.lookback * 1000;
  return 'every' in spec.schedule ? spec.schedule.every * 1000 : 60_000;
}

/** What was asked for so late that whatever arrived was visible: of streams, which are read again; of sets, all of a window. */
export function coveredRanges(story: RuleStory): readonly TimeRange[] {
  return story.runs
    .filter((run) => run.commit.run.outcome === 'ok' && !isSweep(run))
    .flatMap((run) =>
      run.answers.flatMap((answer) => (answer.window ? [seenRange(answer.window, answer.began, run)] : [])),
    );
}

function seenRange({ from, to }: TimeRange, began: number, { spec }: CommittedRun): TimeRange {
  return TRAITS[spec.family].shape === 'stream' ? { from, to: Math.min(to, began - backMs(spec)) } : { from, to };
}

function backMs(spec: RuleSpec): number {
  return spec.basis === 'event' ? OVERLAP_MS : SETTLE_MS;
}

/** Whether what a rule claims to have covered was asked for, and the rest recorded. */
export function checkCoverage(story: RuleStory, week: Week): readonly Finding[] {
  const { from, frontier, ruleId, runs } = story;
  const shape = runs[0] && TRAITS[runs[0].spec.family].shape;
  if (from === null || frontier === null || shape === 'snapshot') return [];
  const back = shape === 'stream' ? Math.max(...runs.map((run) => backMs(run.spec))) : 0;
  const recorded = story.ledger.filter((one) => one.outcome !== 'pending' || mayBePending(one, ruleId, week));
  // What is not asked does not read again what lies before it either.
  const excused = recorded.map((entry) => ({ from: entry.from - back, to: entry.to }));
  const holes = holesIn(from, frontier - back, [...coveredRanges(story), ...excused]);
  const findings: Finding[] = holes.map((hole) => ({
    kind: 'hole',
    subject: ruleId,
    message: `[${iso(hole.from)}, ${iso(hole.to)}) was never asked for and stands in no ledger`,
  }));
  return [...findings, ...(shape === 'set' ? gridFindings(story) : [])];
}

/** A window that is still pending at the end and not for long, or where calls are few, or whose rule is not there any more. */
function mayBePending(entry: LedgerEntry, ruleId: string, week: Week): boolean {
  if (entry.outcome !== 'pending') return false;
  const spec = lastRules(week.records).find((rule) => rule.id === ruleId && rule.status !== 'disabled');
  return !spec || fellDue(entry, spec, week) > week.endedAt - 3 * 3_600_000 || isScarce(week);
}

/** The scheduled time that asks for what an entry holds: of a cron it may lie hours behind it, as after a night. The week's end where none came. */
export function fellDue(entry: LedgerEntry, spec: RuleSpec, { endedAt }: Week): number {
  const end = entry.to + delayMs(spec);
  return dueTimes(spec, end, end, endedAt)[0] ?? endedAt;
}

/** Set windows are asked exactly as scheduled: each L of the grid, with its whole lookback. */
function gridFindings(story: RuleStory): readonly Finding[] {
  const findings: Finding[] = [];
  const say = (kind: 'off-grid' | 'wrong-window' | 'hole', message: string): void =>
    void findings.push({ kind, subject: story.ruleId, message });
  const done = new Map<number, CommittedRun>();
  for (const run of story.runs.filter((one) => one.commit.run.outcome === 'ok')) {
    const { logicalTime, window } = run.commit.run;
    done.set(logicalTime, run);
    const length = window ? window.to - window.from : 0;
    const lengths = story.runs.map((one) => lookbackMs(one.spec));
    if (!window || window.to !== logicalTime || !lengths.includes(length)) {
      say(
        'wrong-window',
        `L ${iso(logicalTime)} asked for ${window ? `[${iso(window.from)}, ${iso(window.to)})` : 'no window'}`,
      );
    }
  }
  for (const [spec, epoch] of epochsOf(story)) {
    const [first, last] = [Math.min(...epoch), Math.max(...epoch)];
    const due = dueTimes(spec, first + delayMs(spec), first + delayMs(spec), last + delayMs(spec) + 1).map(
      (time) => time - delayMs(spec),
    );
    const grid = new Set(due);
    for (const time of epoch) if (!grid.has(time)) say('off-grid', `L ${iso(time)} is no time of its schedule`);
    for (const time of due) {
      if (done.has(time) || story.ledger.some((entry) => entry.from < time && time <= entry.to)) continue;
      say('hole', `L ${iso(time)} was never asked and stands in no ledger`);
    }
  }
  return [...findings, ...backfillsOffGrid(story)];
}

/** A backfill asks at the times of the rule as it was then, so that ids meet. */
function backfillsOffGrid({ ruleId, runs }: RuleStory): readonly Finding[] {
  return runs.filter(isBackfill).flatMap(({ spec, commit: { run } }): readonly Finding[] => {
    const own = runs.find((one) => !isBackfill(one) && one.commit.run.window !== null && one.spec === spec);
    const due = run.logicalTime + delayMs(spec);
    const onGrid = (own?.commit.run.logicalTime ?? run.logicalTime) + delayMs(spec);
    if (dueTimes(spec, onGrid, due, due + 1).length > 0) return [];
    return [{ kind: 'off-grid', subject: ruleId, message: `a backfill asked as of ${iso(run.logicalTime)}` }];
  });
}

/** L's that became due under one form of the rule, before it was edited: what waited then keeps the times of the grid that it is of. */
function epochsOf(story: RuleStory): ReadonlyMap<RuleSpec, readonly number[]> {
  const epochs = new Map<string, { readonly spec: RuleSpec; readonly times: number[] }>();
  const dueUnder = new Map<number, RuleSpec>();
  for (const run of story.runs.filter((one) => !isBackfill(one))) {
    const { commit } = run;
    const waiting = commit.rule.ledger.filter((entry) => entry.outcome === 'pending').map((entry) => entry.logicalTime);
    for (const time of [commit.run.logicalTime, ...waiting]) if (!dueUnder.has(time)) dueUnder.set(time, run.spec);
    if (commit.run.window === null) continue;
    const spec = dueUnder.get(commit.run.logicalTime) ?? run.spec;
    const key = JSON.stringify([spec.schedule, spec.lookback, spec.basis, spec.family]);
    const epoch = epochs.get(key) ?? { spec, times: [] };
    epoch.times.push(commit.run.logicalTime);
    epochs.set(key, epoch);
  }
  return new Map([...epochs.values()].map(({ spec, times }) => [spec, times]));
}

export interface EventCheck {
  readonly event: EventSpec;
  /** Why nobody can ask for it to be told; null: it must have been returned. */
  readonly excuse: string | null;
}

/** Whether a stream's event has to be found. Sets and snapshots are held to their grid instead. */
export function excuseOf(event: EventSpec, story: RuleStory, scenario: Scenario): string | null {
  const start = Date.parse(scenario.start);
  const arrival = start + event.at * 1000;
  const happened = arrival - event.late * 1000;
  const specs = story.runs.map((run) => run.spec);
  const byEvent = specs.some((spec) => spec.basis === 'event');
  const place = byEvent ? happened : arrival;
  const back = byEvent ? OVERLAP_MS : SETTLE_MS;
  const visible = arrival + event.hidden * 1000;
  if (story.from === null || story.frontier === null) return 'the rule never ran';
  const last = story.runs.at(-1);
  const late = last !== undefined && isLate(event, last);
  if (place < story.from && !(byEvent && late)) return 'before the rule’s first window';
  if (place >= story.frontier - back) return 'after what the rule covers';
  if (!late && visible > place + back) return 'visible only after it was asked for twice';
  if (specs.some((spec) => spec.basis !== specs[0]?.basis || spec.family !== specs[0]?.family))
    return 'the rule was another one';
  if (!late && touches(story.ledger, place - 1, place + back)) return 'recorded in the ledger';
  return (
    reasonOfQuery(event, specs) ??
    (late ? excuseOfSweep(event, arrival, { runs: story.runs, retention: scenario.service.retention }) : null)
  );
}

function reasonOfQuery(event: EventSpec, specs: readonly RuleSpec[]): string | null {
  const family = specs[0]?.family;
  const interval = Math.max(...specs.map((spec) => ('every' in spec.schedule ? spec.schedule.every : DAY)));
  if (family === 'stream-reach' && event.late > REACH - 2 * interval - 1800)
    return 'older than the query itself asks for';
  if (family === 'stream-group') return 'alone it is no hit';
  return null;
}
