import type { CompleteQuery } from '../../actions/asking/complete-query.ts';
import type { Config } from '../../config/config.ts';
import type { KqlChart } from '../../engine/chart.ts';
import type { Column } from '../../kql/types.ts';
import type { Row } from '../../sources/source.ts';
import type { World } from '../terminal/world.ts';
import type { QueryAnswer } from './query-result.ts';

/** Asks the tenant of the configuration. */
export async function askTenant(
  world: World,
  kql: string,
  options: { readonly config: string; readonly tenant?: string },
): Promise<QueryAnswer> {
  const { openTenantSource } = await import('./tenant-source.ts');
  const { readWithBlocked } = await import('../read-config.ts');
  const config = readWithBlocked(world, options.config);
  const { text, linesBefore } = await complete(kql, config);
  const source = await openTenantSource(world, config, options.tenant);
  const rows: Row[] = [];
  let columns: readonly Column[] = [];
  const sink = {
    schema: (own: readonly Column[]) => {
      columns = own;
    },
    row: (row: Row) => {
      rows.push(row);
    },
  };
  try {
    const end = await source.query({ ruleId: 'query', query: text, signal: world.signal }, sink);
    const elapsedMs = Math.round(end.elapsedMs);
    return {
      result: { columns, rows, truncated: end.truncated, source: source.api, elapsedMs },
      chart: await chartIn(text),
    };
  } catch (thrown) {
    // The service counts the comment line that goes in front of every query, too.
    const { withoutLines } = await import('../../actions/asking/complete-query.ts');
    throw withoutLines(thrown, source.api === 'local' ? linesBefore : linesBefore + 1);
  } finally {
    await source.close();
  }
}

/** The parser is loaded only where the query may ask for a chart. */
async function chartIn(kql: string): Promise<KqlChart | null> {
  if (!/\brender\b/.test(kql)) return null;
  const { chartOf } = await import('../../engine/chart.ts');
  const { defenderGlobals } = await import('../../kql/defender.ts');
  const { analyze } = await import('../../kql/parser/adapter.ts');
  return chartOf(await analyze(kql, await defenderGlobals()));
}

/** What reads saved functions is loaded only where there are some. */
async function complete(kql: string, config: Config): Promise<CompleteQuery> {
  if (config.functions.length + Object.keys(config.watchlists).length === 0) return { text: kql, linesBefore: 0 };
  return (await import('../../actions/asking/complete-query.ts')).completeQuery(kql, config);
}
