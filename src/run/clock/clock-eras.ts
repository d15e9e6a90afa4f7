import { CONTRADICTION_MS } from './agreement.ts';

/** What a clock went by from one setting to the next. */
interface ClockEra {
  /** Its number, from 1. */
  readonly setting: number;
  /** When it began, monotonic ms. */
  readonly at: number;
  /** Epoch ms less monotonic ms. */
  readonly offset: number;
}

/** The settings of a clock since the process began: what was asked for by one that was ahead was asked for too early. */
export interface ClockEras {
  add(era: ClockEra): void;
  /**
   * Since when, in epoch ms by `offset`, a setting from the nth on was ahead of it by more than what contradicts; null: none was, and
   * none is known.
   */
  aheadSince(setting: number, offset: number): number | null;
}

/** So many are remembered: a clock that is set more often is no clock. */
const KEPT_ERAS = 50;

export function createClockEras(): ClockEras {
  const eras: ClockEra[] = [];
  return {
    add: (era) => {
      eras.push(era);
      if (eras.length > KEPT_ERAS) eras.shift();
    },
    aheadSince: (setting, offset) => {
      const ahead = eras.filter((era) => era.setting >= setting && era.offset - offset > CONTRADICTION_MS);
      return ahead.length === 0 ? null : Math.round(Math.min(...ahead.map(({ at }) => at)) + offset);
    },
  };
}
