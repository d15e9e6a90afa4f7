import { TRAITS } from '../rule-text.ts';
import type { RuleSpec } from '../scenario.ts';
import type { Week } from '../world/play.ts';
import { coveredRanges, type RuleStory } from './coverage.ts';
import { type Finding, iso } from './finding.ts';
import { longestInterval } from './grid.ts';
import { isBackfill } from './late.ts';
import type { Chapter } from './runs.ts';
import { holesIn } from './timeline.ts';

const MINUTE_MS = 60_000;
/** Delays, the time it takes to notice, and what is read again. */
const MARGIN_MS = 30 * MINUTE_MS;

interface Pause {
  readonly off: number;
  readonly on: number;
}

/**
 * SEMANTICS 4: a rule that was switched off and on again starts anew, and the pause is an entry of its ledger. Held to rules whose times
 * are plain: our clock was right, no older state was put back, nobody searched the pause again.
 */
export function checkPauses(
  week: Week,
  chapters: readonly Chapter[],
  stories: readonly RuleStory[],
): readonly Finding[] {
  const { skew, faults } = week.scenario;
  if (skew !== 0 || faults.some(({ kind }) => ['clock', 'suspend', 'date', 'put-back'].includes(kind))) return [];
  return stories.flatMap((story) => {
    const spec = story.runs.at(-1)?.spec;
    if (!spec || TRAITS[spec.family].shape === 'snapshot' || story.runs.some(isBackfill)) return [];
    return pausesOf(spec, chapters, (at) => noticedAt(week, at)).flatMap((pause) => unrecorded(story, spec, pause));
  });
}

/** A process that does not know the service's time yet notices a change when it does; what lies before is searched. */
export function noticedAt({ records }: Pick<Week, 'records'>, at: number): number {
  const start = records.findLast((record) => record.kind === 'start' && record.at <= at)?.at ?? at;
  const heard = records.find((one) => one.kind === 'asked' && one.outcome === 'answered' && one.at >= start);
  return Math.max(at, heard?.at ?? Number.POSITIVE_INFINITY);
}

/** From when a rule that had run was off, to when it was on. */
function pausesOf({ id }: RuleSpec, chapters: readonly Chapter[], noticed: (at: number) => number): readonly Pause[] {
  const pauses: Pause[] = [];
  let off: number | null = null;
  let hasRun = false;
  for (const chapter of chapters) {
    if (chapter.kind === 'run' && chapter.commit.ruleId === id) hasRun = true;
    if (chapter.kind !== 'start' && chapter.kind !== 'reload') continue;
    const status = chapter.rules.find((rule) => rule.id === id)?.status;
    if (status === 'disabled' && hasRun) off ??= noticed(chapter.at);
    else if (off !== null && status !== undefined && status !== 'disabled') {
      pauses.push({ off, on: chapter.at });
      off = null;
    } else if (status === undefined) off = null;
  }
  return pauses;
}

function unrecorded(story: RuleStory, spec: RuleSpec, { off, on }: Pause): readonly Finding[] {
  const to = on - longestInterval(spec, on, on) - MARGIN_MS;
  const ranBehind = story.runs.some(({ at, commit }) => at > on && commit.run.outcome === 'ok');
  if (!ranBehind || to <= off + MARGIN_MS) return [];
  const recorded = story.ledger.filter(({ outcome }) => outcome !== 'pending');
  // How far the first run behind it reaches back goes by the schedule of then.
  return holesIn(off + MARGIN_MS, to, [...recorded, ...coveredRanges(story)]).map((hole) => ({
    kind: 'hole',
    subject: story.ruleId,
    message: `it was off from ${iso(off)} to ${iso(on)}, and [${iso(hole.from)}, ${iso(hole.to)}) of that stands in no ledger`,
  }));
}
