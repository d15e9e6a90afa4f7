import { parseMatcher } from '../../alerts/matchers.ts';

/** What is wrong with a matcher of a silence to be, in a sentence; null: nothing. */
export function matcherProblem(text: string): string | null {
  const parsed = parseMatcher(text);
  return parsed.kind === 'problem' ? parsed.message : null;
}
