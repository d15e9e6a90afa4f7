import { commandsOf, rowsOf } from '../markdown.ts';
import { allPages, differing, type ParityCheck, pageOf, type Subject } from './check.ts';
import { STARTED } from './file-checks.ts';

const SCRIPTS = [
  'bench',
  'build',
  'check',
  'demo',
  'fuzz',
  'lint',
  'power',
  'sbom',
  'test',
  'test:long',
  'test:lines',
  'test:newest',
  'test:slow',
  'typecheck',
  'vsix',
  'weeks',
];
const BUILDS_FIRST = ['demo', 'test', 'test:lines', 'test:long', 'test:newest', 'test:slow', 'bench', 'power', 'fuzz'];
/** What `npm run build` makes. */
const MADE = /^dist\//;

interface PackageJson {
  readonly version: string;
  readonly license: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly files: readonly string[];
  readonly dependencies: Readonly<Record<string, string>>;
}

function packageOf({ tree }: Subject): PackageJson {
  return JSON.parse(tree.read('package.json') ?? '{}');
}

/** package.json against what people are told of it. */
export const PACKAGE_CHECKS: readonly ParityCheck[] = [
  {
    name: 'package.json has the scripts that people are told of, and none that runs at install',
    complaints: (subject) => differing('package.json', Object.keys(packageOf(subject).scripts), SCRIPTS),
  },
  {
    name: 'package.json builds before what needs it',
    complaints: (subject) => {
      const { scripts } = packageOf(subject);
      return BUILDS_FIRST.filter((name) => !scripts[name]?.startsWith('npm run build --silent && '));
    },
  },
  {
    name: 'package.json has every script that the documentation names',
    complaints: (subject) => {
      const { scripts } = packageOf(subject);
      const named = allPages(subject).flatMap((page) =>
        commandsOf(page, 'npm').flatMap(([, verb, script]) =>
          verb === 'run' ? [script ?? ''] : verb === 'test' ? ['test'] : [],
        ),
      );
      return named.length === 0 ? ['no page names a script'] : named.filter((name) => !scripts[name]);
    },
  },
  {
    name: 'package.json packs files that exist',
    complaints: (subject) =>
      packageOf(subject).files.filter(
        (name) => !MADE.test(name) && subject.tree.read(name) === null && subject.tree.list(name).length === 0,
      ),
  },
  {
    name: 'what starts as a program, a thread or a library is bundled, and packed with it',
    complaints: (subject) => {
      const { files } = packageOf(subject);
      const script = subject.tree.read('scripts/bundle.mjs') ?? '';
      const names = STARTED.map((file) => file.replace(/\.ts$/, ''));
      const needed = ['dist/bundle', 'dist/build-id', ...names.map((name) => `dist/${name}.js`)];
      const foreign = subject.tree.list('src').filter((path) => path.endsWith('.cts'));
      return [
        ...names.filter((name) => !script.includes(`  '${name}',\n`)).map((name) => `${name} is not bundled`),
        ...[...needed, ...foreign.map((path) => path.replace(/^src(.*)\.cts$/, 'dist$1.cjs'))]
          .filter((name) => !files.includes(name))
          .map((name) => `${name} is not packed`),
      ];
    },
  },
  {
    name: 'package.json names one version of each package that is in the bundle, which audits then tell of',
    complaints: (subject) => {
      const [, taken = ''] = /TAKEN_IN = \[([^\]]*)\]/.exec(subject.tree.read('scripts/bundle.mjs') ?? '') ?? [];
      const names = [...taken.matchAll(/'([^']+)'/g)].map(([, name = '']) => name);
      const { dependencies } = packageOf(subject);
      return names.length === 0
        ? ['no package is bundled']
        : names.filter((name) => !/^\d/.test(dependencies[name] ?? ''));
    },
  },
  {
    name: 'package.json is licensed as LICENSE says',
    complaints: (subject) => {
      const isApache = /Apache License\s+Version 2\.0, January 2004/.test(pageOf(subject, 'LICENSE').text);
      return isApache && packageOf(subject).license === 'Apache-2.0' ? [] : ['package.json and LICENSE differ'];
    },
  },
  {
    name: 'the changelog has the version of package.json, or its next one',
    complaints: (subject) => {
      const version = packageOf(subject).version.replaceAll('.', '\\.');
      const pattern = new RegExp(`^## (Unreleased|${version}\\b)`, 'm');
      return pattern.test(pageOf(subject, 'CHANGELOG.md').text) ? [] : ['the changelog has no such heading'];
    },
  },
  {
    name: 'architecture.md gives a reason for the dependencies, and for no others',
    complaints: (subject) => {
      const rows = rowsOf(pageOf(subject, 'docs/architecture.md'), 'package').map(([name = '']) => name);
      return differing('architecture.md', rows, Object.keys(packageOf(subject).dependencies));
    },
  },
];
