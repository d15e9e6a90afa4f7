import type { Random } from '../random.ts';
import { DAY, type Edit, type Fault, HOUR, type Scenario } from '../scenario.ts';
import { type Draw, length, pickEdits } from './faults.ts';

/** One to four times that everything is read again, or is to be. */
export function pickReloads(random: Random, { rules, targets }: Scenario, until: number): readonly Fault[] {
  const draw: Draw = { random, rules, targets, until };
  return Array.from({ length: random.int(1, 4) }).flatMap(() => pickReload(draw, random.int(HOUR, until - HOUR)));
}

/** Edited, with other targets, or refused and mended a while later. */
function pickReload(draw: Draw, at: number): readonly Fault[] {
  const { random, targets, until } = draw;
  const reload = { kind: 'reload', edits: [], targets: null, refused: false } as const;
  const which = random.next();
  if (which < 0.2) {
    const mended = Math.min(until, at + length(random, DAY));
    return [
      { ...reload, at, refused: true },
      { ...reload, at: mended, edits: random.chance(0.5) ? pickEdits(draw, at) : [] },
    ];
  }
  if (which < 0.4) {
    const others = targets.map((target) => ({ ...target, concurrency: random.pick([1, 2, 4]) }));
    return [{ ...reload, at, targets: others, edits: random.chance(0.3) ? pickEdits(draw, at) : [] }];
  }
  if (which < 0.7) return [{ ...reload, at, edits: pickEdits(draw, at) }];
  return pickAbsence(draw, at);
}

/** A rule that is switched off, or taken away, and comes back. */
function pickAbsence({ random, rules, until }: Draw, at: number): readonly Fault[] {
  const { id: rule } = random.pick(rules);
  const isRemoved = random.chance(0.5);
  const reload = { kind: 'reload', targets: null, refused: false } as const;
  const edit = (isGone: boolean): readonly Edit[] => [
    { rule, set: isRemoved ? { absent: isGone } : { status: isGone ? 'disabled' : 'enabled' } },
  ];
  const back = Math.min(until, at + length(random, DAY));
  return [
    { ...reload, at, edits: edit(true) },
    { ...reload, at: back, edits: edit(false) },
  ];
}
