import { itemsOf, type KqlNode, walk } from '../../kql/ast.ts';
import type { RangeOf, ValueRange } from '../table-data.ts';
import type { Value } from '../value.ts';
import { functionName } from './calls/call.ts';
import { type Expression, evaluateOnce } from './expression.ts';
import { required } from './nodes.ts';
import { operatorText } from './operation.ts';
import type { Scope } from './scope.ts';

/** False where a condition holds for no row with such values. */
type RangeTest = (rangeOf: RangeOf) => boolean;

/** What a condition tells of ranges: comparisons of unchanged columns with constants, `between`, `in` and `==`, under `and` and `or`. */
export function rangeTest(condition: KqlNode, scope: Scope): RangeTest {
  const test = isCalm(condition) ? testOf(condition, scope) : null;
  return test ?? (() => true);
}

/** Functions that no row makes fail: of others a part must be read, or a query that fails would not. */
const CALM: ReadonlySet<string> = new Set(
  'ago now not isempty isnotempty isnull isnotnull tolower toupper strlen tostring toint tolong todatetime datetime ingestion_time startofday endofday hourofday bin iff iif coalesce'.split(
    ' ',
  ),
);

/** Whether no row makes a condition fail. */
export function isCalm(condition: KqlNode): boolean {
  for (const node of walk(condition))
    if (node.kind === 'FunctionCallExpression' && !CALM.has(functionName(node))) return false;
  return true;
}

/** Null where it tells nothing. */
function testOf(node: KqlNode, scope: Scope): RangeTest | null {
  if (node.kind === 'ParenthesizedExpression') return testOf(required(node, 'Expression'), scope);
  if (node.kind === 'AndExpression' || node.kind === 'OrExpression') return logicalTest(node, scope);
  if (node.kind === 'BetweenExpression') return betweenTest(node, scope);
  if (node.kind === 'InExpression') return memberTest(node, scope);
  return MIRRORED[comparisonOf(node)] ? comparisonTest(node, scope) : null;
}

function logicalTest(node: KqlNode, scope: Scope): RangeTest | null {
  const [left, right] = [testOf(required(node, 'Left'), scope), testOf(required(node, 'Right'), scope)];
  if (node.kind === 'AndExpression')
    return left && right ? (rangeOf) => left(rangeOf) && right(rangeOf) : (left ?? right);
  return left && right && ((rangeOf) => left(rangeOf) || right(rangeOf));
}

const KINDS: ReadonlySet<string> = new Set([
  'EqualExpression',
  'LessThanExpression',
  'LessThanOrEqualExpression',
  'GreaterThanExpression',
  'GreaterThanOrEqualExpression',
]);
/** The operator for exchanged sides. */
const MIRRORED: Readonly<Record<string, string>> = { '==': '==', '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

function comparisonOf(node: KqlNode): string {
  return KINDS.has(node.kind) ? operatorText(node) : '';
}

function comparisonTest(node: KqlNode, scope: Scope): RangeTest | null {
  const [left, right] = [required(node, 'Left'), required(node, 'Right')];
  if (left.kind === 'StarExpression') return null;
  const sides = [left, right].map((side) => scope.compilation.expression(side, scope));
  const [first, second] = sides;
  if (!first || !second) return null;
  const operator = comparisonOf(node);
  return first.column === null
    ? boundTest(second, MIRRORED[operator] ?? '', first)
    : boundTest(first, operator, second);
}

/** Types whose values are ordered as ranges are; which constants may stand beside them. */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
  int: ['int', 'long'],
  long: ['int', 'long'],
  datetime: ['datetime'],
  timespan: ['timespan'],
  string: ['string'],
};

function boundTest(column: Expression, operator: string, bound: Expression): RangeTest | null {
  const { column: name, type } = column;
  if (name === null || !bound.invariant || !BESIDE[type]?.includes(bound.type)) return null;
  if (type === 'string' && operator !== '==') return null;
  return (rangeOf) => {
    const range = rangeOf(name);
    return range === null || mayMatch(range, operator, evaluateOnce(bound));
  };
}

/** A null or a value of another kind tells nothing, nor does the empty text: a missing text is one, and no range has these. */
function mayMatch({ least, most }: ValueRange, operator: string, bound: Value): boolean {
  const [low, high] = [orderOf(least, bound), orderOf(most, bound)];
  if (low === null || high === null || bound === '') return true;
  if (operator === '==') return low <= 0 && high >= 0;
  if (operator === '<') return low < 0;
  if (operator === '<=') return low <= 0;
  return operator === '>' ? high > 0 : high >= 0;
}

function orderOf(left: Value, right: Value): number | null {
  if (typeof left === 'string' && typeof right === 'string')
    return Buffer.compare(Buffer.from(left), Buffer.from(right));
  if (!isWhole(left) || !isWhole(right)) return null;
  return left < right ? -1 : left > right ? 1 : 0;
}

function isWhole(value: Value): value is number | bigint {
  return typeof value === 'bigint' || Number.isSafeInteger(value);
}

/** A timespan as second bound of a datetime counts from the first: only the first is asked then. */
function betweenTest(node: KqlNode, scope: Scope): RangeTest | null {
  const couple = required(node, 'Right');
  const [column, low, high] = [required(node, 'Left'), required(couple, 'First'), required(couple, 'Second')].map(
    (part) => scope.compilation.expression(part, scope),
  );
  if (!column || !low || !high) return null;
  const [above, below] = [boundTest(column, '>=', low), boundTest(column, '<=', high)];
  return above && below ? (rangeOf) => above(rangeOf) && below(rangeOf) : (above ?? below);
}

/** A list of constants; `in` is case-sensitive. */
function memberTest(node: KqlNode, scope: Scope): RangeTest | null {
  const list = required(node, 'Right');
  if (list.kind !== 'ExpressionList' || operatorText(node) !== 'in') return null;
  const column = scope.compilation.expression(required(node, 'Left'), scope);
  const tests = itemsOf(list, 'Expressions').map((item) =>
    boundTest(column, '==', scope.compilation.expression(item, scope)),
  );
  if (tests.length === 0 || tests.includes(null)) return null;
  return (rangeOf) => tests.some((test) => test?.(rangeOf));
}
