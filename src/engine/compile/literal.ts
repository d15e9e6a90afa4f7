import type { KqlNode } from '../../kql/ast.ts';
import { itemsOf } from '../../kql/ast.ts';
import { wellFormed } from '../../lib/text.ts';
import { queryFailed, unsupported } from '../problem.ts';
import type { Value } from '../value.ts';
import { parseDatetime, textOfDatetime } from '../values/datetime.ts';
import type { Integer } from '../values/integer.ts';
import { isWholeReal } from '../values/real.ts';
import { convertValue } from './calls/library.ts';
import { constantExpression, type Expression } from './expression.ts';
import { nameOf, required } from './nodes.ts';

const LITERAL_TYPES: Readonly<Record<string, string>> = {
  LongLiteralExpression: 'long',
  IntLiteralExpression: 'int',
  RealLiteralExpression: 'real',
  DecimalLiteralExpression: 'decimal',
  StringLiteralExpression: 'string',
  CompoundStringLiteralExpression: 'string',
  BooleanLiteralExpression: 'bool',
  DateTimeLiteralExpression: 'datetime',
  TimespanLiteralExpression: 'timespan',
  GuidLiteralExpression: 'guid',
};

export function isLiteral(node: KqlNode): boolean {
  return node.kind in LITERAL_TYPES || node.kind === 'DynamicExpression' || node.kind === 'NullLiteralExpression';
}

/** `now` is the day of a `datetime(8:30)` without one. */
export function compileLiteral(node: KqlNode, now: Integer): Expression {
  if (node.kind === 'DynamicExpression') {
    return constantExpression('dynamic', dynamicValue(required(node, 'Expression')));
  }
  const type = LITERAL_TYPES[node.kind];
  if (!type) return constantExpression('dynamic', null);
  return constantExpression(
    type,
    type === 'datetime' ? (timeOfDay(node, now) ?? literalValue(node, type)) : literalValue(node, type),
  );
}

const TIME_OF_DAY = /^\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,7})?)?$/;

/** A time without a day is one of today: so a page of the documentation prints it. */
function timeOfDay(node: KqlNode, now: Integer): Value {
  const text = node.value ?? '';
  return TIME_OF_DAY.test(text) ? parseDatetime(`${textOfDatetime(now).slice(0, 10)} ${text}`) : null;
}

function literalValue(node: KqlNode, type: string): Value {
  const text = node.value ?? '';
  if (type === 'string') return wellFormed(text);
  if (text.toLowerCase() === 'null') return null;
  if (type === 'real') return realLiteral(text);
  if ((type === 'long' || type === 'int') && /^[+-]?0x/i.test(text)) {
    return convertValue('string', 'long', text);
  }
  const value = convertValue('string', type, timespanText(type, text));
  if (value === null && type !== 'datetime') throw queryFailed(`'${text}' is not a valid ${type} literal.`, node);
  return value;
}

/** `time(3)` means three days, `3` alone in a literal does too. */
function timespanText(type: string, text: string): string {
  return type === 'timespan' && /^-?\d+$/.test(text) ? `${text}.00:00:00` : text;
}

function realLiteral(text: string): number {
  const word = text.toLowerCase();
  if (word === 'nan') return Number.NaN;
  if (word === '+inf' || word === 'inf') return Number.POSITIVE_INFINITY;
  if (word === '-inf') return Number.NEGATIVE_INFINITY;
  return Number(text);
}

/** A literal inside dynamic(...): JSON plus datetime, timespan and guid literals. */
function dynamicValue(node: KqlNode): Value {
  switch (node.kind) {
    case 'JsonArrayExpression':
      return itemsOf(node, 'Values').map((item) => dynamicValue(item));
    case 'JsonObjectExpression':
      return new Map(itemsOf(node, 'Pairs').map((pair) => jsonPair(pair)));
    case 'NullLiteralExpression':
      return null;
    case 'UnaryMinusExpression':
      return negated(dynamicValue(required(node, 'Expression')));
    case 'DynamicExpression':
      return dynamicValue(required(node, 'Expression'));
    default:
      return dynamicScalar(node);
  }
}

function jsonPair(pair: KqlNode): [string, Value] {
  const name = required(pair, 'Name');
  return [name.value ?? unquoted(nameOf(name)), dynamicValue(required(pair, 'Value'))];
}

/** A bag's key is a bare token: its quotes and escapes are still on. */
function unquoted(token: string): string {
  if (token.startsWith('"') && token.endsWith('"') && token.length > 1) {
    try {
      return String(JSON.parse(token));
    } catch {
      return token.slice(1, -1);
    }
  }
  return token.startsWith("'") && token.endsWith("'") && token.length > 1 ? token.slice(1, -1) : token;
}

function negated(value: Value): Value {
  if (isWholeReal(value)) return { real: -value.real };
  return typeof value === 'number' || typeof value === 'bigint' ? -value : value;
}

function dynamicScalar(node: KqlNode): Value {
  const type = LITERAL_TYPES[node.kind];
  if (!type) throw unsupported('this dynamic literal', node);
  const value = literalValue(node, type);
  if (type !== 'datetime' && type !== 'guid' && type !== 'real') return value;
  return convertValue(type, 'dynamic', value);
}
