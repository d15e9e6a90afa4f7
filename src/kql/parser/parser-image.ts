import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cachedDataVersionTag } from 'node:v8';
import { isOwnFile } from '../../lib/files/own-file.ts';
import { parserScripts } from './parser-scripts.ts';
import { quickScript } from './quick-scripts.ts';

/**
 * A *parser image* is a startup snapshot of Node with the KQL parser in it, its grammar built: a process that starts from one reads
 * its first query after 0.2 s of work, where it takes 1.5 s to build all that. It is kept beside the built program, to which who may
 * write may change the program as well, and is good for one Node, processor and parser; nothing is kept beside the sources.
 */
const BUILT = import.meta.url.endsWith('.js');

/** What an image is made from and, when a process has started from one, loads the rest (see there). */
export const IMAGE_ENTRY = fileURLToPath(new URL('../analyst-image.cjs', import.meta.url));

/** The major version of Node from which on V8 has no setting for when it optimizes: an unknown one would keep it from starting. */
const NO_BUDGET_FROM = 22;

/**
 * A worker lives for some hundred queries, of which each goes through thousands of functions: what V8 spends on optimizing them, above all
 * on copying small ones into others, does not come back. It optimizes later (twice its default) and copies a sixth of what it would; what
 * is called at all is made machine code at once, without optimizing it.
 */
const FOR_SHORT_LIVES = [
  ...(Number.parseInt(process.versions.node, 10) < NO_BUDGET_FROM ? ['--interrupt-budget=130000'] : []),
  '--max-inlined-bytecode-size=100',
  '--max-inlined-bytecode-size-cumulative=150',
  '--always-sparkplug',
];

/** The heap of a process that runs from an image, in MB: an image fits processes with the same flags alone. */
const MEMORY_MB = 1024;
const FLAGS = [`--max-old-space-size=${MEMORY_MB}`, ...FOR_SHORT_LIVES];

/** A machine that builds one for so long has no use for it. */
const LONGEST_MS = 120_000;

/** Another number is another image: what it is made of changes with this program. */
const FORM = 5;

/** Stands in the names of what an image is being made of, and of the image until it is one. */
const UNFINISHED = '.unfinished-';

/** About 23 MB each: one for each Node that is in use here, and the rest goes. */
const MOST_KEPT = 3;

/** Arguments with which Node starts from an image, and goes on with a CommonJS file. */
export function imageArguments(image: string, entry = IMAGE_ENTRY): readonly string[] {
  return [...FLAGS, '--snapshot-blob', image, entry];
}

/** The image that fits this process; null: nobody has made it, or someone else may have. */
export function findImage(): string | null {
  const place = BUILT ? imagePlace() : '';
  return place !== '' && isOwnFile(place) ? place : null;
}

/** Makes the image that fits this process, in a process of its own, in some seconds; null: it cannot, and nothing is lost but time. */
export async function makeImage(): Promise<string | null> {
  if (!BUILT) return null;
  const place = imagePlace();
  const unfinished = `${place}${UNFINISHED}${process.pid}`;
  const script = `${unfinished}.cjs`;
  const parts = parserScripts().map((file, index) => ({ file, quick: `${unfinished}.${index}.js` }));
  try {
    mkdirSync(folder(), { recursive: true, mode: 0o755 });
    // Node gives the script of a snapshot no exports, of which the compiler makes use.
    writeFileSync(script, `const exports = {};\n${readFileSync(IMAGE_ENTRY, 'utf8')}`);
    for (const { file, quick } of parts) writeFileSync(quick, quickScript(readFileSync(file, 'utf8')));
    const quick = parts.map((part) => part.quick);
    const made = await ended([...FLAGS, '--snapshot-blob', unfinished, '--build-snapshot', script, ...quick]);
    if (!made) return null;
    renameSync(unfinished, place);
    dropOthers(place);
    return findImage();
  } catch {
    return null;
  } finally {
    for (const file of [unfinished, script, ...parts.map(({ quick }) => quick)]) rmSync(file, { force: true });
  }
}

function folder(): string {
  return fileURLToPath(new URL('images', import.meta.url));
}

/** A package that is installed anew has other times. */
function imagePlace(): string {
  const scripts = parserScripts().map((file) => statSync(file));
  const state = scripts.map(({ size, mtimeMs }) => `${size}.${Math.round(mtimeMs / 1000)}`);
  return join(folder(), [process.version, cachedDataVersionTag().toString(16), FORM, ...state].join('-'));
}

function dropOthers(place: string): void {
  const files = readdirSync(folder())
    .map((name) => join(folder(), name))
    .filter((file) => file !== place);
  const found = files.map((file) => ({ file, at: statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0 }));
  for (const file of spareImages(found, statSync(place).mtimeMs)) rmSync(file, { force: true });
}

/** Of the files beside an image those that nobody misses: images but the latest, and what a process has left unfinished that was killed. */
export function spareImages(files: readonly { file: string; at: number }[], now: number): readonly string[] {
  const isUnfinished = ({ file }: { file: string }): boolean => file.includes(UNFINISHED);
  const images = files.filter((one) => !isUnfinished(one)).sort((a, b) => b.at - a.at);
  const left = files.filter((one) => isUnfinished(one) && now - one.at > 2 * LONGEST_MS);
  return [...images.slice(MOST_KEPT - 1), ...left].map(({ file }) => file);
}

/** Whether a process of this Node ended well. It has no environment: options of Node in it would make another image. */
function ended(args: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { stdio: 'ignore', env: {}, timeout: LONGEST_MS, windowsHide: true });
    child.on('error', () => resolve(false));
    child.on('exit', (code) => resolve(code === 0));
  });
}
