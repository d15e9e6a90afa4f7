/**
 * A pattern taken apart. Leaves carry JavaScript source: `source` for the flag `u` and texts of ASCII, and where `\d`, `\w`, `\s` or `\b`
 * mean more beyond ASCII, `wide` for the flag `v` and all other texts.
 */
export type RegexNode =
  | { readonly kind: 'character'; readonly source: string; readonly wide?: string }
  | { readonly kind: 'assertion'; readonly source: string; readonly wide?: string }
  | { readonly kind: 'group'; readonly name: string | null; readonly capturing: boolean; readonly body: RegexNode }
  | { readonly kind: 'sequence'; readonly items: readonly RegexNode[] }
  | { readonly kind: 'choice'; readonly branches: readonly RegexNode[] }
  | RepeatNode;

export interface RepeatNode {
  readonly kind: 'repeat';
  readonly minimum: number;
  /** Infinity where there is no upper bound. */
  readonly maximum: number;
  readonly lazy: boolean;
  readonly body: RegexNode;
}

/** What the whole pattern is, beside its tree. */
export interface ParsedRegex {
  readonly root: RegexNode;
  readonly ignoreCase: boolean;
  /** Whether a class is made of other classes: its source is for the flag `v` in either form. */
  readonly hasSets: boolean;
}

function quantifier({ minimum, maximum, lazy }: RepeatNode): string {
  const end = lazy ? '?' : '';
  if (minimum === 0 && maximum === 1) return `?${end}`;
  if (maximum === Number.POSITIVE_INFINITY)
    return minimum < 2 ? `${minimum === 0 ? '*' : '+'}${end}` : `{${minimum},}${end}`;
  return `{${minimum},${maximum}}${end}`;
}

/** The tree as source of a JavaScript expression: for texts of ASCII and the flag `u`, or for all texts and the flag `v`. */
export function regexSource(node: RegexNode, wide: boolean): string {
  switch (node.kind) {
    case 'character':
    case 'assertion':
      return (wide ? node.wide : undefined) ?? node.source;
    case 'group':
      return `(${node.capturing ? (node.name === null ? '' : `?<${node.name}>`) : '?:'}${regexSource(node.body, wide)})`;
    case 'sequence':
      return node.items.map((item) => regexSource(item, wide)).join('');
    case 'choice':
      return node.branches.map((branch) => regexSource(branch, wide)).join('|');
    case 'repeat':
      return `${node.body.kind === 'repeat' || node.body.kind === 'sequence' ? `(?:${regexSource(node.body, wide)})` : regexSource(node.body, wide)}${quantifier(node)}`;
  }
}
