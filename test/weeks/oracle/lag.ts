import type { TimeRange } from '../../../src/kql/window.ts';
import { TRAITS } from '../rule-text.ts';
import type { RuleSpec } from '../scenario.ts';
import { tenantOf } from '../tenant-view.ts';
import type { AskedRecord } from '../world/journal.ts';
import type { Week } from '../world/play.ts';
import { type Finding, iso } from './finding.ts';
import { delayMs, dueTimes, shortestInterval } from './grid.ts';
import { countUntil, groupedBy, latestUntil, type Timed } from './in-time.ts';
import type { Chapter, CommittedRun } from './runs.ts';
import { type Era, erasOf, touches, troubles } from './timeline.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const GRACE_MS = 15 * MINUTE_MS;
/** A rule has to be so much too late, and so long, before silence about it is a finding. */
const SLACK_MS = 30 * MINUTE_MS;
/** Nobody waits longer than this for a first call where nothing but the quota stands in the way. */
const STARVED_MS = 14 * HOUR_MS;

/** What is looked at again and again, by rule and in the order of time. */
interface View {
  readonly week: Week;
  readonly runs: ReadonlyMap<string, readonly CommittedRun[]>;
  readonly asked: ReadonlyMap<string, readonly AskedRecord[]>;
  /** By tenant. */
  readonly answered: ReadonlyMap<string, readonly AskedRecord[]>;
  readonly starts: readonly Timed[];
  readonly eras: readonly Era[];
}

function viewOf(week: Week, chapters: readonly Chapter[]): View {
  const asked = week.records.filter((record) => record.kind === 'asked');
  return {
    week,
    runs: groupedBy(
      chapters.filter((chapter) => chapter.kind === 'run'),
      ({ commit }) => commit.ruleId,
    ),
    asked: groupedBy(asked, ({ ruleId }) => ruleId),
    answered: groupedBy(
      asked.filter(({ outcome }) => outcome === 'answered'),
      ({ tenant }) => tenant,
    ),
    starts: week.records.filter(({ kind }) => kind === 'start'),
    eras: erasOf(week.records, week.endedAt),
  };
}

/** A rule that is behind because calls are few is told so, and gets its calls in the end. */
export function checkLag(week: Week, chapters: readonly Chapter[]): readonly Finding[] {
  const trouble = [...troubles(week.scenario), ...wrongTimes(week)];
  const view = viewOf(week, chapters);
  const found = new Map<string, Finding>();
  for (const era of view.eras) {
    for (let time = era.from + 2 * HOUR_MS; time <= era.to; time += HOUR_MS) {
      if (touches(trouble, time - 2 * HOUR_MS, time)) continue;
      for (const spec of era.rules.filter((rule) => isOn(rule) && !found.has(rule.id))) {
        const finding = lookAt(spec, view, time) ?? starved(spec, view, time, era.from);
        if (finding && !(finding.kind === 'behind' && touches(trouble, time - STARVED_MS, time)))
          found.set(spec.id, finding);
      }
    }
  }
  return [...found.values()];
}

/** SEMANTICS 3, Clocks: lag is told by the service's clock, which is what answers tell. Until one tells the right time again nobody can know that it was wrong. */
function wrongTimes({ records, endedAt }: Week): readonly TimeRange[] {
  const told = records.filter((record) => record.kind === 'asked' && record.toldTime !== null);
  return told.flatMap((record, index) => {
    const off = record.kind === 'asked' && record.toldTime !== null ? Math.abs(record.toldTime - record.at) : 0;
    return off > MINUTE_MS ? [{ from: record.at, to: told[index + 1]?.at ?? endedAt }] : [];
  });
}

function lookAt(spec: RuleSpec, view: View, time: number): Finding | null {
  const interval = shortestInterval(spec, time);
  const limit = 2 * interval + GRACE_MS + SLACK_MS;
  // What was missed while no process was there, or none got an answer, is caught up with first.
  const begun = workingSince(spec, view, time);
  const looks = [time - SLACK_MS, time].map((at) => ({ at, oldest: unanswered(spec, view, at) }));
  if (looks.some(({ at, oldest }) => oldest === null || at - Math.max(oldest, begun) <= limit)) return null;
  const oldest = looks[0]?.oldest ?? time;
  if (hasFailed(spec, view, oldest, time) || isTold(spec, view.week, time)) return null;
  return {
    kind: 'lag-not-told',
    subject: spec.id,
    message: `at ${iso(time)} the run of ${iso(oldest)} is not answered, and nobody was told`,
  };
}

