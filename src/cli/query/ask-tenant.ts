import type { KqlChart } from '../../engine/chart.ts';
import type { Column } from '../../kql/types.ts';
import { HuntwireError, toHuntwireError } from '../../lib/errors.ts';
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
  const source = openTenantSource(world, options);
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
    const end = await source.query({ ruleId: 'query', query: kql, signal: world.signal }, sink);
    const elapsedMs = Math.round(end.elapsedMs);
    return {
      result: { columns, rows, truncated: end.truncated, source: source.api, elapsedMs },
      chart: await chartIn(kql),
    };
  } catch (thrown) {
    throw source.api === 'local' ? thrown : withoutLabelLine(thrown);
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

/** The service counts the comment line that goes in front of every query; the person who typed it does not. */
function withoutLabelLine(thrown: unknown): unknown {
  const { code, message, cause } = toHuntwireError(thrown);
  const counted = message.replace(
    /\b(Line:? )(\d+)/gi,
    (_, word: string, line: string) => `${word}${Math.max(1, Number(line) - 1)}`,
  );
  return counted === message ? thrown : new HuntwireError(code, counted, { cause });
}
