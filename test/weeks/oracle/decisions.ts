import type { Alert } from '../../../src/alerts/alert.ts';
import { TRAITS } from '../rule-text.ts';
import type { RuleSpec, Scenario } from '../scenario.ts';
import type { ResultRow } from '../world/journal.ts';
import { type Finding, type FindingKind, iso } from './finding.ts';
import {
  cutAhead,
  type ExpectedHit,
  type ExpectedRun,
  emptyMemory,
  expect,
  type RuleMemory,
  type RunFacts,
  rowKeyOf,
} from './reference.ts';
import type { Chapter, CommittedRun } from './runs.ts';
import { checkUpdates, followAlerts, type OpenAlerts, takenFor, takeOn } from './updates.ts';

/** A hit that was told, and how. */
export interface ToldHit {
  readonly mark: string;
  readonly ruleId: string;
  readonly key: string;
  readonly rowKeys: readonly string[];
  readonly dedupKey: string;
  readonly alertId: string;
  readonly logicalTime: number;
  readonly at: number;
}

export interface Decisions {
  readonly findings: readonly Finding[];
  readonly told: readonly ToldHit[];
  /** What the reference expected of each committed run. */
  readonly expected: ReadonlyMap<CommittedRun, ExpectedRun>;
}

interface Desk {
  readonly scenario: Scenario;
  readonly findings: Finding[];
  readonly told: ToldHit[];
  readonly expected: Map<CommittedRun, ExpectedRun>;
  state: Known;
  copy: Known;
}

/** What the state of the program knows of the rules: it is put back with it. */
interface Known {
  readonly memories: Map<string, RuleMemory>;
  /** What each rule ran as last. */
  readonly specs: Map<string, RuleSpec>;
  /** Frontier and oldest pending window of each rule after its latest commit. */
  readonly covered: Map<string, number>;
  /** What fires, by rule. */
  readonly open: Map<string, OpenAlerts>;
}

/** Holds every committed run to the reference: what it told, what it did not, and its counts. */
export function checkDecisions(chapters: readonly Chapter[], scenario: Scenario): Decisions {
  const desk: Desk = {
    ...{ scenario, findings: [], told: [], expected: new Map() },
    ...{ state: knowsNothing(), copy: knowsNothing() },
  };
  for (const chapter of chapters) {
    if (chapter.kind === 'copied') desk.copy = structuredClone(desk.state);
    else if (chapter.kind === 'put-back') desk.state = structuredClone(desk.copy);
    else if (chapter.kind === 'run') checkRun(desk, chapter);
    else if (chapter.kind === 'taken')
      for (const open of desk.state.open.values()) takeOn(open, chapter.alertId, chapter.at);
    else if (chapter.kind === 'abandoned')
      for (const open of desk.state.open.values()) for (const id of chapter.alertIds) open.delete(id);
  }
  return { findings: desk.findings, told: desk.told, expected: desk.expected };
}

function knowsNothing(): Known {
  return { memories: new Map(), specs: new Map(), covered: new Map(), open: new Map() };
}

function openOf({ state }: Desk, ruleId: string): OpenAlerts {
  const open = state.open.get(ruleId) ?? new Map();
  state.open.set(ruleId, open);
  return open;
}

/** What a rule is remembered by goes over to its new name, and changes with it, when it runs as it is now. */
function takeUp(desk: Desk, spec: RuleSpec): void {
  const from = spec.previousIds.find((id) => desk.state.memories.has(id));
  const memory = from === undefined ? undefined : desk.state.memories.get(from);
  if (from !== undefined && memory && !desk.state.memories.has(spec.id)) {
    desk.state.memories.set(spec.id, memory);
    desk.state.memories.delete(from);
    desk.state.covered.set(spec.id, desk.state.covered.get(from) ?? 0);
  }
  const before = desk.state.specs.get(spec.id) ?? (from === undefined ? undefined : desk.state.specs.get(from));
  if (before && desk.state.memories.has(spec.id)) applyChange(desk, before, spec);
  desk.state.specs.set(spec.id, spec);
}

function applyChange(desk: Desk, before: RuleSpec, now: RuleSpec): void {
  const memory = memoryOf(desk, now.id);
  const identity = (spec: RuleSpec): string => JSON.stringify([spec.family, spec.lookback, spec.dedup]);
  if (TRAITS[now.family].shape === 'set' && identity(before) !== identity(now)) {
    memory.changedAt = desk.state.covered.get(now.id) ?? null;
  }
  if (before.status === 'testing' && now.status === 'enabled') memory.opened.clear();
}

