import type { BootTime, Clock } from '../../lib/clock.ts';
import { CONTRADICTION_MS } from './agreement.ts';

/** What a clock went by from `at` on, until the next era. */
export interface ClockEra {
  /** When it began, ms of a time that nobody sets. */
  readonly at: number;
  /** Epoch ms less that time. */
  readonly offset: number;
}

/** What is kept of them from one process to the next: worth something as long as the machine runs on. */
export interface KeptEras {
  readonly boot: string;
  readonly eras: readonly ClockEra[];
  /** Up to when the eras that each rule ran by have been judged. */
  readonly judged: readonly (readonly [ruleId: string, at: number])[];
}

/** What a clock has gone by: what was asked for by one that was ahead was asked for too early. */
export interface ClockEras {
  /** The clock says this (epoch ms) now. */
  note(now: number): void;
  /** What the clock would say now had the machine not slept, epoch ms; null: nobody knows. */
  now(): number | null;
  /** Since when, in epoch ms of a clock that says `now`, the rule may have asked by one that was ahead of it; null: not at all. */
  aheadSince(ruleId: string, now: number): number | null;
  /** Since when they are known, in epoch ms of a clock that says `now`; null: nothing is. */
  knownSince(now: number): number | null;
  /** What the rule asked by eras so far has been judged by the present one. */
  judge(ruleId: string): void;
  /** What is to be kept where something has changed since the last call; null where nothing has, or where it would be of no use later. */
  changed(): KeptEras | null;
}

/** So many are remembered: a clock that is set more often is no clock. */
const KEPT_ERAS = 50;
/** So many rules: only those that ran by a clock that was wrong are among them. */
const KEPT_RULES = 10_000;

/** `kept`: what an earlier process has left. */
export function createClockEras(clock: Clock, kept: KeptEras | null = null): ClockEras {
  const steady = (): BootTime => clock.sinceBoot?.() ?? { boot: '', ms: clock.monotonic() };
  const { boot } = steady();
  const known = kept !== null && boot !== '' && kept.boot === boot ? kept : { eras: [], judged: [] };
  const eras = [...known.eras];
  const judged = new Map(known.judged);
  let isChanged = false;
  return {
    note: (now) => {
      const at = steady().ms;
      const offset = now - at;
      const last = eras.at(-1);
      if (last && Math.abs(last.offset - offset) <= CONTRADICTION_MS) return;
      eras.push({ at, offset });
      if (eras.length > KEPT_ERAS) eras.shift();
      isChanged = true;
    },
    now: () => {
      const last = eras.at(-1);
      return last ? Math.round(last.offset + steady().ms) : null;
    },
    aheadSince: (ruleId, now) => {
      const { ms } = steady();
      return aheadSince(eras, { now, ms, from: judged.get(ruleId) ?? Number.NEGATIVE_INFINITY });
    },
    knownSince: (now) => {
      const [first] = eras;
      return first ? Math.round(first.at + now - steady().ms) : null;
    },
    judge: (ruleId) => {
      judged.delete(ruleId);
      judged.set(ruleId, steady().ms);
      const oldest = judged.keys().next();
      if (judged.size > KEPT_RULES && !oldest.done) judged.delete(oldest.value);
      isChanged = true;
    },
    changed: () => {
      if (!isChanged || boot === '') return null;
      isChanged = false;
      return { boot, eras: [...eras], judged: [...judged] };
    },
  };
}

/** The beginning of the earliest era after `from` that was ahead by more than what contradicts. */
function aheadSince(
  eras: readonly ClockEra[],
  { now, ms, from }: { readonly now: number; readonly ms: number; readonly from: number },
): number | null {
  const offset = now - ms;
  const ahead = eras.find((era, index) => (eras[index + 1]?.at ?? ms) > from && era.offset - offset > CONTRADICTION_MS);
  return ahead ? Math.round(Math.max(ahead.at, from) + offset) : null;
}
