import type { LintCheck } from './check.ts';

/** A distance from now that depends on data cannot be compared with the lookback. */
export const reachNotConstant: LintCheck = {
  id: 'reach-not-constant',
  description: 'A distance from now that is not constant.',
  why: 'Whether the window holds all that the query asks for cannot be told before it runs.',
  mend: 'Write the distance as a constant, for example `ago(1d)`.',
  severity: 'warning',
  analyzed: true,
  refuses: [],
  check: (rule, { prepared }) => {
    if (prepared.reachMs !== null) return [];
    const at = prepared.timeCalls.find((call) => call.offsetMs === null)?.start ?? 0;
    const message = 'How far back this query asks is not constant, so it cannot be checked against the lookback.';
    return [
      { place: rule.map.place(at), message, suggestion: 'Write the distance as a constant, for example ago(1d).' },
    ];
  },
};
