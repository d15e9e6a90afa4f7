import {
  type CompiledQuery,
  createQueryId,
  type FunctionNode,
  type OperationNode,
  SqliteQueryCompiler,
  ValueNode,
} from 'kysely';
import { HuntwireError } from '../../lib/errors.ts';
import type { Built } from '../steps/steps.ts';
import { WORDS } from '../steps/words.ts';

/** A statement in SQLite's words. */
export function compileForSqlite(built: Built<unknown>): CompiledQuery<unknown> {
  const node = built.toOperationNode();
  return new SqliteWords().compileQuery(node as Parameters<SqliteQueryCompiler['compileQuery']>[0], createQueryId());
}

const NAMES: ReadonlyMap<string, string> = new Map([
  [WORDS.least, 'min'],
  [WORDS.greatest, 'max'],
  [WORDS.position, 'instr'],
  [WORDS.gathered, 'json_group_array'],
  [WORDS.list, 'json_array'],
  [WORDS.listed, 'json_each'],
  [WORDS.unindexed, '+'],
  [WORDS.jsonText, 'json_extract'],
  [WORDS.jsonNumber, 'json_extract'],
  [WORDS.jsonTexts, 'json_extract'],
]);

/** Words that stand for more than one function. */
const AROUND: ReadonlyMap<string, readonly [before: string, after: string]> = new Map([
  [WORDS.joined, ['cast(group_concat(', ') as blob)']],
]);

/** Words whose further arguments are paths of a document. */
const WITH_PATHS: ReadonlySet<string> = new Set([WORDS.jsonText, WORDS.jsonNumber, WORDS.jsonTexts]);

/** kysely takes a class for what differs from its own compiler. */
class SqliteWords extends SqliteQueryCompiler {
  protected override visitFunction(node: FunctionNode): void {
    const [first, ...rest] = node.arguments;
    const hasPaths = WITH_PATHS.has(node.func) && first !== undefined;
    const [before, after] = AROUND.get(node.func) ?? [`${NAMES.get(node.func) ?? node.func}(`, ')'];
    this.append(before);
    this.compileList(hasPaths ? [first, ...rest.map(pathOf)] : node.arguments);
    this.append(after);
  }
}

function pathOf(node: OperationNode): OperationNode {
  if (!ValueNode.is(node)) throw new HuntwireError('INTERNAL', 'A path of a document is no constant; report this.');
  return ValueNode.createImmediate(`$.${String(node.value)}`);
}
