import { argumentsOf, childOf, itemsOf, type KqlNode } from '../ast.ts';
import type { ParamValue } from '../prepared.ts';
import { callConstant } from './call-constant.ts';
import type { Constant } from './constant-kinds.ts';
import { type Environment, remember, resolve } from './environment.ts';
import { calledName, innermost } from './nodes.ts';
import { parseTimespanMs } from './timespan.ts';

/** The value of an expression where it is constant, also through `let`, params and arguments; else null. */
export function constantOf(node: KqlNode, environment: Environment): Constant | null {
  return remember(environment, 'constant', node, () => findConstant(innermost(node), environment));
}

const NUMBERS = ['LongLiteralExpression', 'IntLiteralExpression', 'RealLiteralExpression', 'DecimalLiteralExpression'];

function findConstant(node: KqlNode, environment: Environment): Constant | null {
  if (node.kind === 'TimespanLiteralExpression') return span(parseTimespanMs(node.value ?? ''));
  if (NUMBERS.includes(node.kind)) return number(Number(node.value ?? Number.NaN));
  if (node.kind.endsWith('StringLiteralExpression')) return { kind: 'text', value: node.value ?? '' };
  if (node.kind === 'NameReference') return namedConstant(node, environment);
  if (node.kind === 'UnaryMinusExpression') return negated(node, environment);
  if (node.kind === 'UnaryPlusExpression') return operand(node, 'Expression', environment);
  if (node.kind === 'FunctionCallExpression' && node.reference?.builtIn) {
    const values = argumentsOf(node).map((argument) => constantOf(argument, environment));
    return callConstant(calledName(node), values);
  }
  return node.kind === 'ToScalarExpression' ? printed(node, environment) : arithmetic(node, environment);
}

/** `toscalar(print ago(1d))` gives its one value. */
function printed(node: KqlNode, environment: Environment): Constant | null {
  const rows = childOf(node, 'Expression');
  const [item, ...others] = rows?.kind === 'PrintOperator' ? itemsOf(rows, 'Expressions') : [];
  if (!item || others.length > 0) return null;
  return constantOf(childOf(item, 'Expression') ?? item, environment);
}

function operand(node: KqlNode, role: string, environment: Environment): Constant | null {
  const child = childOf(node, role);
  return child ? constantOf(child, environment) : null;
}

function namedConstant(node: KqlNode, environment: Environment): Constant | null {
  const bound = resolve(node, environment);
  if (bound) return constantOf(bound.node, bound.environment);
  const name = node.reference?.kind === 'parameter' ? node.reference.name : '';
  return name !== '' && Object.hasOwn(environment.params, name) ? ofParam(environment.params[name]) : null;
}

function ofParam(value: ParamValue | undefined): Constant | null {
  if (typeof value === 'number' || typeof value === 'bigint') return number(Number(value));
  return typeof value === 'string' ? { kind: 'text', value } : null;
}

function negated(node: KqlNode, environment: Environment): Constant | null {
  const value = operand(node, 'Expression', environment);
  if (value?.kind === 'number') return number(-value.value);
  return value?.kind === 'span' ? span(-value.ms) : null;
}

function arithmetic(node: KqlNode, environment: Environment): Constant | null {
  if (!/^(Add|Subtract|Multiply|Divide)Expression$/.test(node.kind)) return null;
  const left = operand(node, 'Left', environment);
  const right = operand(node, 'Right', environment);
  if (!left || !right) return null;
  if (node.kind === 'AddExpression') return sum(left, right, 1);
  if (node.kind === 'SubtractExpression') return sum(left, right, -1);
  return node.kind === 'MultiplyExpression' ? product(left, right) : quotient(left, right);
}

function sum(left: Constant, right: Constant, sign: 1 | -1): Constant | null {
  if (left.kind === 'number' && right.kind === 'number') return number(left.value + sign * right.value);
  if (left.kind === 'span' && right.kind === 'span') return span(left.ms + sign * right.ms);
  if (left.kind === 'instant' && right.kind === 'span') return instant(left.offsetMs + sign * right.ms, left.exact);
  return left.kind === 'span' && right.kind === 'instant' && sign === 1
    ? instant(left.ms + right.offsetMs, right.exact)
    : null;
}

function product(left: Constant, right: Constant): Constant | null {
  if (left.kind === 'number' && right.kind === 'number') return number(left.value * right.value);
  if (left.kind === 'span' && right.kind === 'number') return span(left.ms * right.value);
  return left.kind === 'number' && right.kind === 'span' ? span(left.value * right.ms) : null;
}

/** Whole numbers divide to whole numbers in the language, so only spans are divided here. */
function quotient(left: Constant, right: Constant): Constant | null {
  return left.kind === 'span' && right.kind === 'number' ? span(left.ms / right.value) : null;
}

function span(ms: number | null): Constant | null {
  return ms !== null && Number.isFinite(ms) ? { kind: 'span', ms } : null;
}

function number(value: number): Constant | null {
  return Number.isFinite(value) ? { kind: 'number', value } : null;
}

function instant(offsetMs: number, exact: boolean): Constant | null {
  return Number.isFinite(offsetMs) ? { kind: 'instant', offsetMs, exact } : null;
}