function memoryOf(desk: Desk, ruleId: string): RuleMemory {
  const memory = desk.state.memories.get(ruleId) ?? emptyMemory();
  desk.state.memories.set(ruleId, memory);
  return memory;
}

function checkRun(desk: Desk, run: CommittedRun): void {
  const { spec, commit } = run;
  const firing = commit.alerts.filter((alert) => alert.kind === 'detection' && alert.status === 'firing');
  const open = openOf(desk, spec.id);
  takeUp(desk, spec);
  noteCovered(desk, run);
  const isVoid = commit.alerts.some(({ health, status }) => health?.code === 'coverage-void' && status === 'firing');
  if (isVoid) cutAhead(memoryOf(desk, spec.id), commit.run.startedAt);
  if (commit.run.outcome !== 'ok') {
    if (firing.length > 0) say(desk, run, 'told-wrongly', 'a run that did not succeed told something');
    return;
  }
  const rows = run.answers.flatMap((answer) => answer.rows);
  const facts: RunFacts = {
    spec,
    logicalTime: commit.run.logicalTime,
    window: commit.run.window,
    rows,
    start: Date.parse(desk.scenario.start),
    silences: desk.scenario.silences ?? [],
    ...(spec.updates && { taken: (dedupKey: string) => takenFor(open, dedupKey, run) }),
  };
  const memory = memoryOf(desk, spec.id);
  const expected = expect(facts, memory);
  desk.expected.set(run, expected);
  // What is held back may be told as an update; it has not been told by itself.
  const held = new Set(
    expected.hits.filter((hit) => ['quiet', 'duplicate'].includes(hit.expected)).map(({ key }) => key),
  );
  const detections = firing.filter(
    (alert) => alert.revision === 0 || hitKeysOf(alert, spec).some((key) => !held.has(key)),
  );
  const outcome = compare(desk, run, expected, detections);
  checkCounts(desk, run, expected, rows.length);
  desk.findings.push(...checkUpdates(run, expected, open));
  followAlerts(open, commit.alerts, commit.run);
  remember(memory, facts, expected, outcome);
  forgetChange(memory, run);
}

/** SEMANTICS 4: a change counts for as long as windows reach behind it; one of a backfill that comes later does not bring it back. */
export function forgetChange(memory: Pick<RuleMemory, 'changedAt'>, { commit }: Pick<CommittedRun, 'commit'>): void {
  const { window } = commit.run;
  if (!window || memory.changedAt === null) return;
  const waiting = commit.rule.ledger.filter((entry) => entry.outcome === 'pending').map((entry) => entry.from);
  if (Math.min(window.from, ...waiting) >= memory.changedAt) memory.changedAt = null;
}

function noteCovered(desk: Desk, { commit }: CommittedRun): void {
  const pending = commit.rule.ledger.filter((entry) => entry.outcome === 'pending').map((entry) => entry.from);
  const frontier = commit.rule.frontier ?? 0;
  desk.state.covered.set(commit.ruleId, Math.min(frontier, ...pending));
}

interface RunOutcome {
  readonly told: ReadonlySet<string>;
  readonly overflowed: ReadonlySet<string>;
}

function compare(desk: Desk, run: CommittedRun, expected: ExpectedRun, detections: readonly Alert[]): RunOutcome {
  const { spec } = run;
  const byKey = new Map(expected.hits.map((hit) => [hit.key, hit]));
  const told = new Map<string, Alert>();
  for (const alert of detections.filter((one) => one.overflow === undefined)) {
    for (const key of hitKeysOf(alert, spec)) {
      if (told.has(key)) say(desk, run, 'told-twice', `${key} stands in two alerts of one run`);
      told.set(key, alert);
      const hit = byKey.get(key);
      if (!hit) say(desk, run, 'told-wrongly', `${key} was told and is no hit`);
      else if (hit.expected !== 'told' && hit.expected !== 'either') {
        const kind = hit.expected === 'duplicate' ? 'told-twice' : 'told-wrongly';
        say(desk, run, kind, `${key} was told although it is ${hit.expected}: ${hit.because}`);
      }
      if (alert.revision > 0) continue;
      desk.told.push({
        mark: spec.mark,
        ruleId: spec.id,
        key,
        rowKeys: hit?.rowKeys ?? [key],
        dedupKey: hit?.dedupKey ?? key,
        alertId: alert.id,
        logicalTime: run.commit.run.logicalTime,
        at: run.at,
      });
    }
  }
  return { told: new Set(told.keys()), overflowed: untold(desk, run, expected, detections, told) };
}

