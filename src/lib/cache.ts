/** Small durable answers keyed by text (prepared queries, table time columns). Losing it costs time, never correctness. */
export interface Cache {
  get(key: string): Promise<string | null>;
  set(key: string, value: string): Promise<void>;
}

/** A cache that lives as long as the process, dropping the oldest entry when full. */
export function createMemoryCache(limit = 10_000): Cache {
  const entries = new Map<string, string>();
  return {
    get: async (key) => entries.get(key) ?? null,
    set: async (key, value) => {
      entries.delete(key);
      entries.set(key, value);
      const oldest = entries.keys().next();
      if (entries.size > limit && !oldest.done) entries.delete(oldest.value);
    },
  };
}

/** A cache whose place is not known yet: until it is joined to one it keeps answers itself. */
export interface LaterCache extends Cache {
  readonly join: (kept: Cache) => Promise<void>;
  /** Drops what it kept itself. */
  readonly forget: () => void;
}

export function createLaterCache(): LaterCache {
  const early = new Map<string, string>();
  let joined: Cache | null = null;
  return {
    get: async (key) => early.get(key) ?? (await joined?.get(key)) ?? null,
    set: async (key, value) => {
      if (joined) await joined.set(key, value);
      else early.set(key, value);
    },
    join: async (kept) => {
      joined = kept;
      await Promise.all([...early].map(([key, value]) => kept.set(key, value)));
    },
    forget: () => early.clear(),
  };
}
