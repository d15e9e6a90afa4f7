import type { Alert } from '../../../src/alerts/alert.ts';
import { TRAITS } from '../rule-text.ts';
import { DAY, HOUR, MINUTE, type RuleSpec, type Scenario } from '../scenario.ts';
import type { AskedRecord } from '../world/journal.ts';
import type { Week } from '../world/play.ts';
import { changesOf, offsetOf } from '../world/wall-clock.ts';
import type { Decisions } from './decisions.ts';
import { isSweep } from './late.ts';
import type { Chapter, CommittedRun } from './runs.ts';

/** What a week has to come through at least once over all seeds, or the weeks prove less than they say. */
export const STATES = [
  'throttled while halving',
  'timed out while halving',
  'cut short while halving',
  'killed at an admission',
  'killed while asking',
  'killed while halving',
  'killed before a commit',
  'killed between commit and send',
  'killed between send and acknowledgement',
  'killed with windows pending',
  'clocks change during a backlog',
  'run in a repeated hour',
  'run for a skipped hour',
  'clock contradicted',
  'clock asked for',
  'our clock wrong at start',
  'our clock set ahead',
  'our clock set back',
  'machine asleep',
  'rule edited with windows pending',
  'lookback edited',
  'rule disabled and enabled',
  'rule left testing',
  'rule removed',
  'rule renamed',
  'rule renamed with its state',
  'exception ended while its rows came',
  'answer of a set cut short',
  'answer of a stream cut short',
  'set window given up after failures',
  'more than 24 windows of a set pending',
  'more than 1,000 runs missed',
  'overflow',
  'quiet',
  'duplicate in an overlapping window',
  'told again once no window overlapped',
  'told a day late',
  'later than lateness',
  'told by a sweep',
  'sweep that failed',
  'sweep of more than a day made up for',
  'seen in the second window only',
  'target throttled',
  'target blocked',
  'dead letter',
  'quota full',
  'older state put back',
  'down for a day',
  'connection reset',
  'rule behind',
  'rules in one call',
  'rules of one call throttled',
  'rules of one call asked apart',
  'stopped while rules of one call were asked',
  'reload refused',
  'reload while a rule was asked',
  'rule edited by a reload',
  'rule switched by a reload',
  'rule removed by a reload',
  'rule added by a reload',
  'targets changed by a reload',
  'several tenants',
  'one tenant of several sick for days',
  'hit hidden by a silence',
  'hit hidden by maintenance',
  'silence summed up',
  'silence summed up once more',
  'backfill',
  'backfill that found what was lost',
  'backfill stopped by an end of the process',
  'run that somebody asked for',
  'update of what was found again',
  'update of what has grown',
  'update of a severity that rose',
  'alert taken on',
  'severity that rose behind that',
  'found again while taken on',
  'row that came twice',
  'call refused with 429',
  'call answered with 5xx',
  'call without an answer',
  'answer that ended early',
  'login refused',
  'query timed out',
  'target refused',
  'target hung',
  'coverage void while a group fired',
  'end of a group',
  'alert escalated',
  'alerts in a digest',
  'another target stood in',
] as const;
export type StateName = (typeof STATES)[number];

interface View {
  readonly week: Week;
  readonly scenario: Scenario;
  readonly start: number;
  readonly chapters: readonly Chapter[];
  readonly runs: readonly CommittedRun[];
  readonly decisions: Decisions;
  readonly asked: readonly AskedRecord[];
}

/** The states of interest that a week came through. */
export function statesOf(week: Week, chapters: readonly Chapter[], decisions: Decisions): ReadonlySet<StateName> {
  const runs = chapters.filter((chapter) => chapter.kind === 'run');
  const asked = week.records.filter((record) => record.kind === 'asked');
  const { scenario } = week;
  const view: View = { week, scenario, start: Date.parse(scenario.start), chapters, runs, decisions, asked };
  return new Set([
    ...killStates(view),
    ...askingStates(view),
    ...clockStates(view),
    ...ruleStates(view),
    ...hitStates(view),
    ...otherStates(view),
  ]);
}

type Found = Iterable<StateName>;

const KILLS: Readonly<Record<string, StateName>> = {
  admitted: 'killed at an admission',
  asking: 'killed while asking',
  halving: 'killed while halving',
  'before commit': 'killed before a commit',
  'after commit': 'killed between commit and send',
  'before send': 'killed between commit and send',
  'after send': 'killed between send and acknowledgement',
  'before ack': 'killed between send and acknowledgement',
};

