import type { KqlNode } from '../ast.ts';
import { argumentsOf, childOf, itemsOf } from '../ast.ts';
import type { ParamValue } from '../prepared.ts';
import { nameText } from './nodes.ts';

/** An expression together with the names that were in scope where it was written. */
export interface Closure {
  readonly node: KqlNode;
  readonly environment: Environment;
}

/**
 * The names in scope. Called function bodies are trees of their own whose offsets start at the body: `shift` added to an offset
 * gives the place in the query.
 */
export interface Environment {
  readonly shift: number;
  readonly parent: Environment | null;
  /** Variables by the id of their declaration. */
  readonly variables: Map<number, Closure>;
  /** Parameters of the called function, or of the query, by name. */
  readonly parameters: Map<string, Closure>;
  /** Declared functions by the id of their declaration. */
  readonly functions: Map<number, FunctionSource>;
  readonly params: Readonly<Record<string, ParamValue>>;
  /** Answers already found for nodes of this scope, by question. */
  readonly answers: Map<string, Map<KqlNode, unknown>>;
}

/** A function declaration: its node, and where its body starts in the query. */
export interface FunctionSource {
  readonly declaration: KqlNode;
  readonly bodyStart: number;
}

export function createEnvironment(params: Readonly<Record<string, ParamValue>>): Environment {
  return {
    shift: 0,
    parent: null,
    variables: new Map(),
    parameters: new Map(),
    functions: new Map(),
    params,
    answers: new Map(),
  };
}

/** Enters a `let`, or parameters of the query, into scope; other statements declare nothing that a table can come from. */
export function declare(statement: KqlNode, environment: Environment): void {
  if (statement.kind === 'QueryParametersStatement') declareParameters(statement, environment);
  if (statement.kind !== 'LetStatement') return;
  const name = childOf(statement, 'Name');
  const value = childOf(statement, 'Expression');
  if (!name?.reference || !value) return;
  if (value.kind !== 'FunctionDeclaration') {
    environment.variables.set(name.reference.id, { node: value, environment });
    return;
  }
  const body = childOf(value, 'Body');
  if (body)
    environment.functions.set(name.reference.id, {
      declaration: value,
      bodyStart: body.start + environment.shift,
    });
}

/** `declare query_parameters(name: type = value)`: nobody gives others, so each is its default. */
function declareParameters(statement: KqlNode, environment: Environment): void {
  for (const parameter of itemsOf(statement, 'Parameters')) {
    const fallback = defaultOf(parameter);
    if (fallback) environment.parameters.set(parameterName(parameter), { node: fallback, environment });
  }
}

/** What a name stands for: a variable by its declaration, else a parameter of the called function. */
export function resolve(node: KqlNode, environment: Environment): Closure | null {
  const reference = node.reference;
  if (node.kind !== 'NameReference' || (reference?.kind !== 'variable' && reference?.kind !== 'parameter')) return null;
  for (let scope: Environment | null = environment; scope; scope = scope.parent) {
    const found = scope.variables.get(reference.id) ?? scope.parameters.get(reference.name);
    if (found) return found;
  }
  return null;
}

/**
 * The body of a called function with its own scope, or null where the call is of no declared function. `input` is the table that
 * `invoke` hands to the first parameter.
 */
export function enterCall(call: KqlNode, environment: Environment, input: Closure | null): Closure | null {
  if (!call.body || call.reference?.kind !== 'function') return null;
  return input
    ? openBody(call, call.body, environment, input)
    : remember(environment, 'call', call, () => openBody(call, call.body, environment, null));
}

function openBody(
  call: KqlNode,
  body: KqlNode | null,
  environment: Environment,
  input: Closure | null,
): Closure | null {
  if (!body || !call.reference) return null;
  const source = functionSource(call.reference.id, environment);
  if (!source) return null;
  const inner: Environment = {
    ...createEnvironment(environment.params),
    shift: source.bodyStart - body.start,
    parent: environment,
    parameters: parametersOf(source.declaration, call, environment, input),
  };
  for (const statement of itemsOf(body, 'Statements')) declare(statement, inner);
  return { node: body, environment: inner };
}

function functionSource(id: number, environment: Environment): FunctionSource | null {
  for (let scope: Environment | null = environment; scope; scope = scope.parent) {
    const found = scope.functions.get(id);
    if (found) return found;
  }
  return null;
}

function parametersOf(
  declaration: KqlNode,
  call: KqlNode,
  environment: Environment,
  input: Closure | null,
): Map<string, Closure> {
  const positional = argumentsOf(call).filter((one) => one.kind !== 'SimpleNamedExpression');
  const piped = call.role === 'Function' ? [input] : [];
  const given = [...piped, ...positional.map((node) => ({ node, environment }))];
  const found = new Map<string, Closure>();
  for (const [index, parameter] of parameterNodes(declaration).entries()) {
    const name = parameterName(parameter);
    const named = argumentsOf(call).find(
      (one) => one.kind === 'SimpleNamedExpression' && nameText(childOf(one, 'Name')) === name,
    );
    const value = named ? childOf(named, 'Expression') : null;
    const fallback = defaultOf(parameter);
    const closure = value ? { node: value, environment } : (given[index] ?? asClosure(fallback, environment));
    if (name && closure) found.set(name, closure);
  }
  return found;
}

function defaultOf(parameter: KqlNode): KqlNode | null {
  const declared = childOf(parameter, 'DefaultValue');
  return declared ? childOf(declared, 'Value') : null;
}

function asClosure(node: KqlNode | null, environment: Environment): Closure | null {
  return node ? { node, environment } : null;
}

function parameterNodes(declaration: KqlNode): readonly KqlNode[] {
  const list = childOf(declaration, 'Parameters');
  return list ? itemsOf(list, 'Parameters') : [];
}

function parameterName(parameter: KqlNode): string {
  const pair = childOf(parameter, 'NameAndType');
  return nameText(pair ? childOf(pair, 'Name') : null);
}

/** Answers a question about a node once in each scope. */
export function remember<T>(environment: Environment, question: string, node: KqlNode, answer: () => T): T {
  const { answers } = environment;
  const known = answers.get(question) ?? new Map<KqlNode, unknown>();
  if (known.size === 0) answers.set(question, known);
  const found = known.get(node);
  if (found !== undefined || known.has(node)) return found as T;
  const value = answer();
  known.set(node, value);
  return value;
}
