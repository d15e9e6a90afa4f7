import {
  type CompiledQuery,
  createQueryId,
  type FunctionNode,
  InsertQueryNode,
  type OperationNode,
  PostgresQueryCompiler,
  ValueNode,
} from 'kysely';
import { HuntwireError } from '../../lib/errors.ts';
import type { Built } from '../steps/steps.ts';
import { WORDS } from '../steps/words.ts';

type Root = Parameters<PostgresQueryCompiler['compileQuery']>[0];

/** A statement in Postgres's words. `isPlain`: without what it says of rows that are there already. */
export function compileForPostgres(built: Built<unknown>, isPlain = false): CompiledQuery<unknown> {
  const node = built.toOperationNode() as Root;
  return new PostgresWords().compileQuery(isPlain ? withoutConflict(node) : node, createQueryId());
}

function withoutConflict(node: Root): Root {
  if (!InsertQueryNode.is(node)) return node;
  const { onConflict: _, ...plain } = node;
  return plain;
}

const CALLS: ReadonlyMap<string, readonly [before: string, after: string]> = new Map([
  [WORDS.least, ['least(', ')']],
  [WORDS.greatest, ['greatest(', ')']],
  [WORDS.position, ['strpos(', ')']],
  [WORDS.gathered, ['json_agg(', ')::text']],
  [WORDS.list, ['json_build_array(', ')']],
  [WORDS.joined, ['string_agg(', ')']],
  [WORDS.listed, ['json_array_elements_text((', ')::json)']],
  [WORDS.unindexed, ['(', " || '')"]],
]);

/** kysely takes a class for what differs from its own compiler. */
class PostgresWords extends PostgresQueryCompiler {
  protected override visitFunction(node: FunctionNode): void {
    const [document, ...paths] = node.arguments;
    if (node.func === WORDS.jsonTexts && document) this.appendTexts(document, paths);
    else if (node.func === WORDS.jsonText && document) this.appendPath(document, paths[0], '');
    else if (node.func === WORDS.jsonNumber && document) this.appendPath(document, paths[0], '::double precision');
    else this.appendCall(node);
  }

  private appendCall(node: FunctionNode): void {
    const [before, after] = CALLS.get(node.func) ?? [`${node.func}(`, ')'];
    this.append(before);
    this.compileList(node.arguments);
    this.append(after);
  }

  private appendPath(document: OperationNode, path: OperationNode | undefined, cast: string): void {
    this.append('((json_of(');
    this.visitNode(document);
    this.append(`) #>> '{${wordsOf(path)}}')${cast})`);
  }

  private appendTexts(document: OperationNode, paths: readonly OperationNode[]): void {
    this.append('json_build_array(');
    for (const [index, path] of paths.entries()) {
      if (index > 0) this.append(', ');
      this.appendPath(document, path, '');
    }
    this.append(')::text');
  }
}

/** `rule.id` as `rule,id`. Paths are constants of the program. */
function wordsOf(path: OperationNode | undefined): string {
  if (!path || !ValueNode.is(path) || !/^[A-Za-z.]+$/.test(String(path.value)))
    throw new HuntwireError('INTERNAL', 'A path of a document is no constant; report this.');
  return String(path.value).replaceAll('.', ',');
}
