import type { Random } from '../random.ts';
import { changesOf } from '../world/wall-clock.ts';

export const ZONES = ['Europe/Berlin', 'America/New_York', 'America/Havana', 'Australia/Lord_Howe'] as const;

const DAY_MS = 86_400_000;
const cached = new Map<string, readonly number[]>();

/** Changes of clocks of a zone in ten years. */
function changes(zone: string): readonly number[] {
  const known = cached.get(zone) ?? changesOf(zone, Date.UTC(2024, 0, 1), Date.UTC(2034, 0, 1));
  cached.set(zone, known);
  return known;
}

/** When a week begins, and the zone that its crons live in: mostly so that the zone's clocks change in its middle. */
export function pickStart(random: Random): { readonly start: number; readonly zone: string } {
  const zone = random.pick(ZONES);
  const jitter = random.int(0, 23 * 60) * 60_000;
  if (random.chance(0.3)) return { start: Date.UTC(2026, 0, 1) + random.int(0, 700) * DAY_MS + jitter, zone };
  const change = random.pick(changes(zone));
  const day = Math.floor(change / DAY_MS) * DAY_MS;
  return { start: day - random.int(1, 4) * DAY_MS + jitter, zone };
}
