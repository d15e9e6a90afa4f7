import type { Problem } from './errors.ts';

/** Problems of one file in the order in which a person meets them; those without a place come first. */
export function inFileOrder(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}

/** Nobody reads more of one file, and one file may hold a hundred thousand. */
const MOST_PROBLEMS = 100;

/** The first problems of one file, in its order, and how many more there are. */
export function firstInFile(problems: readonly Problem[]): Problem[] {
  const ordered = inFileOrder(problems);
  const next = ordered[MOST_PROBLEMS];
  if (!next) return ordered;
  const message = `The file has ${ordered.length - MOST_PROBLEMS} more problems from here on.`;
  return [...ordered.slice(0, MOST_PROBLEMS), { ...next, message }];
}
