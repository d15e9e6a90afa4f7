import type { Problem } from './errors.ts';

/** Problems of one file in the order in which a person meets them; those without a place come first. */
export function inFileOrder(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}
