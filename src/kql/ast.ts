/**
 * The bound syntax tree as frozen plain data: what Microsoft's parser and binder know about a query, free of their objects.
 * Offsets are 0-based UTF-16 positions in the query text, without leading white space.
 */
export interface KqlNode {
  /** SyntaxKind name of the parser, for example `FilterOperator`, `InCsExpression`, `BarToken`. Beware: `InCsExpression` is `in~`. */
  readonly kind: string;
  /** The role in the parent, for example `Condition`, `Left`, `ByClause`; empty for list items. */
  readonly role: string;
  readonly start: number;
  readonly end: number;
  /** Source text of a token; empty for other nodes. */
  readonly text: string;
  /** Literals only: the value as text, quotes and escapes resolved. */
  readonly value: string | null;
  /** All children in source order. Lists hold their items directly, separators are dropped. */
  readonly children: readonly KqlNode[];
  /** Scalar result type (`string`, `long`, … `unknown`), `tuple`, or null where the node has none or is tabular. */
  readonly type: string | null;
  /** Result columns where the node is tabular. */
  readonly columns: readonly KqlColumn[] | null;
  readonly reference: KqlReference | null;
  /** The body of a called let or stored function, bound for this call; offsets in it count from where its text begins. */
  readonly body: KqlNode | null;
}

/** A column as the binder sees it. Equal ids mean the very same column, passed through unchanged. */
export interface KqlColumn {
  readonly name: string;
  readonly type: string;
  readonly id: number;
}

export type KqlReferenceKind =
  | 'column'
  | 'table'
  | 'function'
  | 'variable'
  | 'parameter'
  | 'operator'
  | 'database'
  | 'cluster'
  | 'plugin'
  | 'type'
  | 'other';

/** What a name or call refers to. Equal ids within one tree mean the same declaration. */
export interface KqlReference {
  readonly kind: KqlReferenceKind;
  readonly name: string;
  readonly id: number;
  /** Whether the name is the language's own (function, aggregate, operator) and not declared by query or database. */
  readonly builtIn: boolean;
}

export type KqlSeverity = 'error' | 'warning' | 'info';

export interface KqlDiagnostic {
  /** The parser's code, for example KS142. */
  readonly code: string;
  readonly severity: KqlSeverity;
  readonly start: number;
  readonly end: number;
  readonly message: string;
  /** Whether the text is malformed (true) or a name or type does not fit the known schema (false). */
  readonly syntax: boolean;
}

export interface KqlTree {
  readonly text: string;
  readonly root: KqlNode;
  readonly diagnostics: readonly KqlDiagnostic[];
  /** The result's columns, or null where the query gives no table or they depend on data. */
  readonly columns: readonly KqlColumn[] | null;
  /** Whether the result may have more columns than those, because a source has columns that are not known. */
  readonly open: boolean;
}

/** The first child in the given role. */
export function childOf(node: KqlNode, role: string): KqlNode | null {
  for (const child of node.children) if (child.role === role) return child;
  return null;
}

/** Every node below and including `node`, parents first, in source order; called function bodies are not entered. */
export function walk(node: KqlNode): Iterable<KqlNode> {
  return node.kind === 'QueryBlock' ? nodesOf(node) : nodesBelow(node);
}

/** The nodes of whole trees, which are walked a dozen times. */
const wholeTrees = new WeakMap<KqlNode, readonly KqlNode[]>();

function nodesOf(root: KqlNode): readonly KqlNode[] {
  const known = wholeTrees.get(root);
  if (known) return known;
  const nodes = nodesBelow(root);
  wholeTrees.set(root, nodes);
  return nodes;
}

function nodesBelow(node: KqlNode): readonly KqlNode[] {
  const found: KqlNode[] = [];
  const open = [node];
  for (let next = open.pop(); next; next = open.pop()) {
    found.push(next);
    for (let index = next.children.length - 1; index >= 0; index -= 1) {
      const child = next.children[index];
      if (child) open.push(child);
    }
  }
  return found;
}

/** The items of a list that stands in a role; none where there is no such child. */
export function itemsOf(node: KqlNode, role: string): readonly KqlNode[] {
  return childOf(node, role)?.children ?? [];
}

/** The arguments of a call in the order they are written. */
export function argumentsOf(call: KqlNode): readonly KqlNode[] {
  const list = childOf(call, 'ArgumentList');
  return list ? itemsOf(list, 'Expressions') : [];
}
