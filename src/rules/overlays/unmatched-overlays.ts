import { suggest } from '../../lib/nearest.ts';
import type { Rule } from '../rule.ts';
import { fitsRule, isId, matchesRule } from './match-rule.ts';
import type { RuleOverlay, UnmatchedOverlay } from './overlay.ts';

type Said = Omit<UnmatchedOverlay, 'file' | 'line' | 'column'>;

/** Ids and globs that no rule has, and entries that are laid over none at all. */
export function unmatchedOverlays(
  overlays: readonly RuleOverlay[],
  rules: readonly Rule[],
  folder: string,
): readonly UnmatchedOverlay[] {
  return overlays.flatMap((overlay) => {
    const single = [...unmatchedIds(overlay, rules), ...unmatchedGlobs(overlay, rules, folder)];
    if (single.length > 0 || rules.some((rule) => matchesRule(overlay.match, rule, folder))) return single;
    return [placed(overlay, [], { message: 'This overlay is laid over no rule.', suggestion: null })];
  });
}

function unmatchedIds(overlay: RuleOverlay, rules: readonly Rule[]): readonly UnmatchedOverlay[] {
  return (overlay.match.ids ?? []).flatMap((id, index) => {
    if (rules.some((rule) => isId(id, rule))) return [];
    const near = suggest(
      id,
      rules.map((rule) => rule.id),
    ).trim();
    return [
      placed(overlay, ['ids', index], {
        message: `No rule has the id "${id}".`,
        suggestion: near === '' ? null : near,
      }),
    ];
  });
}

function unmatchedGlobs(overlay: RuleOverlay, rules: readonly Rule[], folder: string): readonly UnmatchedOverlay[] {
  return (overlay.match.globs ?? []).flatMap((glob, index) => {
    if (rules.some((rule) => fitsRule(glob, rule, folder))) return [];
    const message = `The pattern "${glob}" fits no id and no file of a rule.`;
    return [
      placed(overlay, ['globs', index], { message, suggestion: 'It is matched with ids, and with the ends of paths.' }),
    ];
  });
}

function placed(
  { document, entryPath }: RuleOverlay,
  path: readonly (string | number)[],
  said: Said,
): UnmatchedOverlay {
  const place = document.valuePlace(path.length === 0 ? entryPath : [...entryPath, 'match', ...path]);
  return { file: document.file, ...place, ...said };
}
