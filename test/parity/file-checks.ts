import { join } from 'node:path';
import { localImports } from '../source-files.ts';
import type { ParityCheck, Subject } from './check.ts';
import type { Tree } from './tree.ts';

interface FilesScript {
  generatedFiles(parts: object, read: (path: string) => string): ReadonlyMap<string, string>;
}

const { generatedFiles } = (await import(join(import.meta.dirname, '../../scripts/generate/files.mjs'))) as FilesScript;

/** Files that nobody imports, as they are bundled: the program, the library, what runs as a thread or process of its own. */
export const STARTED = [
  'main.ts',
  'index.ts',
  'cli/lsp/worker.ts',
  'kql/analyst-thread.ts',
  'state/writer/checkpoints/checkpoint-thread.ts',
  'state/writer/database-writer-thread.ts',
  'state/writer/writer-thread.ts',
];
/** And what scripts/generate.mjs asks. */
const BEGINNINGS = [...STARTED, 'engine/support.ts'];
/** Files that came before what takes them: their line goes with the import. */
const AWAITED: readonly string[] = [];

/** A limit behind a test's body, for a whole file, or in what a test expects of a clock of the machine. */
const OWN_LIMIT =
  /^ *\}, ?[\d_]{4,}\);|^jest\.setTimeout\(|expect\([^)]*(performance|systemClock|Date\.now)\b.*toBeLessThan/m;
/** What bench/ and scripts/ load of the built program, without a compiler that would miss it. */
const LOADED = /'([a-z][a-z0-9/-]*)\.js'/g;

const TAKEN = /const \{([^}]*)\} = await (?:load|import)\((?:join\(dist, )?'([a-z][a-z0-9/-]*)\.js'/g;

/** Fast-check makes one for each file that asks, a second and 100 MB. */
const ALL_CHARACTERS = /unit: ['"]binary['"] *[,}]/;

/** Names that a script takes from a file of src which does not export them. */
function notExported(path: string, tree: Tree): readonly string[] {
  return [...(tree.read(path) ?? '').matchAll(TAKEN)].flatMap(([, names = '', file = '']) => {
    const text = tree.read(`src/${file}.ts`) ?? '';
    return names
      .split(',')
      .map((name) => name.split(':')[0]?.trim() ?? '')
      .filter((name) => name !== '' && !new RegExp(`export [^=(]*\\b${name}\\b`).test(text))
      .map((name) => `${path} takes ${name} from ${file}.js`);
  });
}

/** Nothing that is written lies about unused, and what is generated is current. */
export const FILE_CHECKS: readonly ParityCheck[] = [
  {
    name: 'benchmarks and scripts load files of src that are there, and take what these export',
    complaints: ({ tree }) => {
      const scripts = [...tree.list('bench'), ...tree.list('scripts')].filter((path) => path.endsWith('.mjs'));
      return scripts.flatMap((path) => [
        ...[...(tree.read(path) ?? '').matchAll(LOADED)]
          .map(([, name = '']) => name)
          .filter((name) => tree.read(`src/${name}.ts`) === null)
          .map((name) => `${path} loads ${name}.js`),
        ...notExported(path, tree),
      ]);
    },
  },
  {
    name: 'every file of src is taken by another',
    complaints: ({ tree }) => {
      const paths = tree.list('src').filter((path) => path.endsWith('.ts'));
      const files = paths.map((path) => ({ name: path.slice('src/'.length), text: tree.read(path) ?? '' }));
      const taken = new Set(files.flatMap((file) => localImports(file)));
      const exempt = [...BEGINNINGS, ...AWAITED];
      return [
        ...files.map(({ name }) => name).filter((name) => !taken.has(name) && !exempt.includes(name)),
        ...exempt
          .filter((name) => taken.has(name))
          .map((name) => `${name} is taken: its line in file-checks.ts can go`),
      ];
    },
  },
  {
    name: 'no test has a time limit of its own: the one of jest.config.json is for what hangs',
    complaints: ({ tree }) =>
      tree.list('test').filter((path) => path.endsWith('.test.ts') && OWN_LIMIT.test(tree.read(path) ?? '')),
  },
  {
    name: 'no test makes a table of all characters: test/any-character.ts draws them without one',
    complaints: ({ tree }) =>
      tree.list('test').filter((path) => path.endsWith('.ts') && ALL_CHARACTERS.test(tree.read(path) ?? '')),
  },
  // Else: node scripts/generate.mjs
  {
    name: 'generated files are current',
    complaints: staleFiles,
  },
];

/** What scripts/generate.mjs would write. Throws where a page has no place for its table. */
export function madeFiles({ tree, catalogue }: Subject): ReadonlyMap<string, string> {
  return generatedFiles(catalogue.generatorParts, (path) => tree.read(path) ?? '');
}

function staleFiles(subject: Subject): readonly string[] {
  try {
    return [...madeFiles(subject)].filter(([path, text]) => !holds(subject, path, text)).map(([path]) => path);
  } catch (thrown) {
    return [String(thrown)];
  }
}

function holds({ tree }: Subject, path: string, made: string): boolean {
  const text = tree.read(path);
  if (text === null || !path.endsWith('.json')) return text === made;
  return unspaced(text) === unspaced(made);
}

const unspacedTexts = new Map<string, string>();

/** JSON without its spaces. The recipes of docs/adding.md ask for the same few texts again and again. */
function unspaced(text: string): string {
  const known = unspacedTexts.get(text) ?? JSON.stringify(JSON.parse(text));
  unspacedTexts.set(text, known);
  return known;
}
