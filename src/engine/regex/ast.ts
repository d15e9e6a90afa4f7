/** A pattern taken apart. Leaves carry the JavaScript source that matches what RE2 means by them. */
export type RegexNode =
  | { readonly kind: 'character'; readonly source: string }
  | { readonly kind: 'assertion'; readonly source: string }
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
}

function quantifier({ minimum, maximum, lazy }: RepeatNode): string {
  const end = lazy ? '?' : '';
  if (minimum === 0 && maximum === 1) return `?${end}`;
  if (maximum === Number.POSITIVE_INFINITY)
    return minimum < 2 ? `${minimum === 0 ? '*' : '+'}${end}` : `{${minimum},}${end}`;
  return `{${minimum},${maximum}}${end}`;
}

/** The tree as source of a JavaScript expression for the `u` flag. */
export function regexSource(node: RegexNode): string {
  switch (node.kind) {
    case 'character':
    case 'assertion':
      return node.source;
    case 'group':
      return `(${node.capturing ? (node.name === null ? '' : `?<${node.name}>`) : '?:'}${regexSource(node.body)})`;
    case 'sequence':
      return node.items.map(regexSource).join('');
    case 'choice':
      return node.branches.map(regexSource).join('|');
    case 'repeat':
      return `${node.body.kind === 'repeat' || node.body.kind === 'sequence' ? `(?:${regexSource(node.body)})` : regexSource(node.body)}${quantifier(node)}`;
  }
}
