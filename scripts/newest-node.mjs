/**
 * Runs tests with other lines of Node, which npm fetches into its cache; nothing is installed.
 * npm run test:newest [-- arguments of jest, such as test/kql]: the unit tests (all but test/e2e, test/kill and test/power) with the newest.
 * npm run test:lines: the build, the program's own start, and tests of its pure parts, with the line before it and the newest, in two minutes.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const { bin } = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8'));
const NEWEST = 'latest';
const LINES = ['24', NEWEST];
/** Parts that touch neither network nor disk, where another V8 would show, and that take seconds. */
const PURE = [
  'test/engine/',
  'test/alerts/',
  'test/formats/(mapping|native|ecs|cef|leef)',
  'test/kql/(render|literal|edits|parser/(adapter|quick-scripts))',
  'test/lib/(text|json|duration|retry-after|clock)',
  'test/rules/(readers/native|prepare-rules|functions|watchlists|lint/query-notes)',
  'test/run/(windows|coverage)',
];
/** The build as package.json has it; what it makes is the same with each line. */
const BUILD = [
  ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'],
  ['scripts/bundle.mjs'],
  ['scripts/build-id.mjs'],
  ['scripts/compile-parser.mjs'],
];
const UNIT = ['--testPathIgnorePatterns', '/node_modules/', '/test/(e2e|kill|power)/'];
const SYSTEM = { win32: 'win' }[process.platform] ?? process.platform;

function run(line, command) {
  const given = ['exec', '--yes', `--package=node-${SYSTEM}-${process.arch}@${line}`, '--', 'node', ...command];
  const { error, status } = spawnSync('npm', given, {
    cwd: join(import.meta.dirname, '..'),
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

function test(line, given) {
  run(line, ['--version']);
  run(line, ['--no-warnings', 'node_modules/jest/bin/jest.js', ...given]);
}

const given = process.argv.slice(2);
if (given[0] !== '--lines') test(NEWEST, [...given, ...UNIT]);
else
  for (const line of LINES) {
    for (const step of BUILD) run(line, step);
    run(line, [bin.huntwire, 'lint', 'rules']);
    test(line, [...PURE, '-w', '2']);
  }