/** Hits that should have been told and were not stand in the overflow alert; else they are findings. */
function untold(
  desk: Desk,
  run: CommittedRun,
  expected: ExpectedRun,
  detections: readonly Alert[],
  told: ReadonlyMap<string, Alert>,
): ReadonlySet<string> {
  const missing = expected.hits.filter((hit) => hit.expected === 'told' && !told.has(hit.key));
  const overflow = detections.find((alert) => alert.overflow !== undefined);
  const limit = run.spec.limit ?? 150;
  const wanted = new Set(expected.hits.filter((hit) => hit.expected === 'told').map((hit) => hit.dedupKey)).size;
  if (overflow && wanted <= limit && !expected.hits.some((hit) => hit.expected === 'either')) {
    say(desk, run, 'told-wrongly', `an overflow alert for ${wanted} alerts and a limit of ${limit}`);
  }
  if (!overflow) {
    for (const hit of missing) say(desk, run, 'untold', `${hit.key} is new, was returned and not told`);
    return new Set();
  }
  if (overflow.overflow?.hits !== missing.length) {
    say(
      desk,
      run,
      'counts',
      `the overflow alert counts ${overflow.overflow?.hits} hits, ${missing.length} were held back`,
    );
  }
  return new Set(missing.map((hit) => hit.key));
}

/** What of an alert's rows makes its hits. */
export function hitKeysOf(alert: Alert, spec: RuleSpec): readonly string[] {
  const rows = alert.evidence as readonly ResultRow[];
  const keys = rows.map((row) => (TRAITS[spec.family].per === 'group' ? String(row.DeviceId) : rowKeyOf(row, spec)));
  return [...new Set(keys)];
}

function checkCounts(desk: Desk, run: CommittedRun, expected: ExpectedRun, rows: number): void {
  const { commit } = run;
  const { suppressed, hits } = commit.run;
  if (commit.run.rows !== rows)
    say(desk, run, 'counts', `${rows} rows were answered, the run counts ${commit.run.rows}`);
  const count = (outcome: string): number => expected.hits.filter((hit) => hit.expected === outcome).length;
  if (count('either') > 0) return;
  const wanted = {
    duplicate: count('duplicate'),
    quiet: count('quiet'),
    silenced: count('silenced'),
    maintenance: count('maintenance'),
    excepted: expected.exceptedRows,
  };
  for (const reason of ['duplicate', 'quiet', 'silenced', 'maintenance', 'excepted'] as const) {
    if (suppressed[reason] === wanted[reason]) continue;
    say(desk, run, 'counts', `${suppressed[reason]} hits count as ${reason}, ${wanted[reason]} are`);
  }
  if (hits !== expected.hits.length + expected.exceptedRows) {
    say(
      desk,
      run,
      'counts',
      `${hits} hits are counted, ${expected.hits.length} and ${expected.exceptedRows} excepted rows are there`,
    );
  }
}

function remember(memory: RuleMemory, facts: RunFacts, expected: ExpectedRun, outcome: RunOutcome): void {
  const { window, spec, logicalTime } = facts;
  const isSet = TRAITS[spec.family].shape === 'set';
  for (const [key, newest] of expected.exceptedKeys) {
    if (isSet && window) push(memory.held, key, { window, newest });
    else memory.known.add(key);
  }
  for (const hit of expected.hits) {
    const told = outcome.told.has(hit.key);
    if (told) push(memory.opened, hit.dedupKey, logicalTime);
    if (isSet && window) rememberSet(memory, hit, window, told || outcome.overflowed.has(hit.key));
    else for (const key of hit.rowKeys) memory.known.add(key);
  }
}

function rememberSet(memory: RuleMemory, hit: ExpectedHit, window: { from: number; to: number }, told: boolean): void {
  for (const key of hit.rowKeys) {
    if (told) push(memory.told, key, window);
    else if (hit.hiding || hit.expected === 'quiet' || hit.because.includes('quiet'))
      push(memory.held, key, { window, newest: hit.newest });
    else if (hit.expected === 'testing') memory.testing.add(key);
  }
}

function push<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const items = map.get(key);
  if (items) items.push(item);
  else map.set(key, [item]);
}

function say(desk: Desk, run: CommittedRun, kind: FindingKind, message: string): void {
  const { logicalTime } = run.commit.run;
  desk.findings.push({ kind, subject: run.spec.id, message: `${iso(run.at)} L ${iso(logicalTime)}: ${message}` });
}
