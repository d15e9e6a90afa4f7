import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { HuntwireError } from '../lib/errors.ts';
import type { Verb } from './cli.ts';
import { EXIT } from './exit-codes.ts';
import { DEMO_PORT, demoFiles } from './init/demo-files.ts';
import { FIRST_FILES, type FirstFile, IGNORED } from './init/first-files.ts';
import { withIgnored } from './init/ignored.ts';
import { REPOSITORY_FILES, REPOSITORY_IGNORED } from './init/repository-files.ts';
import { printLine } from './terminal/print.ts';
import type { World } from './terminal/world.ts';

interface InitOptions {
  readonly force: boolean;
  readonly demo: boolean;
  readonly repository: boolean;
  readonly port: string;
}

export const init: Verb = (program, world, done) => {
  program
    .command('init')
    .argument('[folder]', 'where to; this folder where left out', '.')
    .option('--demo', 'write what works at once against "huntwire emulate", and needs no tenant', false)
    .option('--repository', 'write a whole repository of rules: two with tests, CI, editor settings, a hook', false)
    .option('--port <number>', 'with --demo: the port on which the stand-in will listen', String(DEMO_PORT))
    .option('--force', 'overwrite the configuration and the rule where they are there', false)
    .action((folder: string, options: InitOptions) => done(writeAll(world, folder, options)));
};

function writeAll(world: World, folder: string, options: InitOptions): number {
  const { force, demo, repository, port } = options;
  if (!/^\d{1,5}$/.test(port)) throw new HuntwireError('USAGE', `--port: "${port}" is no port.`);
  if (demo && repository) throw new HuntwireError('USAGE', '--demo and --repository do not go together.');
  const root = resolve(world.cwd, folder);
  const files = demo ? demoFiles(Number(port)) : repository ? REPOSITORY_FILES : FIRST_FILES;
  const taken = files.map(({ name }) => join(root, name)).filter((path) => existsSync(path));
  if (taken.length > 0 && !force)
    throw new HuntwireError(
      'USAGE',
      `${taken.join(', ')} ${taken.length === 1 ? 'is' : 'are'} there already; use --force to overwrite.`,
    );
  for (const file of files) writeOne(world, root, file);
  addIgnored(world, root, repository ? [...IGNORED, ...REPOSITORY_IGNORED] : IGNORED);
  printNext(world, folder, options);
  return EXIT.ok;
}

function printNext(world: World, folder: string, { demo, repository, port }: InitOptions): void {
  const enter = folder === '.' ? '' : `cd ${folder} && `;
  printLine(world);
  printLine(world, 'Next:');
  if (demo) printLine(world, `  huntwire emulate --port ${port}   (in another terminal: it goes on until Ctrl-C)`);
  if (repository) {
    printLine(world, `  ${enter}npm install`);
    printLine(world, `  ${enter}git init && git config core.hooksPath .githooks   (lint and test before each commit)`);
  }
  for (const verb of demo ? ['doctor', 'once'] : ['lint', 'test', 'doctor'])
    printLine(world, `  ${enter}${repository ? 'npx ' : ''}huntwire ${verb}`);
}

function writeOne(world: World, root: string, { name, text, executable }: FirstFile): void {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
  if (executable) chmodSync(join(root, name), 0o755);
  printLine(world, `wrote ${name}`);
}

/** Adds to a .gitignore that is there, and never takes anything out of it. */
function addIgnored(world: World, root: string, lines: readonly string[]): void {
  const path = join(root, '.gitignore');
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const after = withIgnored(before, lines);
  if (after !== before) writeFileSync(path, after);
  printLine(world, `${before === '' ? 'wrote' : after === before ? 'kept' : 'added to'} .gitignore`);
}
