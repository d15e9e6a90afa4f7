import { dirname, relative, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { EXTRA, LOADS, NOT_FOR_APP, ROOMS_APART, TABLE } from './import-table.ts';
import {
  type Import,
  importsOf,
  loadedWith,
  localImports,
  sourceFolder as source,
  sourceFiles,
} from './source-files.ts';

const PURE = [
  /^alerts\//,
  /^formats\//,
  /^rules\/lint\//,
  /^rules\/(cron\/[a-z-]+|rule|rule-hash|shape)\.ts$/,
  /^run\/(schedule|coverage|coverage\/[a-z-]+|windows|rule-edits|rule-conditions|health|outcome|make-alerts)\.ts$/,
  /^run\/desk\/(due-heap|ready-turns)\.ts$/,
  /^run\/clock\/agreement\.ts$/,
  /^run\/(error-place|quota-fit|retirement)\.ts$/,
  /^trial\/(backtest-(cost|plan|tally)|compare-backtests|match-alerts|outside-window|ticks)\.ts$/,
  /^outbox\/(backoff|follow-up|pace)\.ts$/,
  /^sources\/(errors|service-answer|throttle-wait|decode\/(column-types|scan-json|parse-lossless|normalize-\w+))\.ts$/,
  /^sources\/quota\/(day-cost|lanes|periods)\.ts$/,
  /^targets\/(mask|single-line|webhook\/webhook-(answer|signature)|syslog\/(message|structured-data|header-text))\.ts$/,
];
/** Files of lib that touch the world: the pure middle takes what they make as an argument, by type only. */
const IMPURE_LIB = /\/lib\/(abort|bell|check-name|clock|connect-once|connections|dispatcher|tls)\.ts$/;
const IMPURE_IMPORT =
  /^(node:(fs|http|http2|https|net|tls|dgram|dns|os|timers|child_process|worker_threads)|undici|libsql|winston)/;
const IMPURE_CALL =
  /Date\.now\b|new Date\(\)|Math\.random\b|performance\.now\b|random(UUID|Bytes)\(|set(Timeout|Interval|Immediate)\(|queueMicrotask\(|process\.(env|cwd|std)|\basync\b|\bawait\b|\bPromise[<.(]/;

const files = sourceFiles();

const SIZE_LIMIT = 250;
/** Files of one folder, not counting what its registry or list of verbs names: those are found by name. */
const FOLDER_LIMIT = 30;

/** Without comments, which may speak of what the code does not do. */
function codeOf(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
}

function apart(file: string, target: string): boolean {
  const room = Object.keys(ROOMS_APART).find((name) => file.startsWith(`${name}/`)) ?? '';
  return ROOMS_APART[room]?.some((other) => target.startsWith(`${other}/`)) ?? false;
}

/** Files that import each other in a circle, types included; each circle in the order of its imports. */
function circlesOf(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start >= 0) found.push([...path.slice(start), file].join(' > '));
    if (start >= 0 || done.has(file)) return;
    for (const next of imports.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  return found;
}

/** What a folder holds beside the plugins, families and verbs that its `registry.ts` or `verbs.ts` lists. */
function countedFiles(folder: string): string[] {
  const here = files.filter((file) => dirname(file.name) === folder);
  const lists = here.filter((file) => /\/(registry|verbs)\.ts$/.test(file.name));
  const listed = new Set(lists.flatMap((file) => localImports(file, false)));
  return here.map((file) => file.name).filter((name) => !listed.has(name));
}

function complaint(one: Import): string | null {
  if (!one.target.startsWith('.')) return null;
  const target = relative(source, resolve(source, dirname(one.file), one.target));
  if (target.startsWith('..'))
    return target.startsWith('../schemas/') || target === '../package.json'
      ? null
      : `${one.file} imports ${one.target}`;
  const from = one.file.includes('/') ? (one.file.split('/')[0] ?? '') : one.file;
  const to = target.split('/')[0] ?? '';
  if (apart(one.file, target)) return `${one.file} imports ${target}`;
  if (from === to || from === 'cli' || from === 'main.ts' || from === 'index.ts') return null;
  if (from === 'app.ts' || from === 'app') return NOT_FOR_APP.includes(to) ? `${from} imports ${to}` : null;
  if (EXTRA[one.file]?.some((allowed) => target.startsWith(allowed))) return null;
  const allowed = TABLE[from] ?? [];
  if (allowed.some((entry) => target === entry || target.startsWith(`${entry}/`))) return null;
  if (allowed.includes(`${to}(t)`)) return one.typeOnly ? null : `${one.file} imports ${target} for more than types`;
  return `${one.file} imports ${target}`;
}

describe('the import table', () => {
  it('is kept by every file', () => {
    const complaints = files
      .flatMap((file) => importsOf(file.name, file.text).map(complaint))
      .filter((one) => one !== null);
    expect(complaints).toEqual([]);
  });

  it('has a row for every folder', () => {
    const folders = new Set(files.filter((file) => file.name.includes('/')).map((file) => file.name.split('/')[0]));
    for (const wiring of ['cli', 'app']) folders.delete(wiring);
    expect([...folders].filter((folder) => !TABLE[folder ?? ''])).toEqual([]);
  });

  it('catches planted violations', () => {
    const planted = [
      importsOf('lib/x.ts', "import { a } from '../rules/rule.ts';"),
      importsOf('alerts/x.ts', "import { SEVERITIES } from '../rules/rule.ts';"),
      importsOf('run/x.ts', "import type { Target } from '../targets/target.ts';"),
      importsOf('app.ts', "import { startEmulator } from './emulator/server.ts';"),
      importsOf('run/y.ts', "import { type Store } from '../state/store.ts';"),
      importsOf('run/z.ts', "import {} from '../state/store.ts';"),
      importsOf('run/z.ts', "export * from '../state/store.ts';"),
      importsOf('lib/y.ts', 'const one = await import(`../rules/rule.ts`);'),
      importsOf('engine/x.ts', "import { prepareQuery } from '../kql/prepare-query.ts';"),
      importsOf('kql/x.ts', "import type { Value } from '../engine/value.ts';"),
      importsOf('alerts/map/x.ts', "import type { Decision } from '../decide/decision.ts';"),
      importsOf('alerts/collect/x.ts', "import { details } from '../map/details.ts';"),
    ];
    expect(planted.map((imports) => imports.map(complaint)[0])).toEqual([
      'lib/x.ts imports rules/rule.ts',
      'alerts/x.ts imports rules/rule.ts for more than types',
      'run/x.ts imports targets/target.ts',
      'app.ts imports emulator',
      'run/y.ts imports state/store.ts for more than types',
      'run/z.ts imports state/store.ts for more than types',
      'run/z.ts imports state/store.ts for more than types',
      'lib/y.ts imports rules/rule.ts',
      'engine/x.ts imports kql/prepare-query.ts for more than types',
      'kql/x.ts imports engine/value.ts',
      'alerts/map/x.ts imports alerts/decide/decision.ts',
      'alerts/collect/x.ts imports alerts/map/details.ts',
    ]);
    expect(complaint({ file: 'alerts/x.ts', target: '../rules/rule.ts', typeOnly: true, later: false })).toBeNull();
  });
});

describe('circles of imports', () => {
  it('there are none, not even of types', () => {
    expect(circlesOf(new Map(files.map((file) => [file.name, localImports(file)])))).toEqual([]);
  });

  it('a planted one is found', () => {
    const planted = new Map([
      ['a.ts', ['b.ts']],
      ['b.ts', ['c.ts']],
      ['c.ts', ['b.ts']],
    ]);
    expect(circlesOf(planted)).toEqual(['b.ts > c.ts > b.ts']);
  });
});

describe('the pure middle', () => {
  const pure = files.filter((file) => PURE.some((pattern) => pattern.test(file.name)));

  it('is where the list says, and planted impurity is caught', () => {
    expect(PURE.filter((pattern) => !files.some((file) => pattern.test(file.name)))).toEqual([]);
    for (const call of ['Date.now()', 'await work()', 'Promise.all([])', 'const env = process.env', 'setImmediate(f)'])
      expect(IMPURE_CALL.test(codeOf(`${call} // comment`))).toBe(true);
    expect(IMPURE_CALL.test(codeOf('/** Nothing here may await a Promise<void>. */\nconst one = 1;'))).toBe(false);
  });

  it('imports nothing that touches the world', () => {
    const impure = pure.flatMap((file) =>
      importsOf(file.name, file.text).filter(
        (one) => !one.typeOnly && (IMPURE_IMPORT.test(one.target) || IMPURE_LIB.test(one.target)),
      ),
    );
    expect(impure).toEqual([]);
  });

  it('reads no clock, no randomness, no environment, and never waits', () => {
    expect(pure.filter((file) => IMPURE_CALL.test(codeOf(file.text))).map((file) => file.name)).toEqual([]);
  });
});

describe('what is loaded before a verb begins', () => {
  const texts = new Map(files.map((file) => [file.name, file.text]));

  /** Folders and packages that are loaded with a file and may not be. */
  function tooMuch(file: string, all = texts): readonly string[] {
    const { folders, packages } = LOADS[file] ?? { folders: [], packages: [] };
    const names = [...loadedWith(file, all)].filter((name) => !name.startsWith('node:') && !name.endsWith('.json'));
    const own = names
      .filter((name) => all.has(name))
      .map((name) => (name.includes('/') ? (name.split('/')[0] ?? '') : name));
    const foreign = names.filter((name) => !all.has(name)).map((name) => name.match(/^(@[^/]+\/)?[^/]+/)?.[0] ?? name);
    const wrong = [
      ...own.filter((folder) => folder !== file && !folders.includes(folder)),
      ...foreign.filter((name) => packages !== null && !packages.includes(name)),
    ];
    return [...new Set(wrong)].map((name) => `${file} loads ${name}`);
  }

  it('is no more than the list says', () => {
    expect(Object.keys(LOADS).flatMap((file) => tooMuch(file))).toEqual([]);
  });

  it('is listed for every verb', () => {
    const verbs = localImports({ name: 'cli/verbs.ts', text: texts.get('cli/verbs.ts') ?? '' }, false);
    expect(verbs.filter((file) => file !== 'cli/cli.ts' && !LOADS[file])).toEqual([]);
  });

  it('a planted load is found, whoever does it; what is loaded later is not', () => {
    const planted = new Map([
      ['cli/query.ts', "import { a } from '../lib/x.ts';\nconst later = () => import('../engine/y.ts');"],
      ['lib/x.ts', "import 'undici';\nimport { b } from '../state/z.ts';\nimport type { C } from '../run/c.ts';"],
      ['state/z.ts', ''],
      ['run/c.ts', ''],
      ['engine/y.ts', ''],
    ]);
    expect(tooMuch('cli/query.ts', planted)).toEqual(['cli/query.ts loads state', 'cli/query.ts loads undici']);
  });
});

describe('size', () => {
  it('keeps every file within 250 lines', () => {
    const long = files
      .filter((file) => file.text.split('\n').length > SIZE_LIMIT + 1)
      .map((file) => `${file.name}: ${file.text.split('\n').length}`);
    expect(long).toEqual([]);
  });

  it('keeps every folder within 30 files, listed plugins and verbs not counted', () => {
    const folders = [...new Set(files.map((file) => dirname(file.name)))];
    expect(folders.filter((folder) => countedFiles(folder).length > FOLDER_LIMIT)).toEqual([]);
    expect(countedFiles('sources')).not.toContain('sources/graph.ts');
    expect(countedFiles('sources')).toContain('sources/source.ts');
  });
});
