import { argumentsOf, childOf, type KqlNode } from '../ast.ts';
import { calledName } from '../prepare/nodes.ts';

const CALLS: Readonly<Record<string, number>> = {
  extract: 0,
  extract_all: 0,
  replace_regex: 1,
  countof: 1,
  has_any_regex: 1,
};

/** The literal that a node takes for a regular expression; null where it takes none, or one that is made as it runs. */
export function regexLiteral(node: KqlNode): KqlNode | null {
  const found = node.kind === 'MatchesRegexExpression' ? childOf(node, 'Right') : patternOf(node);
  return found?.kind === 'StringLiteralExpression' ? found : null;
}

function patternOf(call: KqlNode): KqlNode | null {
  const name = calledName(call);
  const index = Object.hasOwn(CALLS, name) && call.reference?.builtIn ? CALLS[name] : undefined;
  if (index === undefined) return null;
  const given = argumentsOf(call);
  if (name === 'countof' && given[2]?.value?.toLowerCase() !== 'regex') return null;
  return given[index] ?? null;
}
