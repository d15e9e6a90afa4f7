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
  const count = Number(member(foreign, 'Count') ?? 0);
  return Array.from({ length: count }, (_, index) => call(foreign, 'getItem', index));
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
  readonly Kind: number;
  readonly TextStart: number;
  readonly End: number;
  readonly Text: unknown;
  readonly ResultType: Foreign | null | undefined;
  readonly ReferencedSymbol: Foreign | null | undefined;
  readonly ChildCount: number;
  readonly GetCalledFunctionBody?: () => ForeignSyntax | null | undefined;
  GetChild(index: number): ForeignSyntax | null | undefined;
  GetName(index: number): unknown;
}
