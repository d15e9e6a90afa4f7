import { queryComments } from '../../query-code.ts';
import type { Rule } from '../../rule.ts';

/** A comment that switches a check off for some lines of a file. */
export interface Disable {
  readonly file: string;
  readonly check: string;
  /** null: it gives none. */
  readonly reason: string | null;
  readonly line: number;
  readonly column: number;
  readonly first: number;
  readonly last: number;
}

const COMMENT = /^(?:#|\/\/)\s*huntwire-disable(?![\w-])\s*([^:]*?)\s*(?::\s*(.*?)\s*)?$/;

/** The word by which comments that lint reads are known. */
export const DISABLE_WORD = 'huntwire-disable';

/**
 * What comments of a rule's file and query switch off: `# huntwire-disable CHECK: reason` in YAML, `// huntwire-disable CHECK: reason` in
 * KQL, several checks with commas between.
 */
export function disablesOf(rule: Rule): readonly Disable[] {
  const inYaml = (rule.map.comments?.(DISABLE_WORD) ?? []).flatMap((comment) => fromText(rule, comment.text, comment));
  return [...inYaml, ...inQuery(rule)];
}

type Scope = Pick<Disable, 'line' | 'column' | 'first' | 'last'> & { readonly file?: string };

function fromText(
  { map }: Rule,
  text: string,
  { line, column, first, last, file = map.file }: Scope,
): readonly Disable[] {
  const [, names = '', reason = ''] = COMMENT.exec(text.trim()) ?? [];
  if (!COMMENT.test(text.trim())) return [];
  return names.split(/\s*,\s*/).map((check) => ({
    file,
    check,
    reason: reason === '' ? null : reason,
    line,
    column,
    first,
    last,
  }));
}

/** Behind code a comment holds for its line, else for the next line of code. */
function inQuery(rule: Rule): readonly Disable[] {
  const { query, map } = rule;
  if (!query.includes(DISABLE_WORD)) return [];
  const comments = queryComments(query);
  return comments.flatMap(({ start, end }) => {
    const before = query.slice(query.lastIndexOf('\n', start) + 1, start);
    const held = before.trim() === '' ? nextCode(query, end, comments) : start;
    const { line } = map.place(held);
    return fromText(rule, query.slice(start, end), { ...map.place(start), first: line, last: line });
  });
}

function nextCode(query: string, from: number, comments: ReturnType<typeof queryComments>): number {
  let at = from;
  for (;;) {
    const blank = /^\s*/.exec(query.slice(at))?.[0].length ?? 0;
    const comment = comments.find(({ start }) => start === at + blank);
    if (!comment) return Math.min(at + blank, query.length);
    at = comment.end;
  }
}
