/** ISO text of `ms` and so many ticks of 100 ns. */
export function tickAfter(ms: number, ticks: number): string {
  const text = new Date(ms + Math.floor(ticks / 10_000)).toISOString();
  return text.replace('Z', `${String(ticks % 10_000).padStart(4, '0')}Z`);
}

/** A time as a YAML file holds it, as ISO text. */
export function iso(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value);
}
