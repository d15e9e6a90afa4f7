import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { root } from '../markdown.ts';

/** What the copy is made of: all that a check or a test of the recipes reads. */
const COPIED = [
  ...['src', 'test', 'docs', 'schemas', 'rules', 'scripts', 'bench', 'deploy', 'hosts'],
  ...['manifest.json', 'package.json', 'tsconfig.json', 'tsconfig.build.json', 'jest.config.json'],
  ...['README.md', 'CHANGELOG.md', 'LICENSE', 'SECURITY.md'],
];

export interface Scratch {
  readonly folder: string;
  /** Writes files; those below test/ are compiled, too. */
  write(files: Iterable<readonly [string, string]>): void;
  /** What the compiler says of src/ and of what was written below test/; nothing where all is well. */
  compile(): Promise<string>;
  /** Runs tests of the copy; the exit code and what was printed. */
  test(files: readonly string[]): Promise<Ended>;
  remove(): void;
}

interface Ended {
  readonly code: number | null;
  readonly text: string;
}

/** A copy of the repository in a folder of its own, with the installed packages beside it. */
export function makeScratch(): Scratch {
  const place = mkdtempSync(join(tmpdir(), 'huntwire-adding-'));
  const folder = join(place, 'copy');
  const written: string[] = [];
  for (const name of COPIED) cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(place, 'node_modules'));
  return {
    folder,
    write: (files) => {
      for (const [path, text] of files) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
        written.push(path);
      }
    },
    compile: async () => {
      const compiler = join(root, 'node_modules/typescript/bin/tsc');
      const include = ['src', ...written.filter((path) => /^test\/.*\.ts$/.test(path))];
      const project = join(folder, 'tsconfig.adding.json');
      const compilerOptions = { noEmit: true, rootDir: '.' };
      writeFileSync(project, JSON.stringify({ extends: './tsconfig.build.json', compilerOptions, include }));
      takeKnown(folder);
      const { text } = await run([compiler, '-p', project, '--singleThreaded'], folder, CHEAP_COMPILER);
      rmSync(project);
      return text;
    },
    test: (files) => {
      const jest = join(root, 'node_modules/jest/bin/jest.js');
      const options = ['--rootDir', folder, '--cacheDirectory', join(place, 'cache'), '--runInBand', '--silent'];
      return run(['--no-warnings', '--max-semi-space-size=64', jest, ...options, '--runTestsByPath', ...files], folder);
    },
    remove: () => rmSync(place, { recursive: true, force: true }),
  };
}

/** What the compiler found when it built: it then looks at what is new or changed, and at what that may touch. Without a build it looks at all. */
function takeKnown(folder: string): void {
  const known = join(root, KNOWN);
  if (!existsSync(known)) return;
  const packages = `${relative(dirname(join(folder, KNOWN)), join(root, 'node_modules')).replaceAll('\\', '/')}/`;
  mkdirSync(dirname(join(folder, KNOWN)), { recursive: true });
  writeFileSync(join(folder, KNOWN), readFileSync(known, 'utf8').replaceAll('"../node_modules/', `"${packages}`));
}

const KNOWN = 'dist/.tsbuildinfo';

/** Several checkers each look at the types that they share, and other tests have the cores meanwhile; the compiler frees memory a quarter as often. */
const CHEAP_COMPILER = { GOGC: '400' };

function run(args: readonly string[], cwd: string, more: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    // Its files are no files of this run: what they take is counted with this one.
    const { HUNTWIRE_TEST_TIMES: _, ...env } = process.env;
    const child = spawn(process.execPath, args, { cwd, env: { ...env, ...more }, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
    }
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, text }));
  });
}