function* killStates({ week }: View): Found {
  const pending = new Map<string, boolean>();
  for (const record of week.records) {
    if (record.kind === 'commit')
      pending.set(
        record.commit.ruleId,
        record.commit.rule.ledger.some((entry) => entry.outcome === 'pending'),
      );
    if (record.kind !== 'end' || record.how !== 'killed') continue;
    const name = KILLS[record.point];
    if (name) yield name;
    if ([...pending.values()].includes(true)) yield 'killed with windows pending';
  }
}

const HALVING: Readonly<Record<string, StateName>> = {
  SOURCE_THROTTLED: 'throttled while halving',
  SOURCE_TIMEOUT: 'timed out while halving',
};

function* askingStates({ asked, runs, week, scenario }: View): Found {
  const before = new Map<string, AskedRecord>();
  for (const record of asked) {
    const { window, ruleId, outcome, truncated } = record;
    if (record.about === 'clock') yield 'clock asked for';
    const outer = before.get(ruleId)?.window;
    if (
      window &&
      outer &&
      outer.from <= window.from &&
      window.to <= outer.to &&
      window.to - window.from < outer.to - outer.from
    ) {
      const name = HALVING[outcome];
      if (name) yield name;
      if (truncated) yield 'cut short while halving';
    }
    before.set(ruleId, record);
  }
  for (const { commit, spec } of runs) {
    if (commit.run.outcome === 'ok' && commit.run.truncated) {
      yield TRAITS[spec.family].shape === 'set' ? 'answer of a set cut short' : 'answer of a stream cut short';
    }
  }
  const { callsPerMinute, callsPerHour } = scenario.service;
  const full = (limit: number, period: number): boolean =>
    week.calls.some((time, index) => time - (week.calls[index - limit + 1] ?? Number.NEGATIVE_INFINITY) < period);
  if (full(callsPerMinute, 60_000) || full(callsPerHour, 3_600_000)) yield 'quota full';
}

function* clockStates({ scenario, start, runs, asked, week }: View): Found {
  if (scenario.skew !== 0) yield 'our clock wrong at start';
  for (const fault of scenario.faults) {
    if (fault.kind === 'suspend') yield 'machine asleep';
    if (fault.kind === 'clock' && fault.skew >= HOUR) yield 'our clock set ahead';
    if (fault.kind === 'clock' && fault.skew <= -HOUR) yield 'our clock set back';
  }
  if (asked.some(({ toldTime, at }) => toldTime !== null && Math.abs(toldTime - at) > 70_000))
    yield 'clock contradicted';
  for (const zone of new Set(
    scenario.rules.flatMap((rule) => ('cron' in rule.schedule ? [rule.schedule.timezone] : [])),
  )) {
    yield* changeStates(zone, { start, runs, end: week.endedAt });
  }
}

function* changeStates(
  zone: string,
  { start, runs, end }: { start: number; runs: readonly CommittedRun[]; end: number },
): Found {
  const own = runs.filter(({ spec }) => 'cron' in spec.schedule && spec.schedule.timezone === zone);
  for (const change of changesOf(zone, start, end)) {
    for (const { commit, at } of own) {
      const pending = commit.rule.ledger.filter((entry) => entry.outcome === 'pending');
      if (pending.some((entry) => entry.from <= change && change <= at)) yield 'clocks change during a backlog';
      const { logicalTime } = commit.run;
      const due = logicalTime + 2 * MINUTE * 1000;
      if (due >= change && due < change + HOUR * 1000)
        yield offsetOf(zone, change) < offsetOf(zone, change - 1) ? 'run in a repeated hour' : 'run for a skipped hour';
    }
  }
}

function* ruleStates({ chapters }: View): Found {
  let rules: readonly RuleSpec[] = [];
  const pending = new Set<string>();
  const newest = new Map<string, number>();
  for (const chapter of chapters) {
    if (chapter.kind === 'run') {
      const { ruleId, rule, run } = chapter.commit;
      const open = rule.ledger.filter((entry) => entry.outcome === 'pending').length;
      const gaps = rule.ledger.filter((entry) => entry.outcome === 'gap');
      if (open > 0) pending.add(ruleId);
      else pending.delete(ruleId);
      if (gaps.some((gap) => gap.reason?.startsWith('failed'))) yield 'set window given up after failures';
      if (gaps.some((gap) => gap.reason?.startsWith('more than'))) yield 'more than 24 windows of a set pending';
      const { schedule } = chapter.spec;
      const since = run.logicalTime - (newest.get(ruleId) ?? run.logicalTime);
      if ('every' in schedule && since > 1000 * schedule.every * 1000) yield 'more than 1,000 runs missed';
      newest.set(ruleId, Math.max(run.logicalTime, newest.get(ruleId) ?? 0));
    }
    if (chapter.kind !== 'start' && chapter.kind !== 'reload') continue;
    yield* editStates(rules, chapter.rules, pending);
    rules = chapter.rules;
  }
}

