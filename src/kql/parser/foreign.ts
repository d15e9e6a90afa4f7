/** The parser's objects are untyped for us: its own typings need 5 s of the compiler and fail strict checks. */
export type Foreign = { readonly [key: string]: Foreign } & ((...args: readonly unknown[]) => Foreign) &
  (new (
    ...args: readonly unknown[]
  ) => Foreign);

/** A property of one of the parser's objects. */
export function member(object: Foreign, name: string): Foreign {
  return (object as unknown as Record<string, Foreign>)[name] as Foreign;
}

/** Calls a method of one of the parser's objects. */
export function call(object: Foreign, name: string, ...args: readonly unknown[]): Foreign {
  return member(object, name).apply(object, args as never) as Foreign;
}

/** The parser's lists: plain arrays, or objects with Count and getItem. */
export function foreignList(list: unknown): readonly Foreign[] {
  if (Array.isArray(list)) return list as readonly Foreign[];
  if (!list) return [];
  const foreign = list as Foreign;
  const { Count: count, getItem: item } = foreign;
  const items: Foreign[] = [];
  for (let index = 0; index < Number(count ?? 0); index += 1) items.push(item?.call(foreign, index) as Foreign);
  return items;
}

/** A text, or the empty one for anything else. */
export function foreignText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A part of the parser's tree: of thousands in a query each is asked for these. */
export interface ForeignSyntax {
  readonly IsToken: boolean;
  readonly IsLiteral: boolean;
  readonly LiteralValueInfo: { readonly ValueText: unknown } | null | undefined;
  /** Of a literal that is one token. */
  readonly Token?: { readonly ValueText: unknown } | null;
  readonly Kind: number;
  readonly Text: unknown;
  readonly Trivia: unknown;
  readonly FullWidth: number;
  readonly ResultType: Foreign | null | undefined;
  readonly ReferencedSymbol: Foreign | null | undefined;
  readonly ChildCount: number;
  /** What parser and binder have noted on it; null: nothing. */
  readonly extendedData?: { readonly SemanticInfo: ForeignNotes | null } | null;
  readonly GetCalledFunctionBody?: () => ForeignSyntax | null | undefined;
  GetChild(index: number): ForeignSyntax | null | undefined;
  GetName(index: number): unknown;
}

/** What the binder notes on a part. */
export interface ForeignNotes {
  readonly Diagnostics: { readonly length?: unknown; readonly Count?: unknown } | null;
  readonly CalledFunctionInfo: unknown;
  /** Other readings of it. */
  readonly Alternates: unknown;
}
