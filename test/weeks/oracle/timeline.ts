import type { TimeRange } from '../../../src/kql/window.ts';
import type { RuleSpec, Scenario } from '../scenario.ts';
import type { JournalRecord } from '../world/journal.ts';

/** Ranges that are united where they touch, in order. */
export function unite(ranges: readonly TimeRange[]): readonly TimeRange[] {
  const united: { from: number; to: number }[] = [];
  for (const { from, to } of [...ranges].filter((one) => one.to > one.from).sort((a, b) => a.from - b.from)) {
    const last = united.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else united.push({ from, to });
  }
  return united;
}

/** What of `[from, to)` lies in none of the ranges. */
export function holesIn(from: number, to: number, ranges: readonly TimeRange[]): readonly TimeRange[] {
  const holes: TimeRange[] = [];
  let at = from;
  for (const range of unite(ranges)) {
    if (range.from > at) holes.push({ from: at, to: Math.min(range.from, to) });
    at = Math.max(at, range.to);
    if (at >= to) break;
  }
  if (at < to) holes.push({ from: at, to });
  return holes.filter((hole) => hole.to > hole.from);
}

export function touches(ranges: readonly TimeRange[], from: number, to: number): boolean {
  return ranges.some((range) => range.from <= to && from < range.to);
}

/** The rules of the process that ran last, as they were in the end. */
export function lastRules(records: readonly JournalRecord[]): readonly RuleSpec[] {
  for (let index = records.length - 1; index >= 0; index -= 1) {
    const record = records[index];
    if (record?.kind === 'start' || record?.kind === 'reload') return record.rules;
  }
  return [];
}

/** When a process ran, and with which rules: where others take their place, another era begins. */
export interface Era extends TimeRange {
  readonly rules: readonly RuleSpec[];
}

export function erasOf(records: readonly JournalRecord[], end: number): readonly Era[] {
  const eras: { from: number; to: number; rules: readonly RuleSpec[] }[] = [];
  for (const record of records) {
    const last = eras.at(-1);
    if ((record.kind === 'end' || isOtherRules(record)) && last) last.to = record.at;
    if (record.kind === 'start' || isOtherRules(record)) eras.push({ from: record.at, to: end, rules: record.rules });
  }
  return eras;
}

type Reloaded = Extract<JournalRecord, { readonly kind: 'reload' }>;

function isOtherRules(record: JournalRecord): record is Reloaded {
  return record.kind === 'reload' && !record.refused;
}

/** When something was wrong that a rule may be behind for, ours or the service's. */
export function troubles(scenario: Scenario): readonly TimeRange[] {
  const start = Date.parse(scenario.start);
  const at = (second: number): number => start + second * 1000;
  return scenario.faults.flatMap((fault): readonly TimeRange[] => {
    switch (fault.kind) {
      case 'api':
      case 'throttle':
      case 'slow':
      case 'date':
      case 'heavy':
        return [{ from: at(fault.from), to: at(fault.to) }];
      case 'suspend':
        return [{ from: at(fault.at), to: at(fault.at + fault.length) }];
      case 'clock':
      case 'reset':
      case 'restart':
      case 'put-back':
        return [{ from: at(fault.at), to: at(fault.at) + 1 }];
      default:
        return [];
    }
  });
}
