import { argumentsOf, childOf, type KqlDiagnostic, type KqlNode, walk } from '../ast.ts';

const WRONG_SIZE = 'KS119';

/** Calls of which the parser knows fewer sizes than their pages: the least and the most arguments. */
const SIZES: ReadonlyMap<string, readonly [least: number, most: number]> = new Map([
  ['bag_unpack', [1, 4]],
  ['format_ipv4_mask', [1, 2]],
]);

/** What is left of the parser's complaints where a call has as many arguments as its page allows. */
export function withoutDocumentedSizes(diagnostics: readonly KqlDiagnostic[], root: KqlNode): readonly KqlDiagnostic[] {
  if (!diagnostics.some(({ code }) => code === WRONG_SIZE)) return diagnostics;
  const places = new Set([...walk(root)].flatMap(documentedPlace));
  return Object.freeze(
    diagnostics.filter(({ code, start, end }) => code !== WRONG_SIZE || !places.has(`${start}:${end}`)),
  );
}

/** The place of a call's name, under which the parser complains of its size. */
function documentedPlace(node: KqlNode): string[] {
  const name = node.kind === 'FunctionCallExpression' ? childOf(node, 'Name') : null;
  const [least, most] = SIZES.get(node.reference?.name ?? '') ?? [1, 0];
  const size = argumentsOf(node).length;
  return name && size >= least && size <= most ? [`${name.start}:${name.end}`] : [];
}
