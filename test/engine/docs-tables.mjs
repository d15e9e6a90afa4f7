import { isByShape, withFewerRows } from './conformance-cases.mjs';
import { isPrinted } from './docs-cells.mjs';

/** Runs a query of the documentation and holds the table that its page prints against the result. */
export async function judgeTable(one, run) {
  const byShape = isByShape(one.query);
  try {
    const detail = tableDifference(await run(byShape ? withFewerRows(one.query) : one.query), one, byShape);
    return { id: one.id, verdict: detail === '' ? 'pass' : 'wrong', byShape, detail };
  } catch (error) {
    const verdict = error.code === 'KQL_UNSUPPORTED' ? 'refused' : 'failed';
    return { id: one.id, verdict, byShape, detail: `${error.code} ${error.message}` };
  }
}

/** What differs, in words; empty where nothing does. Columns stand for each other by name, in any order. */
function tableDifference(result, one, byShape) {
  const columns = result.columns.map(({ name, type }) => ({ name, type, at: one.columns.indexOf(name) }));
  if (columns.length !== one.columns.length || columns.some(({ at }) => at < 0)) {
    return `columns ${columns.map(({ name }) => name)} instead of ${one.columns}`;
  }
  const rows = [...result.rows()];
  const isSame = (row, wanted) => columns.every(({ name, type, at }) => isPrinted(row[name], wanted[at] ?? '', type));
  if (byShape) return '';
  if (rows.length !== one.rows.length) return `${rows.length} rows instead of ${one.rows.length}`;
  const left = [...rows];
  for (const wanted of one.rows) {
    const at = left.findIndex((row) => isSame(row, wanted));
    if (at < 0) return `no row ${JSON.stringify(wanted)} among ${JSON.stringify(left.slice(0, 3), replacer)}`;
    left.splice(at, 1);
  }
  return '';
}

function replacer(_key, value) {
  return typeof value === 'bigint' ? String(value) : value;
}
