/**
 * Step of the build: bundles the program into few files, since Node spends more on opening a thousand modules than most verbs do on their work.
 * The compiler's modules stay in dist for benchmarks and tests; what starts as a process, a thread or a library is replaced there by a line that
 * leads to dist/bundle, where what is loaded by `import()` is a file of its own. Where nothing has changed, nothing is done.
 * node scripts/bundle.mjs
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { noticesOf } from './bundle/notices.mjs';
import { placedModules } from './bundle/placed.mjs';
import { copyTypes } from './bundle/types.mjs';

const root = join(import.meta.dirname, '..');
const source = join(root, 'src');
const dist = join(root, 'dist');
const made = join(dist, 'bundle');
const record = join(made, 'made-of');

/** What starts as a process or a thread of its own, and the library. */
const STARTED = [
  'main',
  'index',
  'cli/lsp/worker',
  'kql/analyst-thread',
  'state/writer/checkpoints/checkpoint-thread',
  'state/writer/database-writer-thread',
  'state/writer/writer-thread',
];
/** What users of the library import. The engine is imported by other modules of dist, too, and stays there what it is. */
const LIBRARY = ['index', 'engine/kql-engine'];
/** Packages that a start needs, some of hundreds of files: pinned in package.json, so that an audit tells of the version that is in the bundle. */
const TAKEN_IN = ['ajv', 'cli-progress', 'commander', 'croner', 'jsonata', 'kysely', 're2js', 'winston', 'yaml'];

/** CommonJS packages ask for modules of Node by what one file of the bundle defines: a module has no `require` but this. */
const DEFINES_REQUIRE = /^var __require = /m;
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); ";

const texts = new Map(
  readdirSync(source, { recursive: true })
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => [name, readFileSync(join(source, name), 'utf8')]),
);
const state = digest();
const bundler = state === lastState() ? null : await bundlerOf();
if (bundler) await bundle(bundler);
if (existsSync(record)) for (const name of STARTED) writeFileSync(join(dist, `${name}.js`), leading(name));

/** Of all that decides what the bundle is. */
function digest() {
  const scripts = [
    'scripts/bundle.mjs',
    ...readdirSync(join(root, 'scripts/bundle')).map((name) => `scripts/bundle/${name}`),
  ];
  const packages = ['esbuild', ...TAKEN_IN].map((name) => `node_modules/${name}/package.json`);
  const there = packages.filter((name) => existsSync(join(root, name)));
  const files = ['package.json', ...scripts, ...there].map((name) => [name, readFileSync(join(root, name))]);
  const hash = createHash('sha256');
  for (const [name, text] of [...texts, ...files]) hash.update(`${name}\n${text.length}\n`).update(text);
  return hash.digest('base64');
}

function lastState() {
  try {
    return readFileSync(record, 'utf8');
  } catch {
    return null;
  }
}

/** Packages may have been installed before there was a bundler among them: a first build then stays as the compiler made it. */
async function bundlerOf() {
  try {
    return (await import('esbuild')).build;
  } catch (cause) {
    if (existsSync(record)) throw new Error('The program cannot be bundled anew: run npm ci.', { cause });
    console.error('The program is not bundled and starts slowly: run npm ci.');
    return null;
  }
}

async function bundle(build) {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const apart = Object.keys(dependencies).filter((name) => !TAKEN_IN.includes(name));
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(
      [...new Set([...STARTED, ...LIBRARY])].map((name) => [flat(name), join(source, `${name}.ts`)]),
    ),
    outdir: made,
    ...{ bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'node20.18' },
    external: apart.flatMap((name) => [name, `${name}/*`]),
    plugins: [placedModules(source, texts, made)],
    ...{ sourcemap: true, sourcesContent: false, write: false, metafile: true, logLevel: 'warning' },
  });
  mkdirSync(made, { recursive: true });
  rmSync(record, { force: true });
  write(outputFiles);
  writeFileSync(join(made, 'NOTICES.txt'), noticesOf(Object.keys(metafile.inputs), root));
  copyTypes(LIBRARY, dist, join(made, 'types'));
  writeFileSync(record, state);
}

/** Files of another build go only when those of this one are there. */
function write(files) {
  for (const { path, contents, text } of files)
    writeFileSync(path, DEFINES_REQUIRE.test(text) ? `${REQUIRE}${text}` : contents);
  const names = new Set(files.map(({ path }) => relative(made, path)));
  for (const name of readdirSync(made)) if (!names.has(name)) rmSync(join(made, name), { recursive: true });
}

function flat(name) {
  return name.split('/').at(-1);
}

/** The whole of an entry of dist. */
function leading(name) {
  const path = relative(dirname(join(dist, name)), join(made, `${flat(name)}.js`)).replaceAll('\\', '/');
  const target = path.startsWith('.') ? path : `./${path}`;
  if (name === 'main') return `#!/usr/bin/env node\nimport '${target}';\n`;
  return LIBRARY.includes(name) ? `export * from '${target}';\n` : `import '${target}';\n`;
}
