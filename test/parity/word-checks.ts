import { rowsOf } from '../markdown.ts';
import { exportedNames, type SourceFile } from '../source-files.ts';
import { type ParityCheck, pageOf, type Subject } from './check.ts';

/** A file of src by its path below it. */
export type NamedText = Pick<SourceFile, 'name' | 'text'>;

/** What every plugin of its folder exports under the same names; registries take them as `import * as`. */
const PLUGIN_CONTRACT = ['name', 'configSchema', 'create', 'traits', 'journalRefusal'];

/** Words that no exported name may hold, for what they must not stand. */
const FORBIDDEN: Readonly<Record<string, string>> = {
  event: 'an alert',
  incident: 'an alert',
  detection: 'an alert',
  sink: 'a target',
  output: 'a target',
  notifier: 'a target',
  job: 'a run',
  task: 'a run',
  manager: 'anything',
  helper: 'anything',
  util: 'anything',
  service: 'anything of ours',
};

/** Exported names that hold such a word all the same, because there it means what it should. */
const MEANT: Readonly<Record<string, RegExp>> = {
  'what a row of a Defender table tells': /^(eventTimesBeside|EventTimes|EventRole)$/,
  'rows that the emulator makes and keeps': /^(EventStore|createFileEvents|(Company|createCompany)Events(Options)?)$/,
  "Microsoft's service, which answers": /Service(Clock|Time|Row|Answer|Error|Url)/i,
  'the vendor ServiceNow': /^SERVICENOW$/,
  'services of Windows in the made-up company': /^SERVICES$/,
  'takes the rows of an answer': /^R(ow|aw)Sink$/,
  'what a query of the engine gives': /^(OutputValue|outputOf|declaredOutput)$/,
};

/** Words that are taken: the folders and files whose names may hold them. */
const TAKEN: Readonly<Record<string, readonly string[]>> = {
  window: ['kql/', 'rules/', 'alerts/', 'run/', 'trial/', 'config/'],
  condition: ['run/', 'outbox/target-conditions.ts'],
  standing: ['state/store.ts'],
  attempt: [],
  settle: [],
  reconcile: [],
  tally: ['trial/'],
  binding: ['engine/'],
  closure: ['kql/prepare/'],
  meter: ['sources/quota/', 'emulator/meter.ts'],
  flight: ['targets/syslog/'],
  outbox: ['outbox/', 'state/'],
  ledger: ['state/', 'run/'],
};

/** Names in which such a word is the language's own. */
const OF_THE_LANGUAGE = /^WINDOW_FUNCTIONS$/;

/** One word for one thing: the table of words in docs/architecture.md, and the names that src exports. */
export const WORD_CHECKS: readonly ParityCheck[] = [
  {
    name: 'architecture.md says of each word once where it is at home',
    complaints: (subject) => {
      const homes = homesOf(textsOf(subject));
      const rows = rowsOf(pageOf(subject, 'docs/architecture.md'), 'word');
      const words = rows.map(([word = '']) => word);
      return [
        ...rows.flatMap(([word = '', , home = '']) => strayed(word, home, homes)),
        ...words.filter((word, index) => words.indexOf(word) !== index).map((word) => `${word} stands there twice`),
        ...(rows.length === 0 ? ['there are no words'] : []),
      ];
    },
  },
  { name: 'exported names stand for one thing each', complaints: (subject) => twice(textsOf(subject)) },
  {
    name: 'exported names hold no word that never stands for what we have',
    complaints: (subject) => forbidden(textsOf(subject)),
  },
  { name: 'exported names hold no word that is taken elsewhere', complaints: (subject) => taken(textsOf(subject)) },
  {
    name: 'names are excused only where there are such',
    complaints: (subject) => {
      const names = [...homesOf(textsOf(subject)).keys()];
      const excuses = [...Object.values(MEANT), OF_THE_LANGUAGE];
      return excuses.filter((pattern) => !names.some((name) => pattern.test(name))).map(String);
    },
  },
];

function textsOf({ tree }: Subject): readonly NamedText[] {
  const paths = tree.list('src').filter((path) => path.endsWith('.ts') && path !== 'src/index.ts');
  return paths.map((path) => ({ name: path.slice('src/'.length), text: tree.read(path) ?? '' }));
}

/** Each name with the files that export it. */
function homesOf(files: readonly NamedText[]): ReadonlyMap<string, readonly string[]> {
  const homes = new Map<string, string[]>();
  for (const file of files)
    for (const name of exportedNames(file)) homes.set(name, [...(homes.get(name) ?? []), file.name]);
  return homes;
}

/** What is wrong with the home of a word: `Name` in `path/below/src.ts`. */
export function strayed(word: string, home: string, homes: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const [, name = '', path = ''] = /^`(\w+)` in `([\w/.-]+)`$/.exec(home) ?? [];
  if (name === '') return [`${word}: no home is given`];
  return homes.get(name)?.includes(path) ? [] : [`${word}: ${path} does not export ${name}`];
}

/** Names that several files export. */
export function twice(files: readonly NamedText[]): readonly string[] {
  return [...homesOf(files)]
    .filter(([name, homes]) => homes.length > 1 && !PLUGIN_CONTRACT.includes(name))
    .map(([name, homes]) => `${name}: ${homes.join(', ')}`);
}

export function forbidden(files: readonly NamedText[]): readonly string[] {
  const isMeant = (name: string): boolean => Object.values(MEANT).some((pattern) => pattern.test(name));
  return [...homesOf(files)]
    .filter(([name]) => !isMeant(name) && wordsOf(name).some((word) => Object.hasOwn(FORBIDDEN, word)))
    .map(([name, homes]) => `${name} in ${homes.join(', ')}`);
}

export function taken(files: readonly NamedText[]): readonly string[] {
  return [...homesOf(files)].flatMap(([name, homes]) =>
    wordsOf(name).flatMap((word) => {
      const owners = Object.hasOwn(TAKEN, word) && !OF_THE_LANGUAGE.test(name) ? TAKEN[word] : undefined;
      const strangers = owners ? homes.filter((home) => !owners.some((owner) => home.startsWith(owner))) : [];
      return strangers.map((home) => `${name} in ${home}: "${word}" is taken`);
    }),
  );
}

/** The words of a name, in small letters and singular. */
function wordsOf(name: string): readonly string[] {
  const parts = name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? [];
  return parts.map((part) => part.toLowerCase().replace(/(?<!s)s$/, ''));
}
