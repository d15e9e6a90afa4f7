import { type KqlNode, type KqlTree, walk } from '../ast.ts';
import { columnsOfTable } from '../defender.ts';
import { type FindingList, fail } from '../findings.ts';
import type { PrepareOptions } from '../prepared.ts';
import { nameText } from './nodes.ts';

/** Names that the query gets from outside: the ends of its window. */
export const WINDOW_NAMES = ['_from', '_to'] as const;

/** What the injected filter calls: a query that declares them would change what the filter means. */
const FILTER_NAMES = ['ingestion_time', 'isnull'];

/** Whether the text names an end of its window. */
export function usesWindowNames(root: KqlNode): boolean {
  for (const node of walk(root)) {
    if (node.kind === 'NameReference' && isWindowName(nameText(node))) return true;
  }
  return false;
}

export function isWindowName(name: string): boolean {
  return WINDOW_NAMES.some((reserved) => reserved === name);
}

/** Names that the query must not declare, params that cannot be, and `{{` where no text or comment is. */
export function checkNames(tree: KqlTree, options: PrepareOptions, findings: FindingList): void {
  checkParams(tree, options, findings);
  for (const node of walk(tree.root)) {
    if (node.kind === 'NameDeclaration') checkDeclaration(node, options, findings);
  }
  checkPlaceholders(tree, findings);
}

function checkParams(tree: KqlTree, options: PrepareOptions, findings: FindingList): void {
  const place = { start: 0, end: Math.min(1, tree.text.length) };
  for (const name of Object.keys(options.params)) {
    const reserved = isWindowName(name) || FILTER_NAMES.includes(name) || columnsOfTable(name) !== null;
    if (reserved) fail(findings, 'reserved-name', place, `The param "${name}" has a reserved name.`, 'Rename it.');
    else if (!/^[A-Za-z_]\w*$/.test(name)) {
      fail(findings, 'reserved-name', place, `The param "${name}" is no name.`, 'Use letters, digits and underscores.');
    }
  }
}

const DECLARING = ['variable', 'function', 'parameter'];

function checkDeclaration(node: KqlNode, options: PrepareOptions, findings: FindingList): void {
  const name = nameText(node);
  const declares = DECLARING.includes(node.reference?.kind ?? '');
  if (isWindowName(name) || (declares && FILTER_NAMES.includes(name))) {
    fail(findings, 'reserved-name', node, `"${name}" is reserved.`, 'Give it another name.');
  } else if (declares && Object.hasOwn(options.params, name)) {
    fail(findings, 'reserved-name', node, `"${name}" is also a param of the rule.`, 'Rename one of them.');
  }
}

/** A `{{` that is no part of a text or comment is a placeholder that nobody fills in. */
function checkPlaceholders(tree: KqlTree, findings: FindingList): void {
  const { text } = tree;
  if (!text.includes('{{')) return;
  for (const node of walk(tree.root)) {
    if (node.text === '' || !node.text.startsWith('{') || text.slice(node.start, node.start + 2) !== '{{') continue;
    const hint = 'Use params, or `_from` and `_to` for the ends of the window.';
    fail(findings, 'placeholder', { start: node.start, end: node.start + 2 }, '`{{` is not filled in.', hint);
    return;
  }
}
