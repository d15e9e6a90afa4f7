import type { TimeRange } from '../../../src/kql/window.ts';
import { TRAITS } from '../rule-text.ts';
import type { RuleSpec, SilenceSpec } from '../scenario.ts';
import type { ResultRow } from '../world/journal.ts';
import { type Hiding, hidingOf } from './silences.ts';
import type { Taken } from './updates.ts';

/** What SEMANTICS 5 and 6 say of the hits of one run; written for itself, from the text alone. */
export type Expected = 'told' | 'duplicate' | 'quiet' | 'silenced' | 'maintenance' | 'testing' | 'either';

export interface ExpectedHit {
  readonly key: string;
  readonly rowKeys: readonly string[];
  readonly dedupKey: string;
  readonly expected: Expected;
  readonly because: string;
  /** Newest event, epoch ms; null where the rows tell none. */
  readonly newest: number | null;
  /** The same of the rows of the driving table alone: when it was seen last. */
  readonly seen: number | null;
  readonly hiding: Hiding | null;
  /** Whether something hides it, whatever else becomes of it. */
  readonly hides: boolean;
}

export interface ExpectedRun {
  readonly hits: readonly ExpectedHit[];
  readonly exceptedRows: number;
  readonly exceptedKeys: ReadonlyMap<string, number | null>;
}

interface SetRecord {
  readonly window: TimeRange;
  readonly newest: number | null;
}

/** What is remembered of one rule. */
export interface RuleMemory {
  /** Streams and snapshots: rows that belonged to a hit, or were excepted. */
  readonly known: Set<string>;
  /** Sets: windows that told a key. */
  readonly told: Map<string, TimeRange[]>;
  /** Sets: windows in which a key was excepted or quiet. */
  readonly held: Map<string, SetRecord[]>;
  readonly testing: Set<string>;
  /** L's of told alerts, by dedup key. */
  readonly opened: Map<string, number[]>;
  /** Coverage when the rule was changed in a way that changes its hits; null: it was not. */
  changedAt: number | null;
}

export function emptyMemory(): RuleMemory {
  return { known: new Set(), told: new Map(), held: new Map(), testing: new Set(), opened: new Map(), changedAt: null };
}

/** SEMANTICS 3, Clocks: what was told and opened behind the service's now, as a run that finds coverage there takes it, ends at that now. */
export function cutAhead(memory: RuleMemory, now: number): void {
  const cut = ({ from, to }: TimeRange): TimeRange => ({ from, to: Math.min(to, now) });
  for (const [key, windows] of memory.told) memory.told.set(key, windows.map(cut));
  for (const [key, held] of memory.held)
    memory.held.set(
      key,
      held.map((one) => ({ ...one, window: cut(one.window) })),
    );
  for (const [key, opened] of memory.opened)
    memory.opened.set(
      key,
      opened.filter((time) => time <= now),
    );
}

export interface RunFacts {
  readonly spec: RuleSpec;
  readonly logicalTime: number;
  readonly window: TimeRange | null;
  readonly rows: readonly ResultRow[];
  /** Start of the scenario, epoch ms. */
  readonly start: number;
  readonly silences: readonly SilenceSpec[];
  /** Whether somebody has taken on the alert of a dedup key, of which updates are told. */
  readonly taken?: (dedupKey: string) => Taken;
}

const DAY_MS = 86_400_000;

export function expect(facts: RunFacts, memory: RuleMemory): ExpectedRun {
  const excepted = facts.rows.filter((row) => isExcepted(row, facts));
  const rest = facts.rows.filter((row) => !excepted.includes(row));
  const counted = TRAITS[facts.spec.family].shape === 'stream' ? onceEach(rest, facts.spec) : rest;
  return {
    hits: hitsOf(counted, facts.spec).map((hit) => ({ ...hit, ...verdictOf(hit, facts, memory) })),
    exceptedRows: excepted.length,
    exceptedKeys: new Map(excepted.map((row) => [rowKeyOf(row, facts.spec), newestOf(eventTimes(row))])),
  };
}

/**
 * Slices overlap in no row, but a row may come in two answers of one run where the second was asked later: it is one hit. What exceptions
 * take out is counted by rows, as they came.
 */
function onceEach(rows: readonly ResultRow[], spec: RuleSpec): readonly ResultRow[] {
  return [...new Map(rows.map((row) => [rowKeyOf(row, spec), row])).values()];
}

/** An exception holds for rows whose event, else L, lies before its end. */
function isExcepted(row: ResultRow, { spec, logicalTime, start }: RunFacts): boolean {
  const time = eventTime(row) ?? logicalTime;
  return spec.exceptions.some(({ device, expires }) => row.DeviceId === device && time < start + expires * 1000);
}

type Hit = Omit<ExpectedHit, 'expected' | 'because' | 'hiding' | 'hides'>;

