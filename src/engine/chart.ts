import { itemsOf, type KqlNode, type KqlTree, walk } from '../kql/ast.ts';

/** What `render` asks for: the kind of chart in lower case, and the columns it names. */
export interface KqlChart {
  readonly kind: string;
  readonly title: string | null;
  /** Null: not said. */
  readonly xColumn: string | null;
  /** None: not said. */
  readonly yColumns: readonly string[];
  readonly series: readonly string[];
}

/** The chart that the first result of a query asks for with `render`; null where it asks for none. */
export function chartOf(tree: KqlTree): KqlChart | null {
  const result = itemsOf(tree.root, 'Statements').find((statement) => statement.kind === 'ExpressionStatement');
  const render = result ? lastRender(result) : null;
  if (!render) return null;
  const [kind = ''] = render.children.filter(({ kind }) => kind !== 'RenderKeyword').map(wordOf);
  const settings = new Map(parametersOf(render));
  return {
    kind: kind.toLowerCase(),
    title: settings.get('title')?.[0] ?? null,
    xColumn: settings.get('xcolumn')?.[0] ?? null,
    yColumns: settings.get('ycolumns') ?? [],
    series: settings.get('series') ?? [],
  };
}

/** The operator at the end of the pipe, not one of an inner query. */
function lastRender(node: KqlNode): KqlNode | null {
  if (node.kind === 'RenderOperator') return node;
  const last = node.children.filter(({ kind }) => !kind.endsWith('Token')).at(-1);
  const passes = node.kind === 'PipeExpression' || node.kind === 'ExpressionStatement';
  return passes && last ? lastRender(last) : null;
}

function parametersOf(render: KqlNode): readonly (readonly [string, readonly string[]])[] {
  const parameters = [...walk(render)].filter(({ kind }) => kind === 'NamedParameter');
  return parameters.map(({ children }) => {
    const [name, ...rest] = children;
    const values = rest.flatMap((child) => [...walk(child)]).filter(isValue);
    return [name ? wordOf(name).toLowerCase() : '', values.map(({ value, text }) => value ?? text)];
  });
}

const VALUES: ReadonlySet<string> = new Set(['StringLiteralExpression', 'IdentifierToken', 'TokenLiteralExpression']);

function isValue({ kind }: KqlNode): boolean {
  return VALUES.has(kind);
}

function wordOf(node: KqlNode): string {
  return [...walk(node)].find(({ text }) => text !== '')?.text ?? '';
}
