/**
 * Measures how many published hunting queries the local engine runs: `node scripts/corpus.mjs FOLDER [--json FILE] [--set NAME]
 * [--list OUTCOME]`. FOLDER holds one folder a rule set, as fetched; nothing of it is kept. Runs on dist/ (HUNTWIRE_DIST: another
 * folder). What is counted and how rows are made: docs/compatibility.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadApi } from './corpus/api.mjs';
import { boundQueries } from './corpus/bind.mjs';
import { readQueries } from './corpus/read-queries.mjs';
import { runQuery } from './corpus/run-query.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' }, set: { type: 'string' }, list: { type: 'string' }, bound: { type: 'string' } },
});
const [folder] = positionals;
if (!folder) {
  console.error('Usage: node scripts/corpus.mjs FOLDER [--json FILE] [--set NAME] [--list OUTCOME]');
  process.exit(2);
}

const api = await loadApi(process.env.HUNTWIRE_DIST ?? resolve(import.meta.dirname, '../dist'));
const published = values.bound ? JSON.parse(readFileSync(values.bound, 'utf8')) : readQueries(folder);
const { queries, counts } = await boundQueries(
  published.filter((one) => !values.set || one.set.includes(values.set)),
  api,
);
const results = [];
for (const query of queries) {
  const { set, file, text } = query;
  results.push({ set, file, text, ...(await runQuery(query, api)) });
}

printTable(results);
printConstructs(results);
for (const one of results.filter(({ outcome }) => outcome === values.list)) {
  console.log(`${one.set}/${one.file}: ${one.construct ?? one.lost ?? one.rows}`);
}
if (values.json) writeFileSync(values.json, JSON.stringify({ counts, results }));

function printTable(list) {
  const sets = [...new Set(list.map(({ set }) => set))];
  const rows = [...sets, 'all'].map((set) => {
    const ofSet = set === 'all' ? list : list.filter((one) => one.set === set);
    const count = (...outcomes) => ofSet.filter(({ outcome }) => outcomes.includes(outcome)).length;
    const [ran, told] = [count('rows', 'empty'), count('rows')];
    const share = (part) => `${((100 * part) / ofSet.length).toFixed(1)} %`;
    return {
      set,
      queries: ofSet.length,
      ran: share(ran),
      rows: share(told),
      unsupported: count('unsupported'),
      failed: count('failed'),
      budget: count('budget'),
      crash: count('crash'),
    };
  });
  console.log(counts);
  console.table(rows);
}

function printConstructs(list) {
  const tally = new Map();
  for (const { outcome, construct } of list) {
    if (construct) tally.set(`${outcome}: ${construct}`, (tally.get(`${outcome}: ${construct}`) ?? 0) + 1);
  }
  for (const [construct, count] of [...tally].sort((a, b) => b[1] - a[1])) console.log(`${count}  ${construct}`);
}
