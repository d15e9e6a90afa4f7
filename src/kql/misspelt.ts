import { editDistance, nearest } from '../lib/nearest.ts';
import { childOf, type KqlColumn, type KqlDiagnostic, type KqlNode } from './ast.ts';
import { defenderTables, isColumnName } from './defender.ts';
import { nameText } from './prepare/nodes.ts';

const UNKNOWN_NAME = 'KS142';
const UNKNOWN_TABLE = 'KS204';

export interface Misspelt {
  /** The name that was most likely meant. */
  readonly meant: string;
  /** Whether no tenant can have the name as it is written, so near is it to one that all have. */
  readonly sure: boolean;
}

/**
 * What a name that the binder does not know was meant to be: a column of the rows at hand, or a table of the schema. Both may have
 * newer names than we know, so only what differs in case, or in a letter or two of a longer name, is sure. What other tables write in this
 * very case (`ISP`, `Isp`) is not: the reference is not of one mind about it.
 */
export function misspeltName(
  { code }: KqlDiagnostic,
  node: KqlNode,
  parents: ReadonlyMap<KqlNode, KqlNode>,
): Misspelt | null {
  const name = nameText(node);
  if (code === UNKNOWN_TABLE) return closest(name, defenderTables(), 1);
  if (code !== UNKNOWN_NAME) return null;
  const columns = columnsAt(node, parents).map((column) => column.name);
  const found = closest(name, columns, name.length >= LONG_NAME ? 2 : 1);
  const isElsewhere = found?.meant.toLowerCase() === name.toLowerCase() && isColumnName(name);
  return found && isElsewhere ? { ...found, sure: false } : found;
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
