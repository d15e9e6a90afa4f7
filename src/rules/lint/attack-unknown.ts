import {
  ATTACK_RELEASE,
  isOfOtherMatrix,
  mayBeNewer,
  TACTICS,
  type Technique,
  techniqueById,
} from '../attack/matrix.ts';
import type { LintCheck, Remark } from './check.ts';

/** Tactic ids of the enterprise (version 19), mobile and industrial matrices of MITRE ATT&CK. */
const TACTIC_RANGES: readonly (readonly [number, number])[] = [
  [1, 11],
  [27, 43],
  [100, 112],
];

type Said = Omit<Remark, 'place'>;

export const attackUnknown: LintCheck = {
  id: 'attack-unknown',
  description: 'A technique or tactic that no ATT&CK matrix has, or that MITRE has retired.',
  why: 'An id with a slip, or one that MITRE has retired, puts the rule on no map.',
  mend: 'Take the id from https://attack.mitre.org/.',
  severity: 'warning',
  analyzed: false,
  refuses: [],
  check: (rule) =>
    rule.attack.flatMap((id, index) => {
      const said = id.startsWith('TA') ? aboutTactic(id) : aboutTechnique(id);
      return said ? [{ place: rule.map.placeOf(['attack', index]), ...said }] : [];
    }),
};

function aboutTactic(id: string): Said | null {
  if (isTactic(Number(id.slice(2))) || TACTICS.some((one) => one.id === id)) return null;
  return { message: `ATT&CK has no tactic ${id}.`, suggestion: 'See https://attack.mitre.org/tactics/.' };
}

function isTactic(number: number): boolean {
  return TACTIC_RANGES.some(([first, last]) => number >= first && number <= last);
}

function aboutTechnique(id: string): Said | null {
  const technique = techniqueById(id);
  if (technique) return technique.retired ? aboutRetired(technique, technique.retired.by) : null;
  if (isOfOtherMatrix(id)) return null;
  const { version, date } = ATTACK_RELEASE;
  const message = `ATT&CK ${version} of ${date}, which Huntwire knows, has no technique ${id}.`;
  if (mayBeNewer(id)) return { message, suggestion: 'A newer release may have it.', severity: 'info' };
  const whole = inUse(id.slice(0, 5));
  const meant = whole ? `Was ${named(whole)} meant? ` : '';
  return { message, suggestion: `${meant}See https://attack.mitre.org/techniques/enterprise/.` };
}

/** What stands for an id today; null: nothing does. */
function inUse(id: string): Technique | null {
  const found = techniqueById(id);
  return found?.retired ? techniqueById(found.retired.by ?? '') : found;
}

function aboutRetired(technique: Technique, by: string | null): Said {
  const successor = by === null ? null : techniqueById(by);
  const message = `MITRE has retired ${named(technique)}.`;
  if (successor) return { message, suggestion: `Write ${named(successor)} in its place.` };
  return { message, suggestion: 'Nothing stands in its place: take it out.' };
}

function named({ id, name }: Technique): string {
  return `${id} (${name})`;
}
