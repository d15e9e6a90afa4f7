import { HuntwireError } from '../lib/errors.ts';
import type { KqlTree } from './ast.ts';
import { defenderGlobals } from './defender.ts';
import { type FindingList, fail } from './findings.ts';
import { paramType } from './literal.ts';
import { analyze } from './parser/adapter.ts';
import { withParameters } from './parser/globals.ts';
import { WINDOW_NAMES } from './prepare/names.ts';
import { prepareTree } from './prepare/prepare.ts';
import type { PreparedQuery, PrepareOptions } from './prepared.ts';
import { burdenOf } from './query-load.ts';
import { refusedQuery, refuseLarge, refuseLong } from './refused-query.ts';

/**
 * Parses a query against the Defender schema and prepares it. What is wrong with it, also that it is too long or too deep, is
 * told in its findings; nothing is thrown for it.
 */
export async function prepareQuery(text: string, options: PrepareOptions): Promise<PreparedQuery> {
  const tooLong = refuseLong(text, options);
  if (tooLong) return tooLong;
  const burden = burdenOf(text);
  if (burden !== null) return refuseLarge(text, options, burden);
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
