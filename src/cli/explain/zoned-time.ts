/** `2026-01-31 08:00:05 +01:00` of an ISO time on the clocks of a zone; in UTC with its `Z`. An hour that comes twice is told apart by the offset. */
export function zonedTime(time: string, zone: string): string {
  if (zone === 'UTC') return time.replace('T', ' ').replace(/\.\d+Z$/, 'Z');
  const at = new Date(time);
  const parts = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  return `${parts.format(at)} ${offsetAt(at, zone)}`;
}

function offsetAt(at: Date, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(at);
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  return name.replace('GMT', '') || '+00:00';
}
