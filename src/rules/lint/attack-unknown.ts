import type { LintCheck } from './check.ts';

/** Tactic ids of the enterprise (version 19), mobile and industrial matrices of MITRE ATT&CK. */
const TACTIC_RANGES: readonly (readonly [number, number])[] = [
  [1, 11],
  [27, 43],
  [100, 112],
];

export const attackUnknown: LintCheck = {
  id: 'attack-unknown',
  description: 'A tactic id that no ATT&CK matrix has.',
  severity: 'warning',
  analyzed: false,
  refuses: [],
  check: (rule) =>
    rule.attack.flatMap((id, index) => {
      if (!id.startsWith('TA') || isTactic(Number(id.slice(2)))) return [];
      const message = `ATT&CK has no tactic ${id}.`;
      return [
        { place: rule.map.placeOf(['attack', index]), message, suggestion: 'See https://attack.mitre.org/tactics/.' },
      ];
    }),
};

function isTactic(number: number): boolean {
  return TACTIC_RANGES.some(([first, last]) => number >= first && number <= last);
}
