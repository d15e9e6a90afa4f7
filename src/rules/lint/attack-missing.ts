import type { LintCheck } from './check.ts';

export const attackMissing: LintCheck = {
  id: 'attack-missing',
  description: 'A rule without ATT&CK mapping.',
  why: 'Coverage by technique, and routing by tactic, know only rules that say what they look for.',
  mend: 'Add `attack: [T1059.001]`, or a tactic such as `TA0002` where no technique fits.',
  severity: 'warning',
  analyzed: false,
  refuses: [],
  check: (rule) => {
    if (rule.attack.length > 0) return [];
    const message = 'The rule is not mapped to ATT&CK.';
    return [{ place: rule.map.placeOf(['attack']), message, suggestion: 'Add "attack: [T1059.001]" or a tactic.' }];
  },
};
