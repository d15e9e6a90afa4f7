import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { HuntwireError } from '../lib/errors.ts';
import type { Verb } from './cli.ts';
import { EXIT } from './exit-codes.ts';
import { FIRST_CONFIG, FIRST_IGNORE, FIRST_RULE } from './init-files.ts';
import { printLine } from './terminal/print.ts';
import type { World } from './terminal/world.ts';

export const init: Verb = (program, world, done) => {
  program
    .command('init')
    .argument('[folder]', 'where to; this folder where left out', '.')
    .option('--force', 'overwrite files that are there', false)
    .action((folder: string, options: { readonly force: boolean }) => done(writeAll(world, folder, options.force)));
};

const FILES: readonly (readonly [string, string])[] = [
  ['huntwire.yaml', FIRST_CONFIG],
  ['rules/encoded-powershell.yaml', FIRST_RULE],
  ['.gitignore', FIRST_IGNORE],
];

function writeAll(world: World, folder: string, force: boolean): number {
  const root = resolve(world.cwd, folder);
  const taken = FILES.map(([name]) => join(root, name)).filter((path) => existsSync(path));
  if (taken.length > 0 && !force)
    throw new HuntwireError('USAGE', `${taken.join(', ')} is there already; use --force to overwrite.`);
  for (const [name, text] of FILES) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
    printLine(world, `wrote ${name}`);
  }
  const step = folder === '.' ? '' : `cd ${folder} && `;
  printLine(world);
  printLine(world, 'Next:');
  for (const command of ['huntwire lint', 'huntwire test', 'huntwire doctor']) printLine(world, `  ${step}${command}`);
  return EXIT.ok;
}
