import type { Rule } from '../rule.ts';
import { TACTICS, type Tactic, techniqueById } from './matrix.ts';

/** A technique that rules name. */
export interface RuledTechnique {
  readonly id: string;
  /** Empty where the enterprise matrix does not have it. */
  readonly name: string;
  /** Ids of its tactics. */
  readonly tactics: readonly string[];
  /** Ids of the rules that name it. */
  readonly rules: readonly string[];
  /** How many of them are on. */
  readonly enabled: number;
  /** Whether one of them that is on has tests. */
  readonly tested: boolean;
  /** MITRE has taken it out; `by` is what stands for it now. */
  readonly retired: { readonly by: string | null } | null;
}

/** A tactic with what rules say of it. */
export interface RuledTactic extends Tactic {
  /** Ids of the rules that name the tactic itself. */
  readonly rules: readonly string[];
}

/** ATT&CK techniques by rules: the document of `attack --format json`. */
export interface AttackReport {
  /** By id. */
  readonly techniques: readonly RuledTechnique[];
  /** In the order of the matrix. */
  readonly tactics: readonly RuledTactic[];
}

/** A rule counts for the techniques that it names, a part (`T1059.001`) not for the whole. */
export function techniquesByRules(rules: readonly Rule[]): AttackReport {
  const naming = new Map<string, Rule[]>();
  for (const rule of rules) {
    for (const id of new Set(rule.attack)) {
      const own = naming.get(id);
      if (own) own.push(rule);
      else naming.set(id, [rule]);
    }
  }
  const ids = [...naming.keys()].filter((id) => !id.startsWith('TA')).sort();
  return {
    techniques: ids.map((id) => ruledTechnique(id, naming.get(id) ?? [])),
    tactics: TACTICS.map((tactic) => ({ ...tactic, rules: (naming.get(tactic.id) ?? []).map((rule) => rule.id) })),
  };
}

function ruledTechnique(id: string, rules: readonly Rule[]): RuledTechnique {
  const known = techniqueById(id);
  const enabled = rules.filter((rule) => rule.status === 'enabled');
  return {
    id,
    name: known?.name ?? '',
    tactics: known?.tactics ?? [],
    rules: rules.map((rule) => rule.id),
    enabled: enabled.length,
    tested: enabled.some((rule) => rule.tests.length > 0),
    retired: known?.retired ?? null,
  };
}
