import { editDistance, nearest } from '../lib/nearest.ts';
import { childOf, type KqlColumn, type KqlDiagnostic, type KqlNode } from './ast.ts';
import { defenderTables, isColumnName } from './defender.ts';
import { functionNames } from './parser/function-names.ts';
import { nameText } from './prepare/nodes.ts';
import { DEFENDER_FUNCTIONS } from './stored-functions.ts';

const UNKNOWN_NAME = 'KS142';
const UNKNOWN_TABLE = 'KS204';
const UNKNOWN_FUNCTION = 'KS211';

export interface Misspelt {
  /** The name that was most likely meant. */
  readonly meant: string;
  /** Whether no tenant can have the name as it is written, so near is it to one that all have. */
  readonly sure: boolean;
}

/**
 * What a name that the binder does not know was meant to be: a column of the rows at hand, a table of the schema, or a function. All may
 * have newer names than we know, so only what differs in case, or in a letter or two of a longer name, is sure. What other tables write in this
 * very case (`ISP`, `Isp`) is not: the reference is not of one mind about it.
 */
export function misspeltName(
  { code }: KqlDiagnostic,
  node: KqlNode,
  parents: ReadonlyMap<KqlNode, KqlNode>,
): Misspelt | null {
  const name = nameText(node);
  if (code === UNKNOWN_TABLE) return closest(name, defenderTables(), 1);
  if (code === UNKNOWN_FUNCTION) return closestFunction(name);
  if (code !== UNKNOWN_NAME) return null;
  const columns = columnsAt(node, parents).map((column) => column.name);
  const found = closest(name, columns, name.length >= LONG_NAME ? 2 : 1);
  const isElsewhere = found?.meant.toLowerCase() === name.toLowerCase() && isColumnName(name);
  return found && isElsewhere ? { ...found, sure: false } : found;
}

/** A tenant has functions of its own: only a slip is worth a word, and none is sure. */
function closestFunction(name: string): Misspelt | null {
  const known = [...functionNames(), ...DEFENDER_FUNCTIONS.map((one) => one.name)];
  const found = closest(name, known, name.length >= LONG_NAME ? 2 : 1);
  return found?.sure ? { ...found, sure: false } : null;
}

const LONG_NAME = 12;

function closest(name: string, candidates: readonly string[], most: number): Misspelt | null {
  const meant = nearest(name, candidates);
  if (meant === null || meant === name) return null;
  const isNear = editDistance(name.toLowerCase(), meant.toLowerCase()) <= most;
  return { meant, sure: isNear && digitsOf(name) === digitsOf(meant) };
}

/** `RemoteIP2` is no misspelt `RemoteIP`. */
function digitsOf(name: string): string {
  return name.replace(/\D/g, '');
}

/** The columns of all rows that an expression stands over: those of the pipes around it, and of the right side of a join. */
function columnsAt(node: KqlNode, parents: ReadonlyMap<KqlNode, KqlNode>): readonly KqlColumn[] {
  const columns: KqlColumn[] = [];
  for (let below = node, scope = parents.get(node); scope; below = scope, scope = parents.get(scope)) {
    for (const role of ['Expression', 'Right']) {
      const input = childOf(scope, role);
      if (input !== null && input !== below) columns.push(...(input.columns ?? []));
    }
    if (scope.kind === 'PipeExpression' && columns.length > 0) return columns;
  }
  return columns;
}
