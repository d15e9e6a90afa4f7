import { positionAt } from '../../kql/sent-query.ts';
import { joinFunctions } from '../../rules/functions/lay-functions.ts';
import { loadLibrary } from '../../rules/functions/load-functions.ts';
import { refuseProblems } from '../../rules/prepare-rules.ts';
import { diskRules } from '../../rules/rule-files.ts';

/** A query as it is sent, and how many lines stand before what was typed. */
export interface CompleteQuery {
  readonly text: string;
  readonly linesBefore: number;
}

/** The query with the saved functions of the configuration that it uses in front. */
export async function completeQuery(kql: string, functions: readonly string[]): Promise<CompleteQuery> {
  const { library, problems } = await loadLibrary(functions, diskRules);
  refuseProblems(problems);
  const joined = joinFunctions(kql, library);
  if (joined === null) return { text: kql, linesBefore: 0 };
  const length = joined.text.length - kql.length;
  return { text: joined.text, linesBefore: positionAt(joined.text, length).line - 1 };
}
