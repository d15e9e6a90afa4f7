import type { Alert } from '../alert.ts';

const TACTIC = /^TA\d{4}$/;

/**
 * ATT&CK ids of a rule as pairs. A single tactic belongs to every technique; with several, a rule does not say which goes with
 * which, and they stand alone.
 */
export function attackPairs(ids: readonly string[]): Alert['attack'] {
  const tactics = ids.filter((id) => TACTIC.test(id));
  const techniques = ids.filter((id) => !TACTIC.test(id));
  const [only] = tactics;
  if (only !== undefined && tactics.length === 1 && techniques.length > 0) {
    return techniques.map((technique) => ({ tactic: only, technique }));
  }
  return [
    ...tactics.map((tactic) => ({ tactic, technique: null })),
    ...techniques.map((technique) => ({ tactic: null, technique })),
  ];
}
