import { type Alert, HELD_REASONS, type HeldCounts } from './alert.ts';

export function moreHeld(held: HeldCounts, reason: keyof HeldCounts, count = 1): HeldCounts {
  return { ...held, [reason]: (held[reason] ?? 0) + count };
}

export function totalOf(held: HeldCounts): number {
  return HELD_REASONS.reduce((sum, reason) => sum + (held[reason] ?? 0), 0);
}

/** What an alert says of hits that were held back since its key's message before. */
export function suppressionOf(held: HeldCounts): Pick<Alert, 'suppressedCount' | 'suppressed'> {
  const suppressedCount = totalOf(held);
  if (suppressedCount === 0) return { suppressedCount };
  const counts = HELD_REASONS.flatMap((reason) => (held[reason] ? [[reason, held[reason]] as const] : []));
  return { suppressedCount, suppressed: Object.fromEntries(counts) };
}
