import { ATTACK_RELEASE } from '../../rules/attack/matrix.ts';
import type { AttackReport, RuledTechnique } from '../../rules/attack/techniques-by-rules.ts';

const COLOURS = { off: '#f2c14e', one: '#a8d5a2', most: '#2e7d32' };

/**
 * A layer of ATT&CK Navigator in its format 4.5 (schemas/navigator-layer.schema.json). The score of a technique is the number of rules
 * that are on; one that only rules in testing or disabled ones name has 0 and a colour of its own. The gradient begins at one rule, so that
 * its ends have the very colours of the legend.
 */
export function navigatorLayer({ techniques }: AttackReport, name: string) {
  const shown = techniques.filter((one) => one.tactics.length > 0 && one.retired === null);
  const most = Math.max(1, ...shown.map((one) => one.enabled));
  return {
    name,
    versions: { attack: ATTACK_RELEASE.version.split('.')[0] ?? '', navigator: '5.1.0', layer: '4.5' },
    domain: 'enterprise-attack',
    description: `Techniques by detection rules, for ATT&CK ${ATTACK_RELEASE.version}. The score is the number of rules that are on.`,
    sorting: 3,
    layout: { layout: 'side', showID: true, showName: true, expandedSubtechniques: 'annotated' },
    hideDisabled: false,
    techniques: [...shown.map(layerTechnique), ...parentsOf(shown)],
    gradient: { colors: [COLOURS.one, COLOURS.most], minValue: 1, maxValue: Math.max(2, most) },
    legendItems: [
      { label: 'one rule is on', color: COLOURS.one },
      ...(most > 1 ? [{ label: `${most} rules are on`, color: COLOURS.most }] : []),
      { label: 'rules in testing or disabled only', color: COLOURS.off },
    ],
    selectTechniquesAcrossTactics: true,
    selectSubtechniquesWithParent: false,
  };
}

function layerTechnique({ id, rules, enabled, tested }: RuledTechnique) {
  return {
    techniqueID: id,
    score: enabled,
    ...(enabled === 0 && { color: COLOURS.off }),
    comment: rules.join(', '),
    enabled: true,
    metadata: [
      { name: 'rules', value: String(rules.length) },
      { name: 'tested', value: tested ? 'yes' : 'no' },
    ],
  };
}

/** Techniques that no rule names, opened so that the parts are seen that rules do name. */
function parentsOf(shown: readonly RuledTechnique[]) {
  const own = new Set(shown.map(({ id }) => id));
  const parents = new Set(shown.filter(({ id }) => id.includes('.')).map(({ id }) => id.slice(0, 5)));
  return [...parents].filter((id) => !own.has(id)).map((techniqueID) => ({ techniqueID, showSubtechniques: true }));
}
