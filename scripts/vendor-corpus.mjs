/**
 * Tells what becomes of a folder of rules of other products: `node scripts/vendor-corpus.mjs FOLDER [--json FILE] [--list]`. FOLDER may
 * hold anything: every *.yaml, *.yml and *.json below it gets a verdict, as `lint --report` gives it, each file by itself, so that ids
 * that several sets share refuse nothing. `--list` prints each refusal. Runs on dist/ (HUNTWIRE_DIST: another folder).
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' }, list: { type: 'boolean' } },
});
const [root] = positionals;
if (!root) {
  console.error('Usage: node scripts/vendor-corpus.mjs FOLDER [--json FILE] [--list]');
  process.exit(2);
}

const dist = resolve(process.env.HUNTWIRE_DIST ?? join(import.meta.dirname, '../dist'));
const { readRuleFiles } = await import(join(dist, 'rules/load-rules.js'));
const { prepareRules } = await import(join(dist, 'rules/prepare-rules.js'));
const { reportRules } = await import(join(dist, 'rules/readers/rule-report.js'));
const { createAnalyst } = await import(join(dist, 'kql/analyst.js'));
const { createMemoryCache } = await import(join(dist, 'lib/cache.js'));
const { defenderSchema } = await import(join(dist, 'kql/defender.js'));

const tables = new RegExp(`\\b(?:${Object.keys(defenderSchema().tables).join('|')})\\b`);
const analyst = createAnalyst({ form: 'in-process', cache: createMemoryCache() });
const results = [];
for (const path of filesBelow(root)) {
  results.push(...(await judge(path)));
  if (results.length % 200 === 0) process.stderr.write(`${results.length} verdicts\n`);
}
await analyst.close();
print();
if (values.json) writeFileSync(values.json, JSON.stringify(results, null, 1));

function filesBelow(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  return paths.filter((path) => /\.(?:ya?ml|json)$/i.test(path)).sort();
}

async function judge(path) {
  const file = relative(root, path);
  try {
    const read = await readRuleFiles([path]);
    const prepared = await prepareRules(read.rules, analyst);
    const { verdicts } = reportRules(read.verdicts, prepared);
    const queries = new Map(read.rules.map((rule) => [rule.id, rule.query]));
    const text = verdicts.length === 1 ? readFileSync(path, 'utf8') : '';
    return verdicts.map((one) => ({
      ...one,
      file,
      defender: tables.test(queries.get(one.rule) ?? text),
      isRule: !one.warnings.some(({ message }) => message === one.reason),
    }));
  } catch (thrown) {
    return [
      {
        file,
        rule: null,
        format: 'crash',
        verdict: 'crash',
        reason: String(thrown?.stack ?? thrown),
        warnings: [],
        isRule: true,
      },
    ];
  }
}

function print() {
  const rules = results.filter(({ isRule }) => isRule);
  console.log(
    `${new Set(results.map(({ file }) => file)).size} files, ${rules.length} rules or broken files, ${results.length - rules.length} files without a rule`,
  );
  for (const [name, wanted] of [
    ['all', () => true],
    ['of these with a Defender table', ({ defender }) => defender],
  ]) {
    console.log(`\n${name}`);
    for (const format of ['sentinel', 'arm', 'detection-rule', 'native', 'crash'])
      printFormat(format, rules.filter(wanted));
  }
  console.log('\nwhy refused');
  const reasons = new Map();
  for (const { verdict, reason } of rules) {
    if (verdict !== 'refused' && verdict !== 'crash') continue;
    const kind = reason.replaceAll(/"[^"]*"|'[^']*'|\d+/g, '…').slice(0, 110);
    reasons.set(kind, (reasons.get(kind) ?? 0) + 1);
  }
  for (const [reason, count] of [...reasons].sort((a, b) => b[1] - a[1]).slice(0, 40))
    console.log(`${String(count).padStart(5)}  ${reason}`);
  if (!values.list) return;
  for (const one of rules.filter(({ verdict }) => verdict === 'refused' || verdict === 'crash'))
    console.log(`${one.file} [${one.format}${one.defender ? ', Defender' : ''}]: ${one.reason}`);
}

function printFormat(format, rules) {
  const own = rules.filter((one) => one.format === format);
  if (own.length === 0) return;
  const count = (name) => own.filter(({ verdict }) => verdict === name).length;
  const refused = count('refused') + count('crash');
  const share = ((100 * (own.length - refused)) / own.length).toFixed(1);
  console.log(
    `  ${format.padEnd(15)} ${own.length}: ${count('loaded')} loaded, ${count('warnings')} with warnings, ${refused} refused (${share} % load)`,
  );
}