function hitsOf(rows: readonly ResultRow[], spec: RuleSpec): readonly Hit[] {
  const { per } = TRAITS[spec.family];
  const grouped = new Map<string, ResultRow[]>();
  for (const row of rows) {
    const key = per === 'group' ? String(row.DeviceId) : rowKeyOf(row, spec);
    grouped.set(key, [...(grouped.get(key) ?? []), row]);
  }
  const hits: Hit[] = [];
  for (const [key, members] of grouped) {
    if (per === 'group' && members.length < spec.atLeast) continue;
    const first = members[0] as ResultRow;
    const dedupKey = spec.dedup ? spec.dedup.map((column) => String(first[column])).join('/') : key;
    const newest = newestOf(members.flatMap(eventTimes));
    const seen = newestOf(members.map(eventTime).filter((time) => time !== null));
    hits.push({ key, rowKeys: [...new Set(members.map((row) => rowKeyOf(row, spec)))], dedupKey, newest, seen });
  }
  return hits;
}

export function rowKeyOf(row: ResultRow, spec: RuleSpec): string {
  const columns = TRAITS[spec.family].shape === 'snapshot' ? (spec.dedup ?? []) : TRAITS[spec.family].rowKey;
  return columns.map((column) => String(row[column])).join('/');
}

/** Epoch ms, of an answer's row or of an alert's evidence. */
export function eventTime(row: ResultRow): number | null {
  const value = row.Timestamp;
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? Date.parse(value) : null;
}

/** Of a pair, both. */
function eventTimes(row: ResultRow): readonly number[] {
  return [eventTime(row), eventTime({ Timestamp: row.Timestamp1 ?? null })].filter((time) => time !== null);
}

function newestOf(times: readonly number[]): number | null {
  return times.length === 0 ? null : Math.max(...times);
}

type Verdict = Pick<ExpectedHit, 'expected' | 'because'>;

function verdictOf(hit: Hit, facts: RunFacts, memory: RuleMemory): Verdict & Pick<ExpectedHit, 'hiding' | 'hides'> {
  const verdict = verdictBeforeSilences(hit, facts, memory);
  const hidden = hidingOf(facts.spec, hit.seen ?? facts.logicalTime, facts);
  const hides = hidden !== null;
  if (verdict) return { ...verdict, hiding: null, hides };
  if (hidden) return { expected: hidden.counts, because: `hidden by ${hidden.id}`, hiding: hidden, hides };
  return { ...verdictOfQuiet(hit, facts, memory), hiding: null, hides };
}

function verdictBeforeSilences(hit: Hit, facts: RunFacts, memory: RuleMemory): Verdict | null {
  const old = duplicateOf(hit, facts, memory);
  if (old) return old;
  return facts.spec.status === 'testing' ? { expected: 'testing', because: 'the rule is in testing' } : null;
}

function verdictOfQuiet(hit: Hit, facts: RunFacts, memory: RuleMemory): Verdict {
  const taken = facts.taken?.(hit.dedupKey) ?? 'no';
  if (taken === 'yes') return { expected: 'quiet', because: 'quiet because somebody has taken it on' };
  if (taken === 'maybe') return { expected: 'either', because: 'taken on meanwhile' };
  const opened = memory.opened.get(hit.dedupKey) ?? [];
  const length = quietLength(facts.spec) * 1000;
  const { logicalTime } = facts;
  if (!opened.some((from) => from <= logicalTime && logicalTime < from + length))
    return { expected: 'told', because: 'new' };
  const latest = Math.max(...opened);
  if (latest <= logicalTime) return { expected: 'quiet', because: `quiet since ${new Date(latest).toISOString()}` };
  return { expected: 'either', because: 'an older L that lies in an older quiet time' };
}

export function quietLength(spec: RuleSpec): number {
  if (spec.suppress !== null) return spec.suppress;
  const { shape, per } = TRAITS[spec.family];
  return shape === 'set' && per === 'group' ? (spec.lookback ?? 0) : 0;
}

function duplicateOf(hit: Hit, facts: RunFacts, memory: RuleMemory): Verdict | null {
  const { shape } = TRAITS[facts.spec.family];
  if (shape !== 'set') {
    return hit.rowKeys.every((key) => memory.known.has(key))
      ? { expected: 'duplicate', because: 'all rows are known' }
      : null;
  }
  const { window } = facts;
  if (!window) return null;
  if (hit.rowKeys.every((key) => isToldOrHeld(key, hit, window, facts, memory))) {
    return { expected: 'duplicate', because: 'told or held back in a window that overlaps' };
  }
  const { changedAt } = memory;
  if (changedAt !== null && window.from < changedAt && hit.newest !== null && hit.newest < changedAt) {
    return { expected: 'duplicate', because: 'the rule was changed' };
  }
  if (changedAt !== null && window.from < changedAt && hit.newest === null)
    return { expected: 'either', because: 'the rule was changed' };
  return hit.rowKeys.every((key) => memory.testing.has(key))
    ? { expected: 'either', because: 'seen in testing' }
    : null;
}

function isToldOrHeld(key: string, hit: Hit, window: TimeRange, facts: RunFacts, memory: RuleMemory): boolean {
  if ((memory.told.get(key) ?? []).some((told) => overlap(told, window))) return true;
  return (memory.held.get(key) ?? []).some((held) => {
    if (!overlap(held.window, window)) return false;
    if (hit.newest !== null && held.newest !== null) return hit.newest <= held.newest;
    return facts.logicalTime - held.window.to <= DAY_MS;
  });
}

export function overlap(a: TimeRange, b: TimeRange): boolean {
  return a.from < b.to && b.from < a.to;
}
