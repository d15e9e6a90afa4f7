import { isAbsolute, relative, sep } from 'node:path';
import { tacticsOf } from '../attack/matrix.ts';
import type { Rule } from '../rule.ts';
import { fitsGlob, fitsPathEnd } from './glob.ts';
import type { OverlayMatch } from './overlay.ts';

/** Whether an overlay is laid over a rule, which is as its file says it: what other overlays say of it does not count. */
export function matchesRule(match: OverlayMatch, rule: Rule, folder: string): boolean {
  const { ids, globs, tags, tactics, severities } = match;
  return (
    any(ids, (id) => isId(id, rule)) &&
    any(globs, (glob) => fitsRule(glob, rule, folder)) &&
    any(tags, (tag) => rule.tags.some((one) => one.toLowerCase() === tag.toLowerCase())) &&
    any(severities, (severity) => rule.severity === severity) &&
    (tactics === null || isOfTactic(tactics, rule))
  );
}

function any<Value>(values: readonly Value[] | null, fits: (value: Value) => boolean): boolean {
  return values === null || values.some(fits);
}

function isOfTactic(tactics: readonly string[], { attack }: Rule): boolean {
  const own = tacticsOf(attack);
  return tactics.some((id) => own.has(id));
}

/** Letter case does not tell ids apart. */
export function isId(id: string, rule: Pick<Rule, 'id'>): boolean {
  return rule.id.toLowerCase() === id.toLowerCase();
}

/** A pattern fits the id, or the end of the path from `folder` to the file. */
export function fitsRule(
  glob: string,
  { id, map }: { readonly id: string; readonly map: Pick<Rule['map'], 'file'> },
  folder: string,
): boolean {
  return fitsGlob(glob, id) || fitsPathEnd(glob, pathFrom(folder, map.file));
}

function pathFrom(folder: string, file: string): string {
  const inside = folder === '' ? file : relative(folder, file);
  const path = inside.startsWith('..') || isAbsolute(inside) ? file : inside;
  return path.split(sep).join('/');
}
