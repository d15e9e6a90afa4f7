import type { LateCoverage } from '../../../src/state/store.ts';
import { TRAITS } from '../rule-text.ts';
import type { EventSpec } from '../scenario.ts';
import type { Week } from '../world/play.ts';
import { type Finding, iso } from './finding.ts';
import type { CommittedRun } from './runs.ts';
import { holesIn, touches } from './timeline.ts';

/** What SEMANTICS 3 says of late arrivals, told by itself: rows that came later than this are for the daily sweep. */
const LATENESS_MS = 3 * 86_400_000;
const OVERLAP_MS = 3_600_000;
const SETTLE_MS = 600_000;
const DAY_MS = 86_400_000;

/** Whether somebody asked for a run of past time: of how the rule goes now it says nothing. */
export function isBackfill({ commit }: CommittedRun): boolean {
  return commit.run.lane === 'backfill';
}

export function isSweep({ commit }: CommittedRun): boolean {
  return commit.run.lane === 'sweep';
}

/** From where on the arrivals of a rule are swept, as its commits have it; null: they are not. A pause or another shape begins anew. */
export function sweptFrom(runs: readonly CommittedRun[]): number | null {
  let from: number | null = null;
  let before: LateCoverage | undefined;
  for (const { commit } of runs) {
    const { late } = commit.rule;
    if (!late) from = null;
    else if (!before) from = late.frontier;
    before = late;
  }
  return from;
}

/** Whether the normal run may have missed an event for its lateness alone. */
export function isLate(event: EventSpec, { spec }: CommittedRun): boolean {
  return event.late * 1000 > (spec.basis === 'event' ? OVERLAP_MS : LATENESS_MS);
}

/** Why a sweep need not have found what arrived at `arrival` (epoch ms); null: it must have. */
export function excuseOfSweep(
  event: EventSpec,
  arrival: number,
  { runs, retention }: { readonly runs: readonly CommittedRun[]; readonly retention: number },
): string | null {
  const late = runs.at(-1)?.commit.rule.late;
  const from = sweptFrom(runs);
  if (!late || from === null || arrival < from) return 'it came before arrivals were swept';
  if (event.hidden * 1000 > SETTLE_MS) return 'visible only after its sweep had looked twice';
  if (arrival >= (late.frontier ?? 0) - SETTLE_MS) return 'it came after the last sweep';
  if (runs[0]?.spec.family === 'stream-reach')
    return 'the sweep asks as of a later time than the query reaches back from';
  const swept = runs.filter(
    (run) => isSweep(run) && run.commit.run.outcome === 'ok' && run.commit.run.logicalTime > arrival,
  );
  const first = Math.min(...swept.map(({ commit }) => commit.run.logicalTime));
  if (arrival - event.late * 1000 < first - retention * 1000) return 'older than the source keeps, when it was swept';
  return touches(late.ledger, arrival - 1, arrival + SETTLE_MS) ? 'recorded as not swept' : null;
}

/** Each arrival from the first run on was looked at by a sweep, or is recorded; and none is left out for longer than a day without a reason. */
export function checkSweeps(ruleId: string, runs: readonly CommittedRun[], { records }: Week): readonly Finding[] {
  const last = runs.at(-1);
  const from = sweptFrom(runs);
  const late = last?.commit.rule.late;
  if (!last || TRAITS[last.spec.family].shape !== 'stream') return [];
  if (records.some((record) => record.kind === 'put-back')) return [];
  if (from === null || !late)
    return isUnswept(last) ? [{ kind: 'hole', subject: ruleId, message: 'it is not swept' }] : [];
  const swept = runs
    .filter((run) => isSweep(run) && run.commit.run.outcome === 'ok')
    .flatMap((run) => run.answers.flatMap(({ window }) => (window ? [window] : [])));
  const holes = holesIn(from, late.frontier ?? from, [...swept, ...late.ledger]);
  return holes.map((hole) => ({
    kind: 'hole',
    subject: ruleId,
    message: `arrivals of [${iso(hole.from)}, ${iso(hole.to)}) were never swept, and nothing says why`,
  }));
}

/** A run of a stream begins its sweeps where there are none. */
function isUnswept({ spec, commit }: CommittedRun): boolean {
  return commit.rule.late === undefined && commit.run.outcome === 'ok' && spec.status !== 'disabled';
}

/** A process that runs sweeps once a day: at the end of a calm day it is no further behind. */
export function sweptBehind(runs: readonly CommittedRun[], { endedAt }: Week): number {
  const last = runs.at(-1);
  const frontier = last?.commit.rule.late?.frontier ?? null;
  return last?.spec.status === 'enabled' && frontier !== null ? Math.max(0, endedAt - frontier - DAY_MS) : 0;
}
