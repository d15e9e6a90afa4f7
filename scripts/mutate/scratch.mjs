import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** A copy of all files that git knows or would add: mutants are written there and never into the working tree. */
export function makeScratch(root) {
  const folder = join(tmpdir(), `huntwire-mutate-${basename(root)}`);
  const cacheFolder = join(folder, 'cache');
  const copy = join(folder, 'copy');
  mkdirSync(cacheFolder, { recursive: true });
  mkdirSync(copy, { recursive: true });
  const names = filesOf(root);
  const wanted = new Set(names);
  for (const name of filesBelow(copy)) if (!wanted.has(name)) rmSync(join(copy, name));
  for (const name of names) copyChanged(join(root, name), join(copy, name));
  for (const name of ['node_modules', 'dist']) linkTo(join(root, name), join(copy, name));
  const texts = new Map(names.map((name) => [name, readFileSync(join(copy, name), 'utf8')]));
  return {
    paths: { copy, cacheFolder },
    cacheFolder,
    names,
    /** As the file was at the start, whatever happens in the working tree meanwhile. */
    read: (name) => texts.get(name),
    write: (name, text) => writeFileSync(join(copy, name), text),
  };
}

function filesOf(root) {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root });
  return listed
    .toString()
    .split('\n')
    .filter((name) => name !== '' && existsSync(join(root, name)));
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((name) => !name.startsWith('node_modules') && !name.startsWith('dist/'));
}

/** What stays as it was keeps its time, by which Jest finds transformed files again. */
function copyChanged(from, to) {
  if (existsSync(to) && readFileSync(from).equals(readFileSync(to))) return;
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to);
}

function linkTo(from, to) {
  if (existsSync(from) && !existsSync(to)) symlinkSync(from, to);
}
