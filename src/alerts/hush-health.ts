import type { Alert } from './alert.ts';
import { type HiddenCount, type Hider, hiderOf, type Silence } from './silences.ts';

/**
 * What becomes of a health alert: `tell` it; `hide` it, but keep it, because it is told when nothing hides it any more and its condition
 * still holds; `drop` it: a resolve of what nobody was told, or an update of what was told (`hider` says what hid that one).
 */
export type HealthVerdict =
  | { readonly kind: 'tell' }
  | { readonly kind: 'hide'; readonly hider: Hider }
  | { readonly kind: 'drop'; readonly hider: Hider | null };

/** `before`: what is known of its condition; null: it has just begun. A resolve of an alert that was told is told whatever is silent. */
export function hushHealth(
  alert: Alert,
  before: { readonly isHidden?: true } | null,
  silences: readonly Silence[],
): HealthVerdict {
  if (alert.status === 'resolved') return before?.isHidden ? { kind: 'drop', hider: null } : { kind: 'tell' };
  const hider = hiderOf(silences, Date.parse(alert.time), () => alert);
  if (hider === null) return { kind: 'tell' };
  return before === null || before.isHidden ? { kind: 'hide', hider } : { kind: 'drop', hider };
}

/** A hidden alert as one that counts in the summary. */
export function hiddenAlert({ tenant, rule, severity, time }: Alert, hider: Hider): HiddenCount {
  const at = Date.parse(time);
  return { ...hider, tenant, ruleId: rule.id, severity, hits: 1, firstAt: at, lastAt: at };
}
