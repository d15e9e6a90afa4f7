/** A part of a JSON Schema, as far as an editor asks for it. */
export interface SchemaNode {
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | SchemaNode;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  readonly allOf?: readonly SchemaNode[];
  readonly if?: SchemaNode;
  readonly then?: SchemaNode;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, SchemaNode>>;
}

const DEEPEST = 8;

/** All that a schema says of the value at a path, of several forms each. */
export function schemasAt(root: SchemaNode, path: readonly (string | number)[]): readonly SchemaNode[] {
  let found = formsOf(root, root, 0);
  for (const step of path)
    found = found.flatMap((node) => childrenOf(node, step).flatMap((child) => formsOf(root, child, 0)));
  return found;
}

function childrenOf(node: SchemaNode, step: string | number): readonly SchemaNode[] {
  if (typeof step === 'number') return node.items ? [node.items] : [];
  const { properties, additionalProperties } = node;
  const own = properties && Object.hasOwn(properties, step) ? properties[step] : undefined;
  if (own) return [own];
  return typeof additionalProperties === 'object' ? [additionalProperties] : [];
}

/** The node itself, what it refers to, and its alternatives. */
function formsOf(root: SchemaNode, node: SchemaNode, depth: number): readonly SchemaNode[] {
  if (depth > DEEPEST) return [];
  const { $ref, anyOf = [], oneOf = [], allOf = [], then } = node;
  const referred = $ref?.startsWith('#/$defs/') ? root.$defs?.[$ref.slice('#/$defs/'.length)] : undefined;
  const more = [...(referred ? [referred] : []), ...anyOf, ...oneOf, ...allOf, ...(then ? [then] : [])];
  return [node, ...more.flatMap((one) => formsOf(root, one, depth + 1))];
}

/** What may be written there: words of enumerations, and true and false. */
export function wordsOfSchema(nodes: readonly SchemaNode[]): readonly string[] {
  const words = nodes.flatMap(({ enum: some = [], const: one, type }) => [
    ...some,
    ...(one === undefined ? [] : [one]),
    ...(type === 'boolean' ? [true, false] : []),
  ]);
  return [...new Set(words.filter((word) => typeof word !== 'object').map(String))];
}

/** What a person has to know of a value: its description, and what it may be. */
export function describeSchema(nodes: readonly SchemaNode[]): string | null {
  const description = nodes.find((node) => node.description)?.description;
  const words = wordsOfSchema(nodes);
  const fallback = nodes.find((node) => node.default !== undefined)?.default;
  const parts = [
    description,
    words.length > 0 && words.length <= 20 ? `One of: ${words.join(', ')}.` : undefined,
    fallback === undefined || typeof fallback === 'object' ? undefined : `Default: ${String(fallback)}.`,
  ].filter((part) => part !== undefined && part !== '');
  return parts.length === 0 ? null : parts.join('\n\n');
}
