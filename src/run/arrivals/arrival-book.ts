import type { Cache } from '../../lib/cache.ts';
import { DAY_MS } from '../../lib/duration.ts';

/** What is known of how rows of a table arrive. All times are the service's, epoch ms. */
export interface ArrivalNote {
  /** Up to where late arrivals were counted. */
  readonly countedTo: number;
  readonly probedAt: number | null;
  /** Since when every row has an ingestion time, as far as it was looked at; null: some have none, or nobody has looked. */
  readonly stampedSince: number | null;
}

/** What one tenant's process knows of its tables. The cache may lose it: that costs some calls, and windows ask for more than they need. */
export interface ArrivalBook {
  /** Windows need not ask for rows without ingestion time that happened since then; null: they must. */
  stampedSince(table: string, now: number): number | null;
  note(table: string): Promise<ArrivalNote | null>;
  keep(table: string, note: ArrivalNote): Promise<void>;
}

/** A probe looks so far back: a week, and what lies between two of them when one is late. */
export const PROBED_MS = 9 * DAY_MS;
/** A probe that was made longer ago says nothing any more. */
const BELIEVED_MS = 8 * DAY_MS;

export function createArrivalBook(tenant: string, api: string, cache: Cache): ArrivalBook {
  const notes = new Map<string, ArrivalNote>();
  const keyOf = (table: string): string => `arrivals ${JSON.stringify([tenant, api, table])}`;
  return {
    stampedSince: (table, now) => {
      const { probedAt = null, stampedSince = null } = notes.get(table) ?? {};
      return probedAt !== null && probedAt <= now && now - probedAt < BELIEVED_MS ? stampedSince : null;
    },
    note: async (table) => {
      const known = notes.get(table) ?? (await readNote(cache, keyOf(table)));
      if (known) notes.set(table, known);
      return known;
    },
    keep: async (table, note) => {
      notes.set(table, note);
      await cache.set(keyOf(table), JSON.stringify(note));
    },
  };
}

async function readNote(cache: Cache, key: string): Promise<ArrivalNote | null> {
  const text = await cache.get(key);
  return text === null ? null : (JSON.parse(text) as ArrivalNote);
}

/** What a probe adds: probes that overlap are one long look. */
export function probedNote(note: ArrivalNote, now: number, hasUnstamped: boolean): ArrivalNote {
  const { probedAt, stampedSince } = note;
  const from = now - PROBED_MS;
  const isJoined = stampedSince !== null && probedAt !== null && probedAt >= from && probedAt <= now;
  return { ...note, probedAt: now, stampedSince: hasUnstamped ? null : isJoined ? stampedSince : from };
}
