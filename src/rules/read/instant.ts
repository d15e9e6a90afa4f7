const INSTANT = /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d{2}:\d{2}))?$/;

/** A day (its start in UTC) or an instant with its zone as epoch ms; null where it is neither, or no day of the calendar. */
export function parseInstant(text: string): number | null {
  const parts = INSTANT.exec(text);
  const day = parts ? new Date(`${parts[1]}-${parts[2]}-${parts[3]}T00:00:00Z`) : new Date(Number.NaN);
  if (day.getUTCDate() !== Number(parts?.[3])) return null;
  const instant = Date.parse(text.length === 10 ? `${text}T00:00:00Z` : text.replace(' ', 'T').toUpperCase());
  return Number.isNaN(instant) ? null : instant;
}
