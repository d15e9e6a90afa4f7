import { HuntwireError } from '../../lib/errors.ts';
import type { KqlNode } from '../ast.ts';
import { createSymbols, plainReference, plainType, type Symbols } from './convert-symbols.ts';
import { type Foreign, type ForeignSyntax, foreignText } from './foreign.ts';
import { kindNames } from './kind-names.ts';
import { type PartKind, partKindOf } from './part-kinds.ts';

/** One conversion a tree. */
export interface Conversion {
  readonly symbols: Symbols;
  readonly kinds: ReadonlyMap<number, string>;
  /** The kind of an item of a list together with what separates it from the next. */
  readonly separated: number | undefined;
  /** Function bodies that are being converted: a body that calls itself is cut. */
  readonly openBodies: Set<unknown>;
  /** How many nodes may still be made: functions that call functions twice multiply their bodies. */
  nodesLeft: number;
  /** Where in its text the next part begins, white space included. */
  at: number;
  /** Where the first token of the part that is being converted stands that is not empty; -1: there was none. */
  textAt: number;
  /** Whether the binder has noted something on a part that it may have complaints of. */
  isNoted: boolean;
}

/** The densest query that fits the length limit of preparation has half as many. */
const MAX_NODES = 500_000;

export function createConversion(language: Foreign): Conversion {
  const kinds = kindNames(language, 'Syntax', 'SyntaxKind');
  return {
    symbols: createSymbols(language),
    kinds,
    separated: separatedKind(kinds),
    openBodies: new Set(),
    nodesLeft: MAX_NODES,
    at: 0,
    textAt: -1,
    isNoted: false,
  };
}

const separatedKinds = new WeakMap<ReadonlyMap<number, string>, number | undefined>();

function separatedKind(kinds: ReadonlyMap<number, string>): number | undefined {
  if (!separatedKinds.has(kinds))
    separatedKinds.set(kinds, [...kinds].find(([, name]) => name === 'SeparatedElement')?.[0]);
  return separatedKinds.get(kinds);
}

export function tooLarge(reason: string, cause?: unknown): HuntwireError {
  return new HuntwireError('KQL_BUDGET', `The query cannot be analyzed: ${reason}. Split or shorten it.`, { cause });
}

/**
 * A part and all below it. Where each stands follows from how wide those before it are: the parser would look for the first token of
 * every part.
 */
export function convertNode(conversion: Conversion, syntax: ForeignSyntax, role: string): KqlNode {
  conversion.nodesLeft -= 1;
  if (conversion.nodesLeft < 0) throw tooLarge('it expands to too many parts');
  const own = partKindOf(syntax);
  const kind = conversion.kinds.get(Number(own.kind.call(syntax))) ?? 'Unknown';
  if (own.isToken) return convertToken(conversion, syntax, own, { kind, role });
  const { type: result, reference, calls } = notedOn(conversion, syntax, own);
  const begin = conversion.at;
  const textAtBefore = conversion.textAt;
  conversion.textAt = -1;
  const children = convertChildren(conversion, syntax, own);
  const start = conversion.textAt < 0 ? begin : conversion.textAt;
  if (textAtBefore >= 0) conversion.textAt = textAtBefore;
  return Object.freeze({
    kind,
    role,
    start,
    end: conversion.at,
    text: '',
    value: own.isLiteral ? literalOf(syntax) : null,
    children: Object.freeze(children),
    type: result?.name ?? null,
    columns: result?.columns ?? null,
    reference,
    body: calls && reference?.kind === 'function' && !reference.builtIn ? convertBody(conversion, syntax) : null,
  });
}

