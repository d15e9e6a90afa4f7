import { parseSync } from '@swc/core';

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression', 'ClassMethod']);
/** What wraps an expression for the compiler only. */
const TRANSPARENT = new Set(['TsAsExpression', 'TsSatisfiesExpression', 'TsNonNullExpression', 'TsConstAssertion']);

/** A parsed file: `bytes` and the tree, whose spans become offsets into `bytes` by `start` and `end`. */
export function parseFile(text) {
  // Spans count bytes from where an earlier file of this process may have ended: the empty statement in front says where.
  const module = parseSync(`;${text}`, { syntax: 'typescript', target: 'es2022' });
  const [mark, ...body] = module.body;
  const base = mark.span.end;
  return {
    bytes: Buffer.from(text),
    body,
    start: (node) => node.span.start - base,
    end: (node) => node.span.end - base,
  };
}

export function sourceOf(tree, node) {
  return tree.bytes.toString('utf8', tree.start(node), tree.end(node));
}

export function isFunction(node) {
  return FUNCTIONS.has(node.type);
}

/** The nodes directly below one, types left out, each with the name of its place. */
export function childrenOf(node) {
  if (TRANSPARENT.has(node.type)) return [{ name: 'expression', child: node.expression }];
  return Object.entries(node).flatMap(([name, value]) => nodesIn(value).map((child) => ({ name, child })));
}

/** Some lists hold their nodes in wrappers without a type: `{spread, expression}` of arguments, `{key, value}` of properties. */
function nodesIn(value) {
  if (Array.isArray(value)) return value.flatMap(nodesIn);
  if (value === null || typeof value !== 'object') return [];
  if (typeof value.type !== 'string') return Object.values(value).flatMap(nodesIn);
  return value.type.startsWith('Ts') && !TRANSPARENT.has(value.type) ? [] : [value];
}
