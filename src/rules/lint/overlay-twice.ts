import type { OverlaidPart, Rule } from '../rule.ts';
import type { LintCheck, Remark } from './check.ts';

/** The later one wins, which may be meant: each pair of overlays is told once, however many rules they meet in. */
export const overlayTwice: LintCheck = {
  id: 'overlay-twice',
  description: 'A key of a rule that several overlays set: the last one counts.',
  why: 'Which of them counts is decided by the order of files and entries, which is easily overlooked.',
  mend: 'Nothing, where the later overlay is meant to have the last word; else let only one of them fit the rule.',
  severity: 'info',
  analyzed: false,
  refuses: [],
  check: () => [],
  finish: (rules) => {
    const told = new Map<string, Remark & { readonly file: string }>();
    for (const remark of rules.flatMap(remarksOf)) told.set(JSON.stringify([remark.file, remark.place]), remark);
    return [...told.values()];
  },
};

function remarksOf(rule: Rule): readonly (Remark & { readonly file: string })[] {
  const entries = (rule.map.overlaid ?? []).filter(({ kind, first }) => kind === 'entry' && first === null);
  return entries.flatMap((part, index) => {
    const before = entries.slice(0, index).findLast((one) => one.path.join('.') === part.path.join('.'));
    return before && !isShared(part, before) ? [remarkOf(rule, part, before)] : [];
  });
}

/** A block that both entries have by an anchor says one thing. */
function isShared(part: OverlaidPart, before: OverlaidPart): boolean {
  const [one, other] = [part, before].map(({ document, at }) => ({ file: document.file, ...document.keyPlace(at) }));
  return one?.file === other?.file && one?.line === other?.line && one?.column === other?.column;
}

function remarkOf(rule: Rule, part: OverlaidPart, before: OverlaidPart): Remark & { readonly file: string } {
  const { line } = before.document.keyPlace(before.at);
  const key = part.path.at(-1);
  return {
    file: part.document.file,
    place: part.document.keyPlace(part.at),
    message: `"${key}" of rule ${rule.id} is set here and at ${before.document.file}:${line}; this one counts, because it stands later.`,
    suggestion: null,
  };
}
