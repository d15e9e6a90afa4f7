/** `2026-01-31 08:00:05` of an ISO time on the clocks of a zone; in UTC with its `Z`. */
export function zonedTime(time: string, zone: string): string {
  if (zone === 'UTC') return time.replace('T', ' ').replace(/\.\d+Z$/, 'Z');
  const parts = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  return parts.format(new Date(time));
}