/** The binder notes nothing on tokens. */
function convertToken(
  conversion: Conversion,
  token: ForeignSyntax,
  own: PartKind,
  { kind, role }: Pick<KqlNode, 'kind' | 'role'>,
): KqlNode {
  const text = foreignText(own.text.call(token));
  const start = conversion.at + foreignText(own.trivia.call(token)).length;
  const end = start + text.length;
  if (end > conversion.at && conversion.textAt < 0) conversion.textAt = start;
  conversion.at = end;
  return Object.freeze({
    kind,
    role,
    start,
    end,
    text,
    value: own.isLiteral ? literalOf(token) : null,
    children: NO_CHILDREN,
    type: null,
    columns: null,
    reference: null,
    body: null,
  });
}

const NO_CHILDREN: readonly KqlNode[] = Object.freeze([]);

function convertChildren(conversion: Conversion, syntax: ForeignSyntax, own: PartKind): KqlNode[] {
  const children: KqlNode[] = [];
  const count = Number(own.childCount.call(syntax));
  for (let index = 0; index < count; index += 1) {
    const child = own.child.call(syntax, index) as ForeignSyntax | null | undefined;
    if (!child) continue;
    const role = foreignText(own.childName.call(syntax, index));
    const ofChild = partKindOf(child);
    if (ofChild.kind.call(child) === conversion.separated) convertItem(conversion, child, ofChild, { role, children });
    else children.push(convertNode(conversion, child, role));
  }
  return children;
}

/** An item of a list; what separates it from the next is left out, and has a width. */
function convertItem(
  conversion: Conversion,
  separated: ForeignSyntax,
  own: PartKind,
  { role, children }: { readonly role: string; readonly children: KqlNode[] },
): void {
  const item = own.child.call(separated, 0) as ForeignSyntax | null | undefined;
  if (item) children.push(convertNode(conversion, item, role));
  const separator = own.child.call(separated, 1) as ForeignSyntax | null | undefined;
  if (!separator) return;
  const asked = partKindOf(separator);
  const end = conversion.at + Number(asked.fullWidth.call(separator));
  if (end > conversion.at && conversion.textAt < 0)
    conversion.textAt = conversion.at + foreignText(asked.trivia.call(separator)).length;
  conversion.at = end;
}

interface Noted {
  readonly type: ReturnType<typeof plainType> | null;
  readonly reference: KqlNode['reference'];
  /** Whether it calls a function whose body was bound. */
  readonly calls: boolean;
}

const NOTHING: Noted = { type: null, reference: null, calls: false };

function notedOn(conversion: Conversion, syntax: ForeignSyntax, own: PartKind): Noted {
  const { extendedData } = syntax;
  if (extendedData === null) return NOTHING;
  const noted = extendedData?.SemanticInfo;
  if (!noted || noted.Alternates || !isEmpty(noted.Diagnostics)) conversion.isNoted = true;
  const symbol = syntax.ReferencedSymbol ?? null;
  const reference = symbol && plainReference(conversion.symbols, symbol);
  const type = own.isExpression ? (syntax.ResultType ?? null) : null;
  return {
    type: type && plainType(conversion.symbols, type),
    reference,
    calls: noted?.CalledFunctionInfo !== null,
  };
}

/** An array, or a list of the parser. */
function isEmpty(list: { readonly length?: unknown; readonly Count?: unknown } | null): boolean {
  return list !== null && (list.length === 0 || list.Count === 0);
}

function convertBody(conversion: Conversion, syntax: ForeignSyntax): KqlNode | null {
  const body = syntax.GetCalledFunctionBody?.();
  if (!body || conversion.openBodies.has(body)) return null;
  const { at, textAt } = conversion;
  conversion.openBodies.add(body);
  conversion.at = 0;
  conversion.textAt = -1;
  const converted = convertNode(conversion, body, 'Body');
  conversion.openBodies.delete(body);
  conversion.at = at;
  conversion.textAt = textAt;
  return converted;
}

function literalOf(syntax: ForeignSyntax): string | null {
  const text = syntax.Token ? syntax.Token.ValueText : syntax.LiteralValueInfo?.ValueText;
  return typeof text === 'string' ? text : null;
}
