import type { Column } from '../../kql/types.ts';
import { HuntwireError, toHuntwireError } from '../../lib/errors.ts';
import type { Row } from '../../sources/source.ts';
import type { World } from '../terminal/world.ts';
import type { QueryResult } from './query-result.ts';

/** Asks the tenant of the configuration. */
export async function askTenant(
  world: World,
  kql: string,
  options: { readonly config: string; readonly tenant?: string },
): Promise<QueryResult> {
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
    return { columns, rows, truncated: end.truncated, source: source.api, elapsedMs };
  } catch (thrown) {
    throw source.api === 'local' ? thrown : withoutLabelLine(thrown);
  } finally {
    await source.close();
  }
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
