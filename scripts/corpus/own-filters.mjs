import { makeRows } from './make-rows.mjs';

const NOW = Date.UTC(2026, 8, 1, 12);
const LIMITS = { ms: 10_000, rows: 20_000_000, bytes: 2_000_000_000 };
/** How often a stream is run; so often that even a filter on the present hour loses nothing between two runs. */
const STEP_MS = 300_000;
/** Rows are also put so much further back, in lengths of the filter. */
const SHIFTS = [0, 0.31, 0.67, 0.93, 1.21];
const OPTIONS = { basis: 'ingestion', tables: {}, shape: null, lookbackMs: null, params: {} };

/**
 * What becomes of the own time filters of one bound query: `none`, `kept` with the reason, or `absorbed`; then `same` tells whether
 * the query tells the same with its filters absorbed and kept, over rows that arrive as they happen, `rows` how many that were.
 */
export async function judgeOwnFilters({ tree }, api) {
  const absorbed = api.prepareTree(tree, { ...OPTIONS, keepFilters: 'never' });
  const { shape, ownFilters, findings } = absorbed;
  if (findings.some((one) => one.severity === 'error')) return { shape, verdict: 'refused' };
  if (ownFilters.length === 0) return { shape, verdict: 'none' };
  const reason = ownFilters.find((one) => one.because !== null)?.because;
  if (reason) return { shape, verdict: 'kept', reason };
  const kept = api.prepareTree(tree, { ...OPTIONS, keepFilters: 'always', lookbackMs: absorbed.absorbedMs });
  return { shape, verdict: 'absorbed', ...(await compare(absorbed, kept, makeRows(tree, NOW, api), api)) };
}

async function compare(absorbed, kept, made, api) {
  const tables = spread(absorbed, made.tables);
  const windows = absorbed.shape === 'set' ? setWindows(absorbed) : streamWindows(absorbed, tables);
  const told = { absorbed: [], kept: [] };
  try {
    for (const window of windows) {
      const run = (prepared) => rowsOf(prepared, window, { ...made, tables }, api);
      told.absorbed.push(...(await run(absorbed)));
      told.kept.push(...(await run(kept)));
    }
  } catch (error) {
    return { same: null, rows: 0, failure: error.message };
  }
  const same = JSON.stringify(told.absorbed.sort()) === JSON.stringify(told.kept.sort());
  return { same, rows: told.absorbed.length };
}

/** The rows of event tables at several distances, odd milliseconds apart, so that none stands on the border of a window. */
function spread(prepared, tables) {
  const events = new Set(prepared.tables.filter((one) => one.role === 'driving').map((one) => one.table));
  const length = Math.max(...prepared.ownFilters.map((one) => one.distanceMs));
  const entries = Object.entries(tables).map(([name, rows]) => {
    const times = events.has(name) ? SHIFTS : [0];
    const moved = times.flatMap((times) =>
      rows.map((row, index) => moveBack(row, Math.round(times * length) + 37 + (index % 50))),
    );
    return [name, moved];
  });
  return Object.fromEntries(entries);
}

function moveBack(row, ms) {
  const time = new Date(row.Timestamp ?? row.TimeGenerated ?? NOW).getTime() - ms;
  return { ...row, Timestamp: new Date(time).toISOString(), _ingested: new Date(time).toISOString() };
}

function setWindows({ absorbedMs }) {
  return [NOW, NOW - Math.round(absorbedMs / 2)].map((to) => ({ basis: 'ingestion', from: to - absorbedMs, to }));
}

/** Of a contiguous grid, the windows that hold a row or would let one pass now. */
function streamWindows({ tables: references, upperMs, ownFilters }, tables) {
  const step = Math.min(STEP_MS, ...ownFilters.map((one) => one.distanceMs));
  const ends = new Set();
  for (const { table, role } of references) {
    for (const { Timestamp } of role === 'driving' ? (tables[table] ?? []) : []) {
      for (const later of [0, upperMs]) ends.add((Math.floor((Date.parse(Timestamp) + later) / step) + 1) * step);
    }
  }
  return [...ends].map((to) => ({ basis: 'ingestion', from: to - step - upperMs, to }));
}

async function rowsOf(prepared, window, { tables, functions, externaldata }, api) {
  const { text } = api.renderQuery(prepared, { logicalTime: window.to, window, latenessMs: 3 * 864e5, params: {} });
  const names = new Set(prepared.tables.map((one) => one.table));
  const engine = api.createKqlEngine({
    schema: api.defenderSchema(),
    tables: Object.fromEntries(
      [...names].map((name) => [name, api.rowTable(api.columnsOfTable(name) ?? [], tables[name] ?? [])]),
    ),
    now: window.to,
    elapsed: () => performance.now(),
    limits: LIMITS,
    fixtures: { functions, externaldata },
  });
  const result = await engine.run(text, { signal: AbortSignal.timeout(30_000) });
  return [...result.rows()].map((row) => `${window.to} ${JSON.stringify(row)}`);
}

/** Counts by shape and verdict, why filters are kept, and which absorbed ones tell something else. */
export function printOwnFilters(results) {
  const tally = new Map();
  const count = (key) => tally.set(key, (tally.get(key) ?? 0) + 1);
  for (const { shape, verdict, reason, same, rows } of results) {
    count(`${shape}: ${verdict}${reason ? `, because ${reason}` : ''}`);
    if (verdict !== 'absorbed') continue;
    count(`${shape}: absorbed and ${same === null ? 'not run' : same ? 'the same' : 'DIFFERENT'}`);
    if (same && rows > 0) count(`${shape}: absorbed and the same, with rows`);
  }
  for (const [key, number] of [...tally].sort()) console.log(`${number}  ${key}`);
  for (const one of results.filter(({ same }) => same === false || same === null)) {
    console.log(`${one.set}/${one.file}: ${one.failure ?? 'tells something else'}`);
  }
}
