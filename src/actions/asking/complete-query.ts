import { positionAt } from '../../kql/sent-query.ts';
import { HuntwireError, toHuntwireError } from '../../lib/errors.ts';
import { joinLibrary } from '../../rules/functions/lay-library.ts';
import { type LibraryPlaces, loadLibrary } from '../../rules/functions/load-functions.ts';
import { refuseProblems } from '../../rules/prepare-rules.ts';
import { diskRules } from '../../rules/rule-files.ts';

/** A query as it is sent, and how many lines stand before what was typed. */
export interface CompleteQuery {
  readonly text: string;
  readonly linesBefore: number;
}

/** The query with the saved functions and lists of the configuration that it uses in front. */
export async function completeQuery(kql: string, places: LibraryPlaces): Promise<CompleteQuery> {
  if ((places.functions ?? []).length + Object.keys(places.watchlists ?? {}).length === 0)
    return { text: kql, linesBefore: 0 };
  const { library, problems } = await loadLibrary(places, diskRules);
  refuseProblems(problems);
  const joined = joinLibrary(kql, library);
  if (joined === null) return { text: kql, linesBefore: 0 };
  const length = joined.text.length - joined.query.text.length;
  return { text: joined.text, linesBefore: positionAt(joined.text, length).line - 1 };
}

/** The person who typed the query does not count what goes in front of it. */
export function withoutLines(thrown: unknown, count: number): unknown {
  if (count === 0) return thrown;
  const { code, message, cause } = toHuntwireError(thrown);
  const counted = message.replace(
    /\b(Line:? )(\d+)/gi,
    (_, word: string, line: string) => `${word}${Math.max(1, Number(line) - count)}`,
  );
  return counted === message ? thrown : new HuntwireError(code, counted, { cause });
}
