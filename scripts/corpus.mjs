/**
 * Measures how many published hunting queries the local engine runs: `node scripts/corpus.mjs FOLDER [--json FILE] [--set NAME]
 * [--list OUTCOME] [--filters]`. `--filters` tells instead what becomes of own time filters (docs/rules.md), and runs the absorbed ones both ways. FOLDER holds one folder a rule set, as fetched; nothing of it is kept. A JSON file of an earlier run may stand
 * in its place: then its queries are run again. Runs on dist/ (HUNTWIRE_DIST: another folder). What is counted and how rows are
 * made: docs/compatibility.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadApi } from './corpus/api.mjs';
import { boundQueries, noCounts } from './corpus/bind.mjs';
import { judgeOwnFilters, printOwnFilters } from './corpus/own-filters.mjs';
import { readQueries } from './corpus/read-queries.mjs';
import { printConstructs, printTable } from './corpus/report.mjs';
import { runQuery } from './corpus/run-query.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    set: { type: 'string' },
    list: { type: 'string' },
    filters: { type: 'boolean' },
  },
});
const [source] = positionals;
if (!source) {
  console.error('Usage: node scripts/corpus.mjs FOLDER [--json FILE] [--set NAME] [--list OUTCOME] [--filters]');
  process.exit(2);
}

const api = await loadApi(process.env.HUNTWIRE_DIST ?? resolve(import.meta.dirname, '../dist'));
const earlier = source.endsWith('.json') ? JSON.parse(readFileSync(source, 'utf8')) : null;
const published = (earlier?.results ?? readQueries(source)).filter(({ set }) => set.includes(values.set ?? ''));
const counts = noCounts();
const results = [];
for await (const query of boundQueries(published, api, counts)) {
  const { set, file, text } = query;
  results.push({ set, file, text, ...(await (values.filters ? judgeOwnFilters(query, api) : runQuery(query, api))) });
  if (results.length % 100 === 0) process.stderr.write(`${results.length} queries run\n`);
}

console.log(earlier?.counts ?? counts);
if (values.filters) printOwnFilters(results);
else {
  printTable(results);
  printConstructs(results);
}
for (const one of results.filter(({ outcome }) => values.list !== undefined && outcome === values.list)) {
  console.log(`${one.set}/${one.file}: ${one.construct ?? one.lost ?? one.rows}`);
}
if (values.json) writeFileSync(values.json, JSON.stringify({ counts: earlier?.counts ?? counts, results }));
