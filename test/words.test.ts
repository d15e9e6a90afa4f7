import { describe, expect, it } from '@jest/globals';
import { readPage, rowsOf } from './markdown.ts';
import { exportedNames, type SourceFile, sourceFiles } from './source-files.ts';

/** What every plugin of its folder exports under the same names; registries take them as `import * as`. */
const PLUGIN_CONTRACT = ['name', 'configSchema', 'create', 'traits'];

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
  'what a row of a Defender table tells': /^(eventTimeOf|EventRole)$/,
  'rows that the emulator makes and keeps': /^(EventStore|createFileEvents|(Company|createCompany)Events(Options)?)$/,
  "Microsoft's service, which answers": /Service(Clock|Time|Row|Answer|Error|Url)/i,
  'services of Windows in the made-up company': /^SERVICES$/,
  'takes the rows of an answer': /^R(ow|aw)Sink$/,
  'what a query of the engine gives': /^(OutputValue|outputOf|declaredOutput)$/,
};

/** Words that are taken: the folders and files whose names may hold them. */
const TAKEN: Readonly<Record<string, readonly string[]>> = {
  window: ['kql/', 'rules/', 'alerts/', 'run/', 'trial/'],
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

const files = sourceFiles().filter((file) => file.name !== 'index.ts');

interface Word {
  readonly word: string;
  readonly home: string;
}

function wordsOf(name: string): readonly string[] {
  const parts = name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? [];
  return parts.map((part) => part.toLowerCase().replace(/(?<!s)s$/, ''));
}

/** Each name with the files that export it. */
function homesOf(all: readonly Pick<SourceFile, 'name' | 'text'>[]): ReadonlyMap<string, readonly string[]> {
  const homes = new Map<string, string[]>();
  for (const file of all)
    for (const name of exportedNames(file)) homes.set(name, [...(homes.get(name) ?? []), file.name]);
  return homes;
}

function twice(all: readonly Pick<SourceFile, 'name' | 'text'>[]): string[] {
  return [...homesOf(all)]
    .filter(([name, homes]) => homes.length > 1 && !PLUGIN_CONTRACT.includes(name))
    .map(([name, homes]) => `${name}: ${homes.join(', ')}`);
}

function forbidden(all: readonly Pick<SourceFile, 'name' | 'text'>[]): string[] {
  const isMeant = (name: string): boolean => Object.values(MEANT).some((pattern) => pattern.test(name));
  return [...homesOf(all)]
    .filter(([name]) => !isMeant(name) && wordsOf(name).some((word) => word in FORBIDDEN))
    .map(([name, homes]) => `${name} in ${homes.join(', ')}`);
}

function taken(all: readonly Pick<SourceFile, 'name' | 'text'>[]): string[] {
  return [...homesOf(all)].flatMap(([name, homes]) =>
    wordsOf(name).flatMap((word) => {
      const owners = Object.hasOwn(TAKEN, word) && !OF_THE_LANGUAGE.test(name) ? TAKEN[word] : undefined;
      const strangers = owners ? homes.filter((home) => !owners.some((owner) => home.startsWith(owner))) : [];
      return strangers.map((home) => `${name} in ${home}: "${word}" is taken`);
    }),
  );
}

/** What is wrong with a row of the table of words, or null. */
function complaint({ word, home }: Word, homes: ReadonlyMap<string, readonly string[]>): string | null {
  const [, name = '', path = ''] = /^`(\w+)` in `([\w/.-]+)`$/.exec(home) ?? [];
  if (name === '') return `${word}: no home is given`;
  return homes.get(name)?.includes(path) ? null : `${word}: ${path} does not export ${name}`;
}

describe('the table of words in docs/architecture.md', () => {
  const rows = rowsOf(readPage('docs/architecture.md'), 'word').map(([word = '', , home = '']) => ({ word, home }));
  const homes = homesOf(files);

  it('leads to what each word stands for', () => {
    expect(rows.length).toBeGreaterThan(50);
    expect(rows.map((row) => complaint(row, homes)).filter((one) => one !== null)).toEqual([]);
  });

  it('has each word once', () => {
    expect(new Set(rows.map((row) => row.word)).size).toBe(rows.length);
  });

  it('is caught lying', () => {
    expect(complaint({ word: 'alert', home: '`Alert` in `alerts/hit.ts`' }, homes)).toBe(
      'alert: alerts/hit.ts does not export Alert',
    );
    expect(complaint({ word: 'alert', home: '–' }, homes)).toBe('alert: no home is given');
  });
});

describe('exported names', () => {
  it('stand for one thing each', () => {
    expect(twice(files)).toEqual([]);
  });

  it('hold no word that never stands for what we have', () => {
    expect(forbidden(files)).toEqual([]);
  });

  it('hold no word that is taken by another folder', () => {
    expect(taken(files)).toEqual([]);
  });

  it('are listed as meant only where there are such', () => {
    const names = [...homesOf(files).keys()];
    const listed = [...Object.values(MEANT), OF_THE_LANGUAGE];
    expect(listed.filter((pattern) => !names.some((name) => pattern.test(name)))).toEqual([]);
  });

  it('planted ones are caught', () => {
    const planted = [
      { name: 'alerts/a.ts', text: 'export interface AlertEvent {}\nexport const RUN_TASKS = 1;' },
      { name: 'outbox/b.ts', text: 'export async function settleWindow() {}\nexport type AlertEvent = string;' },
      { name: 'sources/c.ts', text: "export const { name, traits } = make();\nexport { one } from './d.ts';" },
      { name: 'sources/d.ts', text: 'export const traits = 1;' },
    ];
    expect(twice(planted)).toEqual(['AlertEvent: alerts/a.ts, outbox/b.ts']);
    expect(forbidden(planted)).toEqual(['AlertEvent in alerts/a.ts, outbox/b.ts', 'RUN_TASKS in alerts/a.ts']);
    expect(taken(planted)).toEqual([
      'settleWindow in outbox/b.ts: "settle" is taken',
      'settleWindow in outbox/b.ts: "window" is taken',
    ]);
  });
});