function* editStates(before: readonly RuleSpec[], now: readonly RuleSpec[], pending: ReadonlySet<string>): Found {
  for (const old of before) {
    const next = now.find((rule) => rule.mark === old.mark);
    if (!next) yield 'rule removed';
    if (!next || JSON.stringify(next) === JSON.stringify(old)) continue;
    if (next.id !== old.id) yield next.previousIds.includes(old.id) ? 'rule renamed with its state' : 'rule renamed';
    if (pending.has(old.id)) yield 'rule edited with windows pending';
    if (next.lookback !== old.lookback) yield 'lookback edited';
    if (old.status === 'disabled' && next.status !== 'disabled') yield 'rule disabled and enabled';
    if (old.status === 'testing' && next.status === 'enabled') yield 'rule left testing';
  }
}

function* hitStates({ runs, decisions, scenario, start }: View): Found {
  const lastExcepted = new Map<string, CommittedRun>();
  const toldBefore = new Set<string>();
  const events = new Map(scenario.events.map((event) => [event.id, event]));
  for (const run of runs) {
    const expected = decisions.expected.get(run);
    for (const key of expected?.exceptedKeys.keys() ?? []) lastExcepted.set(`${run.spec.id} ${key}`, run);
    for (const hit of expected?.hits ?? []) {
      if (hit.expected === 'quiet') yield 'quiet';
      if (hit.hiding) yield hit.hiding.counts === 'silenced' ? 'hit hidden by a silence' : 'hit hidden by maintenance';
      if (hit.because.includes('overlaps')) yield 'duplicate in an overlapping window';
      if (lastExcepted.has(`${run.spec.id} ${hit.key}`)) yield 'exception ended while its rows came';
    }
    if (run.commit.alerts.some((alert) => alert.overflow !== undefined)) yield 'overflow';
    if (isSweep(run)) yield* sweepStates(run);
  }
  for (const { key, ruleId, mark, at } of decisions.told) {
    const spec = scenario.rules.find((rule) => rule.mark === mark);
    const shape = spec && TRAITS[spec.family].shape;
    if (shape === 'set' && toldBefore.has(`${ruleId} ${key}`)) yield 'told again once no window overlapped';
    toldBefore.add(`${ruleId} ${key}`);
    const event = shape === 'stream' ? events.get(Number(key.split('/')[0])) : undefined;
    if (event && event.late > DAY) yield 'told a day late';
    const interval = spec && 'every' in spec.schedule ? spec.schedule.every : DAY;
    if (event && event.hidden > 2 * MINUTE && at > start + (event.at + interval) * 1000)
      yield 'seen in the second window only';
  }
  if (scenario.events.some((event) => event.late > 3 * DAY)) yield 'later than lateness';
}

function* sweepStates({ commit: { run, alerts, rule } }: CommittedRun): Found {
  if (alerts.some(({ kind }) => kind === 'detection')) yield 'told by a sweep';
  if (run.outcome !== 'ok') yield 'sweep that failed';
  if (rule.late?.ledger.some((entry) => entry.outcome === 'pending' && entry.reason === null))
    yield 'sweep of more than a day made up for';
}

function* otherStates({ week, scenario }: View): Found {
  const tried = new Set(week.records.filter((record) => record.kind === 'attempt').map((record) => record.result));
  if (tried.has('blocked')) yield 'target blocked';
  if (week.final.deadLetters.length > 0) yield 'dead letter';
  if (week.records.some((record) => record.kind === 'health' && record.commit.alerts.some(isLag))) yield 'rule behind';
  const faults = new Set(scenario.faults.map((fault) => fault.kind));
  if (tried.has('again') && scenario.faults.some((fault) => fault.kind === 'target' && fault.failure === 'throttled'))
    yield 'target throttled';
  if (week.records.some((record) => record.kind === 'put-back')) yield 'older state put back';
  if (faults.has('reset')) yield 'connection reset';
  let endedAt: number | null = null;
  for (const record of week.records) {
    if (record.kind === 'start' && endedAt !== null && record.at - endedAt > 0.9 * DAY * 1000) yield 'down for a day';
    if (record.kind === 'end') endedAt = record.at;
  }
}

function isLag({ health }: Alert): boolean {
  return health?.code === 'rule-lagging' || health?.code === 'tenant-lagging';
}