function isOn({ status }: Pick<RuleSpec, 'status'>): boolean {
  return status !== 'disabled';
}

/** Since when it has been on, in one process. */
function onSince(id: string, { eras }: Pick<View, 'eras'>, time: number): number {
  const before = eras.filter(({ from }) => from <= time);
  const off = before.findLastIndex(({ rules }) => !rules.some((rule) => rule.id === id && isOn(rule)));
  return before[off + 1]?.from ?? 0;
}

/**
 * Since when a process has been there, the rule has been on, somebody has heard from the tenant, and the rule has not failed: never, where
 * it still waits for that.
 */
export function workingSince(
  spec: Pick<RuleSpec, 'id' | 'tenant'>,
  { starts, answered, asked, eras }: Pick<View, 'starts' | 'answered' | 'asked' | 'eras'>,
  time: number,
): number {
  const start = latestUntil(starts, time)?.at ?? 0;
  const heard = (answered.get(tenantOf(spec)) ?? []).find(({ at }) => at >= start)?.at ?? Number.POSITIVE_INFINITY;
  const own = (asked.get(spec.id) ?? []).slice(0, countUntil(asked.get(spec.id) ?? [], time));
  const failed = own.findLastIndex(isFailure);
  const works = failed < 0 ? 0 : (own[failed + 1]?.at ?? Number.POSITIVE_INFINITY);
  return Math.max(start, onSince(spec.id, { eras }, time), heard, works);
}

/** The oldest scheduled time that is not answered at an instant; null where nothing can be said. */
function unanswered(spec: RuleSpec, { runs }: View, at: number): number | null {
  const latest = latestUntil(runs.get(spec.id) ?? [], at);
  const { frontier = null, ledger = [] } = latest?.commit.rule ?? {};
  if (frontier === null) return null;
  const pending = ledger.filter((entry) => entry.outcome === 'pending');
  const isSet = TRAITS[spec.family].shape === 'set';
  const open = pending.map((entry) => (isSet ? entry.logicalTime : entry.from + 1));
  const oldest = Math.min(frontier + 1, ...open) + delayMs(spec);
  return dueTimes(spec, frontier + delayMs(spec), oldest, at)[0] ?? at;
}

function hasFailed(spec: RuleSpec, { asked }: View, from: number, to: number): boolean {
  return (asked.get(spec.id) ?? []).some((record) => record.at >= from && record.at <= to && isFailure(record));
}

function isFailure({ outcome }: AskedRecord): boolean {
  return outcome !== 'answered' && outcome !== 'SOURCE_THROTTLED';
}

/** An alert of the rule, or of a tenant with many such rules, is open. */
function isTold(spec: RuleSpec, { records }: Week, until: number): boolean {
  let open = new Map<string, boolean>();
  let copy = open;
  for (const record of records) {
    if (record.at > until) break;
    // With an older state comes back what was open then.
    if (record.kind === 'copied') copy = new Map(open);
    if (record.kind === 'put-back') open = new Map(copy);
    if (record.kind !== 'commit' && record.kind !== 'health') continue;
    for (const { health, status } of record.commit.alerts) {
      if (health?.code === 'rule-lagging' && health.subject === spec.id) open.set('rule', status === 'firing');
      if (health?.code === 'tenant-lagging') open.set('tenant', status === 'firing');
    }
  }
  return [...open.values()].includes(true);
}

function starved(spec: RuleSpec, { asked }: View, time: number, began: number): Finding | null {
  const interval = shortestInterval(spec, time);
  const span = STARVED_MS + interval;
  if (time - began < span || dueTimes(spec, time - span, time - span, time - STARVED_MS).length === 0) return null;
  const isAsked = (latestUntil(asked.get(spec.id) ?? [], time)?.at ?? 0) > time - span;
  return isAsked
    ? null
    : {
        kind: 'behind',
        subject: spec.id,
        message: `no call of it in the ${Math.round(span / HOUR_MS)} h before ${iso(time)}`,
      };
}
