/** `2026-01-31 08:00:05Z`: short enough for a table, and two words, so that a narrow one can fold it. */
export function timeText(time: number | string | null): string {
  return time === null
    ? '-'
    : new Date(time)
        .toISOString()
        .replace('T', ' ')
        .replace(/\.\d+Z$/, 'Z');
}
