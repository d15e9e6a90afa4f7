import { commandsOf, type Page, rowsOf, section } from '../markdown.ts';
import { allPages, differing, inOrder, type ParityCheck, pageOf, type Subject } from './check.ts';
import { manifestOf } from './manifest.ts';

/** Verbs that are no action of the manifest, each with its reason. */
export const NO_ACTION: Readonly<Record<string, string>> = {
  action: 'does any action; it is how a host that runs commands asks for those that have no verb',
  audit: 'shows whoever runs the process who changed what, the hosts that ask for actions among them',
  backfill:
    'the action backfill_rule does it; the verb asks that of the process that runs, or works by itself where none does',
  completion: 'helps a person at a shell',
  convert: 'rewrites files in a folder of a person; a host has no such folder',
  data: 'shows a person how files on this machine are read; an action that takes such files tells what it could not read',
  demo: 'shows Huntwire to a person; a host has nothing to do with its outcome',
  emulate: 'plays Microsoft for tests until it is stopped; a host that has a tenant has no use for it',
  mcp: 'does actions for assistants; it is a door to them and none of them',
  lsp: 'serves an editor that a person writes rules in; a host validates, tests and explains them by their actions',
  plan: 'compares schedules with the quota for whoever writes rules; test_connection tells a host whether they fit',
  render: 'shows a person what a template makes; send_test_alert tells a host whether a target takes it',
  report: 'draws charts for people; a host has its own, and reads get_status and /metrics',
  route: 'tells whoever writes routes what they do; a host reads the targets of an alert that was sent',
  schema: 'writes a file beside a configuration, for whoever writes rules; a host has no such file',
  state: 'copies and makes files of whoever runs the process; a host has no such files',
  init: 'writes the first files for a person; a host fills in the configuration itself',
};

/** How a test calls a verb: through the command line of a test, in-process, or as a child. */
const CALLS = ['cli(', 'runCli([', 'MAIN, '];

function verbsOf({ catalogue }: Subject): readonly string[] {
  return catalogue.program.commands.map((command) => command.name());
}

/** What every verb needs beside its file and its line in verbs.ts. */
export const VERB_CHECKS: readonly ParityCheck[] = [
  {
    name: 'every verb has a test',
    complaints: (subject) => {
      const files = subject.tree.list('test').filter((path) => /^test\/(cli|e2e)\/.*\.ts$/.test(path));
      const text = files.map((path) => subject.tree.read(path) ?? '').join('\n');
      return verbsOf(subject).filter(
        (verb) =>
          !files.includes(`test/cli/${verb}.test.ts`) && !CALLS.some((call) => text.includes(`${call}'${verb}'`)),
      );
    },
  },
  {
    name: 'every verb has a row in README.md',
    complaints: (subject) => {
      const rows = rowsOf(pageOf(subject, 'README.md'), 'verb').map(([name = '']) => name.split(' ')[0] ?? '');
      return differing('README.md', rows, verbsOf(subject));
    },
  },
  {
    name: 'every verb is an action of the manifest, or says why not',
    complaints: (subject) => {
      const { actions, triggers } = manifestOf(subject);
      const done = [...actions, ...triggers].map(({ command }) => command[1] ?? '').filter((verb) => verb !== 'action');
      const verbs = verbsOf(subject);
      return [
        ...verbs.filter((verb) => !done.includes(verb) && !NO_ACTION[verb]),
        ...Object.keys(NO_ACTION).filter((verb) => done.includes(verb) || !verbs.includes(verb)),
      ];
    },
  },
  {
    name: 'every action has a test',
    complaints: (subject) => {
      const files = subject.tree.list('test').filter((path) => /^test\/(actions|cli|http)\/.*\.ts$/.test(path));
      const text = files.map((path) => subject.tree.read(path) ?? '').join('\n');
      const { actions } = subject.catalogue.generatorParts as { readonly actions: ReadonlyMap<string, unknown> };
      return [...actions.keys()].filter((slug) => !text.includes(`'${slug}'`));
    },
  },
  {
    name: 'every action has its document in operations.md',
    complaints: (subject) => {
      const { text } = section(pageOf(subject, 'docs/operations.md'), '## Machine output');
      const [, block = ''] = text.split('```');
      const words = manifestOf(subject).actions.map(({ command }) => command.slice(1).filter(isWord).join(' '));
      return [...new Set(words)].filter((name) => !new RegExp(`(^|  )${name} +\\S`, 'm').test(block));
    },
  },
  {
    name: 'every verb and option that the documentation names is there',
    complaints: (subject) => allPages(subject).flatMap((page) => wrongCommands(subject, page)),
  },
  {
    name: 'operations.md lists the exit codes',
    complaints: (subject) => {
      const rows = rowsOf(section(pageOf(subject, 'docs/operations.md'), '## Exit codes'), 'code');
      const listed = rows.map(([code = '']) => code);
      return inOrder('operations.md', listed, subject.catalogue.codes.exits.map(String));
    },
  },
];

function isWord(text: string): boolean {
  return /^[a-z]/.test(text) && text !== 'json';
}

function wrongCommands(subject: Subject, page: Page): readonly string[] {
  return commandsOf(page, 'huntwire').flatMap((words) => {
    const said = complaint(subject, words);
    return said ? [`${page.name}: ${words.join(' ')}: ${said}`] : [];
  });
}

/** What is wrong with a documented command, or null. */
function complaint({ catalogue }: Subject, [, name = '', ...rest]: readonly string[]): string | null {
  if (name === '' || name.startsWith('-') || name === 'VERB') return null;
  const verb = catalogue.program.commands.find((one) => one.name() === name);
  if (!verb) return `there is no verb ${name}`;
  const inner = verb.commands.find((one) => one.name() === rest[0]) ?? verb;
  const known = [...inner.options.map((option) => option.long), '--help', '--version'];
  const unknown = rest
    .map((word) => word.split('=')[0])
    .filter((word) => word?.startsWith('--') && !known.includes(word));
  return unknown.length > 0 ? `${name} has no ${unknown.join(', ')}` : null;
}
