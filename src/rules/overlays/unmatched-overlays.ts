import { suggest } from '../../lib/nearest.ts';
import type { Rule } from '../rule.ts';
import { fitsRule, isId, matchesRule } from './match-rule.ts';
import type { RuleOverlay, UnloadedFile, UnmatchedOverlay } from './overlay.ts';

type Said = Omit<UnmatchedOverlay, 'file' | 'line' | 'column'>;

interface Whereabouts {
  readonly rules: readonly Rule[];
  readonly unloaded: readonly UnloadedFile[];
  readonly folder: string;
}

/** Ids and globs that no rule has, and entries that are laid over none at all; nothing that a rule which did not load may have. */
export function unmatchedOverlays(
  overlays: readonly RuleOverlay[],
  whereabouts: Whereabouts,
): readonly UnmatchedOverlay[] {
  const { rules, unloaded, folder } = whereabouts;
  return overlays.flatMap((overlay) => {
    const single = [...unmatchedIds(overlay, whereabouts), ...unmatchedGlobs(overlay, whereabouts)];
    const isLaid = rules.some((rule) => matchesRule(overlay.match, rule, folder));
    if (single.length > 0 || isLaid || unloaded.length > 0) return single;
    return [placed(overlay, [], { message: 'This overlay is laid over no rule.', suggestion: null })];
  });
}

function unmatchedIds(overlay: RuleOverlay, { rules, unloaded }: Whereabouts): readonly UnmatchedOverlay[] {
  return (overlay.match.ids ?? []).flatMap((id, index) => {
    if (rules.some((rule) => isId(id, rule)) || unloaded.some((one) => mayHaveId(one, id))) return [];
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

function mayHaveId({ text }: UnloadedFile, id: string): boolean {
  return text === null || text.toLowerCase().includes(id.toLowerCase());
}

function unmatchedGlobs(overlay: RuleOverlay, { rules, unloaded, folder }: Whereabouts): readonly UnmatchedOverlay[] {
  return (overlay.match.globs ?? []).flatMap((glob, index) => {
    if (rules.some((rule) => fitsRule(glob, rule, folder))) return [];
    if (unloaded.some((one) => mayFit(one, glob, folder))) return [];
    const message = `The pattern "${glob}" fits no id and no file of a rule.`;
    return [
      placed(overlay, ['globs', index], { message, suggestion: 'It is matched with ids, and with the ends of paths.' }),
    ];
  });
}

/** Every word of the file may be an id. */
function mayFit({ file, text }: UnloadedFile, glob: string, folder: string): boolean {
  if (file === null || text === null) return true;
  const words = new Set(text.match(/[\w.-]+/g) ?? []);
  return [...words, ''].some((id) => fitsRule(glob, { id, map: { file } }, folder));
}

function placed(
  { document, entryPath }: RuleOverlay,
  path: readonly (string | number)[],
  said: Said,
): UnmatchedOverlay {
  const place = document.valuePlace(path.length === 0 ? entryPath : [...entryPath, 'match', ...path]);
  return { file: document.file, ...place, ...said };
}
