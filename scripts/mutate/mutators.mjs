import { sourceOf } from './tree.mjs';

/** Other operators in the place of one. */
const OPERATORS = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '**': ['*'],
  '<<': ['>>'],
  '>>': ['<<'],
  '>>>': ['<<'],
  '&': ['|'],
  '|': ['&'],
  '&&': ['||'],
  '||': ['&&'],
};
/** Of these each operand alone is a mutant, too. */
const CHOICES = new Set(['&&', '||', '??']);
const ASSIGNMENTS = { '+=': '-=', '-=': '+=', '*=': '/=', '/=': '*=', '??=': '=', '||=': '=', '&&=': '=' };
/** Calls that are left out: the object stands in their place. */
const DROPPED = new Set(
  'filter slice splice sort toSorted reverse toReversed trim trimEnd trimStart toLowerCase toUpperCase subarray flat'.split(
    ' ',
  ),
);
const SWAPPED = {
  some: 'every',
  every: 'some',
  startsWith: 'endsWith',
  endsWith: 'startsWith',
  min: 'max',
  max: 'min',
  floor: 'ceil',
  ceil: 'floor',
  round: 'floor',
  find: 'findLast',
  indexOf: 'lastIndexOf',
};
const LARGE = 100;
/** Texts that decide something look like this; sentences for people do not. */
const KIND = /^[A-Za-z][\w./:-]*$/;

/** What may stand in the place of a node, or of `instead` below it: `{kind, text, instead?}`; `parent` is the node above, `name` the place in it. */
export function mutationsOf(tree, node, { parent, name }) {
  return (MUTATORS[node.type] ?? none)(tree, node, parent, name);
}

const none = () => [];

const MUTATORS = {
  BinaryExpression: binary,
  UnaryExpression: unary,
  UpdateExpression: (tree, node) => [
    mutation('arithmetic', sourceOf(tree, node).replace(node.operator, node.operator === '++' ? '--' : '++')),
  ],
  AssignmentExpression: assignment,
  BooleanLiteral: (_tree, node) => [mutation('boolean', String(!node.value))],
  NumericLiteral: number,
  StringLiteral: text,
  ConditionalExpression: (tree, node) => [
    mutation('condition', `(${sourceOf(tree, node.consequent)})`),
    mutation('condition', `(${sourceOf(tree, node.alternate)})`),
  ],
  IfStatement: (_tree, node) => forced(node.test, ['true', 'false']),
  WhileStatement: (_tree, node) => forced(node.test, ['false']),
  DoWhileStatement: (_tree, node) => forced(node.test, ['false']),
  ExpressionStatement: statement,
  ContinueStatement: () => [mutation('statement', ';')],
  BreakStatement: (_tree, _node, parent) => (parent.type === 'SwitchCase' ? [] : [mutation('statement', ';')]),
  ThrowStatement: () => [mutation('statement', ';')],
  ReturnStatement: (_tree, node) => (node.argument ? [] : [mutation('statement', ';')]),
  CallExpression: call,
  ArrayExpression: array,
  OptionalChainingExpression: chain,
};

function mutation(kind, text) {
  return { kind, text };
}

function binary(tree, node) {
  const [left, right] = [sourceOf(tree, node.left), sourceOf(tree, node.right)];
  if (node.operator === '+' && (isText(node.left) || isText(node.right))) return [];
  const between = tree.bytes.toString('utf8', tree.end(node.left), tree.start(node.right));
  const others = OPERATORS[node.operator] ?? [];
  const kind = CHOICES.has(node.operator) ? 'choice' : 'operator';
  const found = others.map((other) => mutation(kind, `(${left}${between.replace(node.operator, other)}${right})`));
  if (!CHOICES.has(node.operator)) return found;
  return [...found, mutation(kind, `(${left})`), mutation(kind, `(${right})`)];
}

function isText(node) {
  if (node.type === 'BinaryExpression') return isText(node.left) || isText(node.right);
  return node.type === 'StringLiteral' || node.type === 'TemplateLiteral';
}

function unary(tree, node) {
  return node.operator === '!' || node.operator === '-'
    ? [mutation('negation', `(${sourceOf(tree, node.argument)})`)]
    : [];
}

function assignment(tree, node) {
  const other = ASSIGNMENTS[node.operator];
  if (!other) return [];
  return [mutation('arithmetic', `${sourceOf(tree, node.left)} ${other} ${sourceOf(tree, node.right)}`)];
}

/** By one where one is much; a large limit is doubled and halved. */
function number(_tree, node, parent) {
  if (parent.type === 'KeyValueProperty' && parent.key === node) return [];
  const { value } = node;
  const others = value > LARGE ? [value * 2, Math.floor(value / 2)] : [value + 1, value - 1];
  return others.map((other) => mutation('number', other < 0 ? `(${other})` : String(other)));
}

function text(_tree, node, parent, name) {
  if (name === 'key' || name === 'source' || /^(Import|Export)/.test(parent.type)) return [];
  if (node.value === '') return [mutation('text', "'?'")];
  return KIND.test(node.value) ? [mutation('text', "''")] : [];
}

function forced(test, values) {
  return values.map((value) => ({ ...mutation('condition', value), instead: test }));
}

/** A call or an assignment that is left out. What is only said to the log at `info` or `debug` may go. */
function statement(tree, node) {
  return /\blog\.(info|debug)\(/.test(sourceOf(tree, node)) ? [] : [mutation('statement', ';')];
}

function call(tree, node) {
  const { callee } = node;
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return [];
  const [object, name] = [sourceOf(tree, callee.object), callee.property.value];
  const args = tree.bytes.toString('utf8', tree.end(callee), tree.end(node));
  const swapped = Object.hasOwn(SWAPPED, name) ? [mutation('call', `${object}.${SWAPPED[name]}${args}`)] : [];
  return DROPPED.has(name) ? [...swapped, mutation('call', object)] : swapped;
}

/** An array without its items, and without each one that is spread into it. */
function array(tree, node) {
  if (node.elements.length === 0) return [];
  const spread = node.elements.filter((element) => element?.spread);
  const without = spread.map((gone) => {
    const kept = node.elements.filter((element) => element && element !== gone);
    return `[${kept.map((one) => `${one.spread ? '...' : ''}${sourceOf(tree, one.expression)}`).join(', ')}]`;
  });
  return [...new Set(['[]', ...without])].map((text) => mutation('array', text));
}

function chain(tree, node) {
  const object = node.base.type === 'CallExpression' ? node.base.callee : node.base.object;
  const rest = tree.bytes.toString('utf8', tree.end(object), tree.end(node));
  if (!rest.startsWith('?.')) return [];
  const plain = /^\?\.[[(]/.test(rest) ? rest.slice(2) : rest.slice(1);
  return [mutation('chain', `${sourceOf(tree, object)}${plain}`)];
}
