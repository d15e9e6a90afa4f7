import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { HuntwireError } from '../lib/errors.ts';
import type { Verb } from './cli.ts';
import { EXIT } from './exit-codes.ts';
import { DEMO_PORT, demoFiles } from './init/demo-files.ts';
import { FIRST_FILES, type FirstFile, IGNORED } from './init/first-files.ts';
import { withIgnored } from './init/ignored.ts';
import { printLine } from './terminal/print.ts';
import type { World } from './terminal/world.ts';

interface InitOptions {
  readonly force: boolean;
  readonly demo: boolean;
  readonly port: string;
}

export const init: Verb = (program, world, done) => {
  program
    .command('init')
    .argument('[folder]', 'where to; this folder where left out', '.')
    .option('--demo', 'write what works at once against "huntwire emulate", and needs no tenant', false)
    .option('--port <number>', 'with --demo: the port on which the stand-in will listen', String(DEMO_PORT))
    .option('--force', 'overwrite the configuration and the rule where they are there', false)
    .action((folder: string, options: InitOptions) => done(writeAll(world, folder, options)));
};

function writeAll(world: World, folder: string, { force, demo, port }: InitOptions): number {
  if (!/^\d{1,5}$/.test(port)) throw new HuntwireError('USAGE', `--port: "${port}" is no port.`);
  const root = resolve(world.cwd, folder);
  const files = demo ? demoFiles(Number(port)) : FIRST_FILES;
  const taken = files.map(({ name }) => join(root, name)).filter((path) => existsSync(path));
  if (taken.length > 0 && !force)
    throw new HuntwireError('USAGE', `${taken.join(', ')} is there already; use --force to overwrite.`);
  for (const file of files) writeOne(world, root, file);
  addIgnored(world, root);
  const enter = folder === '.' ? '' : `cd ${folder} && `;
  printLine(world);
  printLine(world, 'Next:');
  if (demo) printLine(world, `  huntwire emulate --port ${port}   (in another terminal: it goes on until Ctrl-C)`);
  for (const verb of demo ? ['doctor', 'once'] : ['lint', 'test', 'doctor'])
    printLine(world, `  ${enter}huntwire ${verb}`);
  return EXIT.ok;
}

function writeOne(world: World, root: string, { name, text }: FirstFile): void {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
  printLine(world, `wrote ${name}`);
}

/** Adds to a .gitignore that is there, and never takes anything out of it. */
function addIgnored(world: World, root: string): void {
  const path = join(root, '.gitignore');
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const after = withIgnored(before, IGNORED);
  if (after !== before) writeFileSync(path, after);
  printLine(world, `${before === '' ? 'wrote' : after === before ? 'kept' : 'added to'} .gitignore`);
}
