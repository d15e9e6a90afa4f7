import { argumentsOf, type KqlNode, walk } from '../ast.ts';
import type { TimeCall } from '../prepared.ts';
import { constantOf } from './constant.ts';
import { createEnvironment, declare, type Environment } from './environment.ts';
import { isTimeCall } from './reach.ts';

/**
 * Every `now()`, `now(x)` and `ago(x)` of the language in the query text, also in function bodies, where arguments are not known
 * and therefore not constant.
 */
export function findTimeCalls(root: KqlNode, params: Environment['params']): readonly TimeCall[] {
  const environment = declaredNames(root, params);
  const calls: TimeCall[] = [];
  for (const node of walk(root)) if (isTimeCall(node)) calls.push(timeCall(node, environment));
  return calls;
}

/** All variables of the text in one scope: ids keep those of different functions apart. Parameters of functions hide params. */
function declaredNames(root: KqlNode, params: Environment['params']): Environment {
  const environment = createEnvironment(withoutFunctionParameters(root, params));
  for (const node of walk(root)) declare(node, environment);
  return environment;
}

function withoutFunctionParameters(root: KqlNode, params: Environment['params']): Environment['params'] {
  const hidden = new Set<string>();
  for (const node of walk(root)) {
    if (node.kind === 'NameDeclaration' && node.reference?.kind === 'parameter') hidden.add(node.reference.name);
  }
  return Object.fromEntries(Object.entries(params).filter(([name]) => !hidden.has(name)));
}

function timeCall(node: KqlNode, environment: Environment): TimeCall {
  const constant = constantOf(node, environment);
  const argument = argumentsOf(node)[0];
  return Object.freeze({
    start: node.start,
    end: node.end,
    offsetMs: constant?.kind === 'instant' ? constant.offsetMs : null,
    sign: node.reference?.name === 'ago' ? '-' : '+',
    argumentStart: argument?.start ?? node.end,
    argumentEnd: argument?.end ?? node.end,
  });
}
