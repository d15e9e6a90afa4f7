import { completeQuery, withoutLines } from '../../actions/asking/complete-query.ts';
import { createKqlEngine } from '../../engine/kql-engine.ts';
import { defenderSchema } from '../../kql/defender.ts';
import type { LibraryPlaces } from '../../rules/functions/load-functions.ts';
import type { Row } from '../../sources/source.ts';
import { type LocalDataOptions, openLocalData, printNotes } from '../data-options.ts';
import { printTrace, traceLines } from '../terminal/print-trace.ts';
import type { World } from '../terminal/world.ts';
import type { QueryAnswer } from './query-result.ts';

/**
 * The query over local data, in our own engine; `now()` is this moment. What has to be told of the files is told of a query that fails, too.
 * `library`: the saved functions and lists that it may use.
 */
export async function askLocally(
  world: World,
  typed: string,
  options: LocalDataOptions & { readonly trace: boolean; readonly library: LibraryPlaces },
): Promise<QueryAnswer> {
  const { text: kql, linesBefore } = await completeQuery(typed, options.library);
  const begun = world.clock.monotonic();
  const { tables, notes } = await openLocalData(world, options);
  const engine = createKqlEngine({
    schema: defenderSchema(),
    tables,
    now: world.clock.now(),
    elapsed: world.clock.monotonic,
    trace: options.trace,
  });
  const result = await engine
    .run(kql, { signal: world.signal })
    .catch((thrown) => Promise.reject(withoutLines(thrown, linesBefore)))
    .finally(() => printNotes(world, notes()));
  printNotes(world, result.warnings);
  if (options.trace) printTrace(world, kql, result.trace);
  const elapsedMs = Math.round(world.clock.monotonic() - begun);
  const rows = [...result.rows()] as readonly Row[];
  return {
    result: { columns: result.columns, rows, truncated: false, source: 'local', elapsedMs },
    chart: result.chart,
    ...(options.trace && {
      trace: { operators: traceLines(kql, result.trace), notes: [...notes(), ...result.warnings] },
    }),
  };
}
