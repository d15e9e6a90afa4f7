import { type Token, tokenize } from './kql-tokens.ts';
import type { Expression, ModelColumn, ModelRow, Reader, Value } from './kql-values.ts';

export function createReader(text: string): Reader {
  const tokens = tokenize(text);
  let at = 0;
  const peek = (): string => tokens[at]?.text ?? '';
  const next = (): Token => {
    const token = tokens[at];
    if (!token) throw new Error('the query ends too early');
    at += 1;
    return token;
  };
  const take = (word: string): boolean => {
    if (tokens[at]?.text !== word || tokens[at]?.kind === 'text') return false;
    at += 1;
    return true;
  };
  return {
    peek,
    take,
    next,
    expect: (word) => {
      if (!take(word)) throw new Error(`the service expects ${word} before ${peek()}`);
    },
    name: () => {
      const token = next();
      if (token.kind !== 'name') throw new Error(`the service expects a name in the place of ${token.text}`);
      return token.text;
    },
    ended: () => at >= tokens.length,
  };
}

/** Reads one expression over rows with these columns. */
export function readExpression(reader: Reader, columns: readonly ModelColumn[]): Expression {
  let left = readAnd(reader, columns);
  while (reader.take('or')) {
    const [a, b] = [left, readAnd(reader, columns)];
    left = { type: 'bool', evaluate: (row) => a.evaluate(row) === true || b.evaluate(row) === true };
  }
  return left;
}

function readAnd(reader: Reader, columns: readonly ModelColumn[]): Expression {
  let left = readComparison(reader, columns);
  while (reader.take('and')) {
    const [a, b] = [left, readComparison(reader, columns)];
    left = { type: 'bool', evaluate: (row) => a.evaluate(row) === true && b.evaluate(row) === true };
  }
  return left;
}

const COMPARE: Readonly<Record<string, (a: Value, b: Value) => boolean>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '=~': (a, b) => String(a).toLowerCase() === String(b).toLowerCase(),
  '>': (a, b) => a !== null && b !== null && a > b,
  '>=': (a, b) => a !== null && b !== null && a >= b,
  '<': (a, b) => a !== null && b !== null && a < b,
  '<=': (a, b) => a !== null && b !== null && a <= b,
};

function readComparison(reader: Reader, columns: readonly ModelColumn[]): Expression {
  const left = readSum(reader, columns);
  const compare = COMPARE[reader.peek()];
  if (!compare) return left;
  reader.next();
  const right = readSum(reader, columns);
  return { type: 'bool', evaluate: (row) => compare(left.evaluate(row), right.evaluate(row)) };
}

function readSum(reader: Reader, columns: readonly ModelColumn[]): Expression {
  let left = readPrimary(reader, columns);
  for (;;) {
    const sign = reader.take('-') ? -1 : reader.take('+') ? 1 : 0;
    if (sign === 0) return left;
    const [a, b] = [left, readPrimary(reader, columns)];
    left = { type: a.type, evaluate: (row) => Number(a.evaluate(row)) + sign * Number(b.evaluate(row)) };
  }
}

function readPrimary(reader: Reader, columns: readonly ModelColumn[]): Expression {
  if (reader.take('(')) {
    const inner = readExpression(reader, columns);
    reader.expect(')');
    return inner;
  }
  const token = reader.next();
  if (token.kind === 'text') return constant('string', token.text);
  if (token.kind === 'time') return constant('datetime', token.value);
  if (token.kind === 'span') return constant('timespan', token.value);
  if (token.kind === 'number') return constant('long', token.value);
  if (token.kind !== 'name') throw new Error(`the service does not read ${token.text}`);
  if (token.text === 'true' || token.text === 'false') return constant('bool', token.text === 'true');
  if (reader.take('(')) return readCall(reader, columns, token.text);
  const column = columns.find((one) => one.name === token.text);
  if (!column) throw new Error(`there is no column ${token.text}`);
  return { type: column.type, evaluate: (row) => row.cells[column.name] ?? null };
}

function readCall(reader: Reader, columns: readonly ModelColumn[], name: string): Expression {
  const operands: Expression[] = [];
  while (!reader.take(')')) {
    operands.push(readExpression(reader, columns));
    reader.take(',');
  }
  const [first, second] = operands;
  if (name === 'ingestion_time') return { type: 'datetime', evaluate: (row: ModelRow) => row.arrival };
  if (name === 'isnull' && first) return { type: 'bool', evaluate: (row) => first.evaluate(row) === null };
  if (name === 'split' && first && second) {
    return { type: 'dynamic', evaluate: (row) => String(first.evaluate(row)).split(String(second.evaluate(row))) };
  }
  throw new Error(`the service does not know ${name}()`);
}

function constant(type: Expression['type'], value: Value): Expression {
  return { type, evaluate: () => value };
}
