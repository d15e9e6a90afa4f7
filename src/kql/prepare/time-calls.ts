import { argumentsOf, childOf, type KqlNode, walk } from '../ast.ts';
import type { Edit } from '../edits.ts';
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

/** Whether any of the calls is of use once `edits` are made: not in what they replace, nor in a `let` that only that named. */
export function asksForTime(root: KqlNode, calls: readonly TimeCall[], edits: readonly Edit[]): boolean {
  const idle = [...edits, ...idleLets(root, edits)];
  return calls.some((call) => !isWithin(call, idle));
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function isWithin(one: Span, spans: readonly Span[]): boolean {
  return spans.some((span) => one.start >= span.start && one.end <= span.end);
}

/** Statements whose name stands nowhere else, but in what is replaced or in others like them. */
function idleLets(root: KqlNode, edits: readonly Edit[]): readonly Span[] {
  const lets = [...walk(root)].filter((node) => node.kind === 'LetStatement');
  const named = [...walk(root)].filter((node) => node.kind === 'NameReference');
  let idle: readonly Span[] = [];
  for (let before = -1; before < idle.length; ) {
    before = idle.length;
    const used = new Set(
      named.filter((node) => !isWithin(node, [...edits, ...idle])).map((node) => node.reference?.id),
    );
    idle = lets.filter((node) => !used.has(childOf(node, 'Name')?.reference?.id));
  }
  return idle;
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
