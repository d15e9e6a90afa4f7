import { makeRows } from './make-rows.mjs';

/** What now() is: later than the literals of the rule sets. */
const NOW = Date.UTC(2026, 8, 1, 12);
const LIMITS = { ms: 10_000, rows: 20_000_000, bytes: 2_000_000_000 };

/**
 * Runs one bound query over rows made from its literals. `outcome` is rows, empty, unsupported, failed, budget or crash; `construct`
 * is the message without what is particular to the query; `lost` the operator that let the last rows go.
 */
export async function runQuery({ text, tree }, api) {
  const made = makeRows(tree, NOW, api);
  const tables = Object.fromEntries(
    api.defenderTables().map((name) => [name, api.rowTable(api.columnsOfTable(name), made.tables[name] ?? [])]),
  );
  const engine = api.createKqlEngine({
    schema: api.defenderSchema(),
    tables,
    now: NOW,
    elapsed: () => performance.now(),
    limits: LIMITS,
    trace: true,
    fixtures: { functions: made.functions, externaldata: made.externaldata },
  });
  try {
    const result = await engine.run(text, { signal: AbortSignal.timeout(30_000) });
    if (result.rowCount > 0) return { outcome: 'rows', rows: result.rowCount };
    return { outcome: 'empty', lost: lostAt(result.trace, text) };
  } catch (error) {
    return { outcome: OUTCOMES[error.code] ?? 'crash', construct: constructOf(error) };
  }
}

const OUTCOMES = { KQL_UNSUPPORTED: 'unsupported', KQL_FAILED: 'failed', KQL_SYNTAX: 'failed', KQL_BUDGET: 'budget' };

function constructOf(error) {
  if (!OUTCOMES[error.code]) return String(error.stack).slice(0, 300);
  return error.message.replace(/ \(line \d+, column \d+\)$/, '');
}

function lostAt(trace, text) {
  const step = trace.findLast((one) => one.rowsIn > 0 && one.rowsOut === 0) ?? trace.at(-1);
  return step ? text.slice(step.start, step.end).replace(/\s+/g, ' ').slice(0, 200) : 'the source';
}
