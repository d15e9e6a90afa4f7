import { HuntwireError } from '../lib/errors.ts';
import type { KqlTree } from './ast.ts';
import { defenderGlobals } from './defender.ts';
import { expansionOf } from './expansion.ts';
import { type FindingList, fail } from './findings.ts';
import { paramType } from './literal.ts';
import { analyze } from './parser/adapter.ts';
import { withParameters } from './parser/globals.ts';
import { WINDOW_NAMES } from './prepare/names.ts';
import { prepareTree } from './prepare/prepare.ts';
import type { PreparedQuery, PrepareOptions } from './prepared.ts';
import { overloadOf } from './query-load.ts';
import { refusedQuery, refuseLarge, refuseLong } from './refused-query.ts';

/** The parser gives up names and types at 500 levels, and takes half a minute for 30,000. */
const MAX_NESTING = 2000;

/** Ten times what a long query with functions comes to; the parser needs a second or two for so many. */
const MAX_EXPANSION = 20_000;

/**
 * Parses a query against the Defender schema and prepares it. What is wrong with it, also that it is too long or too deep, is
 * told in its findings; nothing is thrown for it.
 */
export async function prepareQuery(text: string, options: PrepareOptions): Promise<PreparedQuery> {
  const tooLong = refuseLong(text, options);
  if (tooLong) return tooLong;
  if (nestingOf(text) > MAX_NESTING) return refuseLarge(text, options, 'The query is nested too deep to be analyzed.');
  const overload = overloadOf(text);
  if (overload !== null) return refuseLarge(text, options, overload);
  if (expansionOf(text) > MAX_EXPANSION) {
    const message = 'The `let` statements of the query use each other too often to be analyzed.';
    return refuseLarge(text, options, message);
  }
  try {
    const globals = await withParameters(await defenderGlobals(), namesFromOutside(options));
    return prepareEither(await analyze(text, globals), options);
  } catch (error) {
    if (error instanceof HuntwireError && error.code === 'KQL_BUDGET') return refuseLarge(text, options, error.message);
    if (error instanceof HuntwireError && error.code === 'KQL_SYNTAX')
      return refuseUnread(text, options, error.message);
    if (error instanceof RangeError) return refuseLarge(text, options, 'The query is nested too deep to be analyzed.');
    throw error;
  }
}

/** What a window counts may depend on the shape, which only the analysis tells. */
function prepareEither(tree: KqlTree, options: PrepareOptions): PreparedQuery {
  const prepared = prepareTree(tree, options);
  const { sets } = options;
  return sets === undefined || prepared.shape !== 'set' ? prepared : prepareTree(tree, { ...options, basis: sets });
}

/** The deepest level of brackets, those in texts and comments included where they do not close. */
function nestingOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [bracket] of text.matchAll(/[()[\]{}]/g)) {
    depth += '([{'.includes(bracket) ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

/** A prepared query that only says that the parser cannot read it. */
function refuseUnread(text: string, options: PrepareOptions, message: string): PreparedQuery {
  const findings: FindingList = [];
  fail(findings, 'query-not-read', { start: 0, end: 0 }, message, 'Look for a function or table that is not known.');
  return refusedQuery(text, options, findings);
}

function namesFromOutside(options: PrepareOptions): Readonly<Record<string, string>> {
  const params = Object.entries(options.params).map(([name, value]) => [name, paramType(value)]);
  return Object.fromEntries([...WINDOW_NAMES.map((name) => [name, 'datetime']), ...params]);
}
