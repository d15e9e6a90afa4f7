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
