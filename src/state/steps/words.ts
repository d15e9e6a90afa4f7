import {
  type AliasableExpression,
  type Expression,
  ExpressionWrapper,
  expressionBuilder,
  sql,
  ValueNode,
} from 'kysely';
import type { Tables } from './tables.ts';

/**
 * What SQLite and Postgres say in different words. Row code uses these; the query compiler of each database (query-compiler.ts) puts its own
 * in their place.
 */
export const WORDS = {
  least: 'huntwire_least',
  greatest: 'huntwire_greatest',
  /** The text at a path of a JSON document. */
  jsonText: 'huntwire_json_text',
  /** As jsonText, of a number. */
  jsonNumber: 'huntwire_json_number',
  /** The texts at several paths of a JSON document, as one JSON list. */
  jsonTexts: 'huntwire_json_texts',
  /** Values as one JSON list, in the order in which they come. */
  gathered: 'huntwire_gathered',
  /** Values of one row as one JSON list. */
  list: 'huntwire_list',
  /** JSON documents behind one another with SEPARATOR between them, in the order in which they come. */
  joined: 'huntwire_joined',
  /** The values of a JSON list, as rows of one column `value`. */
  listed: 'huntwire_listed',
  /** Where a text stands in another one, from 1 on; 0: it does not. */
  position: 'huntwire_position',
  /** A condition that no index is chosen for. */
  unindexed: 'huntwire_unindexed',
} as const;

function call<Value>(word: string, values: readonly Expression<unknown>[]): AliasableExpression<Value> {
  return expressionBuilder<Tables>().fn<Value>(word, values);
}

/** A part of the statement, that each query compiler can read. */
function literal(path: string): Expression<string> {
  return new ExpressionWrapper(ValueNode.createImmediate(path));
}

export function least(...values: readonly Expression<unknown>[]): AliasableExpression<number> {
  return call(WORDS.least, values);
}

export function greatest(...values: readonly Expression<unknown>[]): AliasableExpression<number> {
  return call(WORDS.greatest, values);
}

/** `path` as `rule.id`; it is a part of the statement. */
export function jsonTextAt(column: string, path: string): AliasableExpression<string> {
  return call(WORDS.jsonText, [sql.ref(column), literal(path)]);
}

export function jsonNumberAt(column: string, path: string): AliasableExpression<number | null> {
  return call(WORDS.jsonNumber, [sql.ref(column), literal(path)]);
}

export function jsonTextsAt(column: string, paths: readonly string[]): AliasableExpression<string> {
  return call(WORDS.jsonTexts, [sql.ref(column), ...paths.map((path) => literal(path))]);
}

export function gathered(value: Expression<unknown>): AliasableExpression<string> {
  return call(WORDS.gathered, [value]);
}

export function list(...values: readonly Expression<unknown>[]): AliasableExpression<string> {
  return call(WORDS.list, values);
}

/** A character that no JSON has, neither in texts nor between them. */
export const SEPARATOR = '\x1e';

/** A text, or its bytes in UTF-8 where the driver has these faster; null where there are none. */
export function joinedDocuments(column: string): AliasableExpression<string | ArrayBuffer | null> {
  return call(WORDS.joined, [sql.ref(column), literal(SEPARATOR)]);
}

export function listed(list: Expression<unknown>): AliasableExpression<unknown> {
  return call(WORDS.listed, [list]);
}

export function unindexed(column: string): AliasableExpression<string> {
  return call(WORDS.unindexed, [sql.ref(column)]);
}

export function position(text: Expression<string>, part: string): AliasableExpression<number> {
  return call(WORDS.position, [text, sql`${part}`]);
}
