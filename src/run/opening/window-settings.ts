import { DEFAULT_WINDOW_SETTINGS, type WindowSettings } from '../windows.ts';

/** Lengths that a configuration names, in ms; null: none. */
export interface WindowWishes {
  readonly settleMs: number | null;
  readonly latenessMs: number | null;
  readonly delayMs: Readonly<Record<'ingestion' | 'event', number | null>>;
  readonly overlapMs: number | null;
  readonly overlapByTable: Readonly<Record<string, number>>;
}

/** The numbers that windows are made with: those that are named, else the defaults. */
export function windowSettings(wishes: WindowWishes | null): WindowSettings {
  const defaults = DEFAULT_WINDOW_SETTINGS;
  if (!wishes) return defaults;
  const { settleMs, latenessMs, delayMs, overlapMs, overlapByTable } = wishes;
  return {
    ...defaults,
    settleMs: settleMs ?? defaults.settleMs,
    latenessMs: latenessMs ?? defaults.latenessMs,
    delayMs: {
      ingestion: delayMs.ingestion ?? defaults.delayMs.ingestion,
      event: delayMs.event ?? defaults.delayMs.event,
    },
    overlapMs: overlapMs ?? defaults.overlapMs,
    overlapByTable: { ...defaults.overlapByTable, ...overlapByTable },
  };
}
