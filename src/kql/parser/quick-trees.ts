import { type Foreign, member } from './foreign.ts';

/** A part of the parser's tree. */
interface Element {
  readonly ChildCount: number;
  readonly OffsetInParent: number;
  readonly Root: Element;
  _triviaStart: number;
  GetChild(index: number): Element | null | undefined;
}

type Visit = ((element: Element) => unknown) | null | undefined;
type Walk = (root: Element | null, before?: Visit, after?: Visit, descend?: Visit) => void;

/**
 * Puts quicker functions in the place of those with which the parser walks its trees and finds the columns of a table, a tenth of an
 * analysis. Each does what the one in whose place it stands does. Call it once, before the first analysis.
 */
export function quickenTrees(language: Foreign): void {
  const { SyntaxElement, SyntaxNode } = member(language, 'Syntax') as unknown as Record<string, Foreign | undefined>;
  const { TableSymbol } = member(language, 'Symbols') as unknown as Record<string, Foreign | undefined>;
  if (SyntaxElement && SyntaxNode) {
    quickenWalk(SyntaxElement, 'WalkElements', () => true);
    quickenWalk(SyntaxElement, 'WalkNodes', (element) => element instanceof SyntaxNode);
    quickenStarts(SyntaxElement);
  }
  if (TableSymbol) quickenColumns(TableSymbol);
}

/** Goes down by a stack of its own, and not from each element to its place in the one above. */
function quickenWalk(elements: Foreign, name: string, isWanted: (element: Element) => boolean): void {
  const walks = elements as unknown as Record<string, Walk | undefined>;
  const { [name]: walk } = walks;
  if (!walk) return;
  walks[name] = (root, before, after, descend) => {
    if (root === null || root === undefined) return walk(root, before, after, descend);
    const open: { readonly element: Element; readonly count: number; next: number }[] = [];
    const enter = (element: Element): void => {
      before?.(element);
      const count = element.ChildCount;
      if (count > 0 && (!descend || descend(element))) open.push({ element, count, next: 0 });
      else after?.(element);
    };
    enter(root);
    for (let top = open.at(-1); top; top = open.at(-1)) {
      if (top.next === top.count) {
        open.pop();
        after?.(top.element);
        continue;
      }
      const child = top.element.GetChild(top.next);
      top.next += 1;
      if (child && isWanted(child)) enter(child);
    }
  };
}

/** Where each element of a tree starts: as far behind the one above as the parser has noted. */
function quickenStarts(elements: Foreign): void {
  const kind = member(elements, 'prototype') as unknown as Record<string, unknown>;
  if (typeof kind.InitializeTriviaStarts !== 'function') return;
  kind.InitializeTriviaStarts = function (this: Element) {
    const root = this.Root;
    root._triviaStart = root.OffsetInParent | 0;
    const open = [root];
    for (let next = open.pop(); next; next = open.pop()) {
      const { ChildCount: count, _triviaStart: start } = next;
      for (let index = 0; index < count; index += 1) {
        const child = next.GetChild(index);
        if (!child) continue;
        child._triviaStart = (start + child.OffsetInParent) | 0;
        open.push(child);
      }
    }
  };
}

interface Column {
  readonly Name: string;
}

interface Table {
  readonly Columns: { readonly Count: number; getItem(index: number): Column };
  lazyColumnMap: ColumnMap | null;
}

interface ColumnMap {
  tryGetValue(name: string, found: { v: Column | null }): boolean;
}

/** Each step of a query makes a table, which makes a dictionary of its columns to look up the one or two that the next step names. */
function quickenColumns(table: Foreign): void {
  const kind = member(table, 'prototype');
  if (!Object.getOwnPropertyDescriptor(kind, 'ColumnMap')?.configurable) return;
  Object.defineProperty(kind, 'ColumnMap', {
    configurable: true,
    enumerable: true,
    get(this: Table) {
      this.lazyColumnMap ??= columnMap(this.Columns);
      return this.lazyColumnMap;
    },
  });
}

/** The first column of a name is it. */
function columnMap(columns: Table['Columns']): ColumnMap {
  const byName = new Map<string, Column>();
  for (let index = columns.Count - 1; index >= 0; index -= 1) {
    const column = columns.getItem(index);
    byName.set(column.Name, column);
  }
  return {
    tryGetValue: (name, found) => {
      const column = byName.get(name) ?? null;
      found.v = column;
      return column !== null;
    },
  };
}
