/**
 * Does what deploy/Dockerfile says, step by step, in roots of its own made of this machine's programs (chroot in a mount namespace), and
 * then runs the program as the image would: as its user, with a root that cannot be written, its health check, SIGTERM. It tries the steps, not the base image.
 * sudo node scripts/try-image.mjs
 * Needs Linux, root, unshare, chroot, setpriv and what `npm ci` needs. Exit 1 where a step fails.
 */
import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const SELF = fileURLToPath(import.meta.url);
const PROJECT = resolve(dirname(SELF), '..');
const OF_THE_SYSTEM = ['usr', 'bin', 'sbin', 'lib', 'lib32', 'lib64'];
const OF_ETC = ['passwd', 'group', 'hosts', 'resolv.conf', 'nsswitch.conf', 'ssl', 'ca-certificates', 'pki', 'npmrc'];
const STOP_MS = 25_000;
const CONFIG = `source: {api: local, path: /var/lib/huntwire/events}
rules: [/opt/huntwire/rules/]
targets: {out: {type: file, path: /var/lib/huntwire/alerts.log}}
defaultTargets: [out]
state: {path: /var/lib/huntwire/huntwire.db}
http: {port: 0}
`;

if (process.argv[2] === '--inside') await tryImage(process.argv[3]);
else {
  if (process.getuid?.() !== 0) throw new Error('This needs root: roots and mounts are made.');
  const folder = mkdtempSync(join(tmpdir(), 'huntwire-image-'));
  // What is mounted goes with the namespace.
  const { status } = spawnSync('unshare', ['--mount', process.execPath, SELF, '--inside', folder], {
    stdio: 'inherit',
  });
  rmSync(folder, { recursive: true, force: true });
  process.exitCode = status ?? 1;
}

async function tryImage(folder) {
  const stages = new Map();
  let stage = null;
  for (const [word, rest] of instructions(readFileSync(join(PROJECT, 'deploy/Dockerfile'), 'utf8'))) {
    if (word === 'FROM') {
      const [, name = 'final'] = / AS (\S+)$/.exec(rest) ?? [];
      stage = { root: makeRoot(join(folder, name)), workdir: '/', env: {}, user: null };
      stages.set(name, stage);
    } else step(word, rest, stage, stages);
    console.log(`ok   ${word} ${rest.slice(0, 100)}`);
  }
  await tryProgram(stage);
}

/** A line that ends in a backslash goes on. */
function instructions(text) {
  return text
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]);
}

function step(word, rest, stage, stages) {
  switch (word) {
    case 'WORKDIR':
      stage.workdir = rest;
      mkdirSync(join(stage.root, rest), { recursive: true });
      return;
    case 'COPY':
      copy(rest.split(' '), stage, stages);
      return;
    case 'RUN':
      run(stage, ['/bin/sh', '-c', rest]);
      return;
    case 'ENV':
      Object.assign(stage.env, Object.fromEntries([rest.split('=')]));
      return;
    case 'USER':
      stage.user = rest.split(':');
      return;
    case 'HEALTHCHECK':
      stage.health = JSON.parse(rest.slice(rest.indexOf('[')));
      return;
    case 'ENTRYPOINT':
    case 'CMD':
      stage[word] = JSON.parse(rest);
      return;
    case 'VOLUME':
    case 'STOPSIGNAL':
      return;
    default:
      throw new Error(`${word} is not known here: teach it to ${SELF}.`);
  }
}

function makeRoot(root) {
  mkdirSync(root);
  for (const name of OF_THE_SYSTEM) {
    const theirs = `/${name}`;
    if (!existsSync(theirs)) continue;
    if (lstatSync(theirs).isSymbolicLink()) symlinkSync(readlinkSync(theirs), join(root, name));
    else bind(theirs, join(root, name));
  }
  for (const name of ['etc', 'root', 'proc', 'tmp', 'run', 'var', 'dev']) mkdirSync(join(root, name));
  for (const name of OF_ETC)
    if (existsSync(`/etc/${name}`))
      cpSync(`/etc/${name}`, join(root, 'etc', name), { recursive: true, dereference: true });
  const npmrc = join(process.env.HOME ?? '/root', '.npmrc');
  if (existsSync(npmrc)) cpSync(npmrc, join(root, 'root/.npmrc'));
  for (const name of ['null', 'zero', 'urandom', 'random']) {
    writeFileSync(join(root, 'dev', name), '');
    must('mount', ['--bind', `/dev/${name}`, join(root, 'dev', name)]);
  }
  must('mount', ['--bind', '/proc', join(root, 'proc')]);
  must('mount', ['-t', 'tmpfs', 'tmpfs', join(root, 'tmp')]);
  return root;
}

function bind(from, to) {
  mkdirSync(to);
  must('mount', ['--bind', from, to]);
  must('mount', ['-o', 'remount,bind,ro', to]);
}

function copy(words, stage, stages) {
  const from = words[0].startsWith('--from=') ? stages.get(words.shift().slice('--from='.length)).root : null;
  const target = words.pop();
  const to = join(stage.root, resolve(stage.workdir, target));
  for (const source of words) {
    if (source === '.') for (const name of context()) copyOne(join(PROJECT, name), join(to, name));
    else {
      const path = from ? join(from, source) : join(PROJECT, source);
      const isIntoFolder = target.endsWith('/');
      copyOne(path, isIntoFolder ? join(to, source.split('/').at(-1)) : to);
    }
  }
}

function copyOne(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true, verbatimSymlinks: true });
}

/** What is let through to the build. */
function context() {
  const lines = readFileSync(join(PROJECT, 'deploy/Dockerfile.dockerignore'), 'utf8').split('\n');
  return lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
}

function run({ root, workdir, env }, command) {
  const inside = `cd ${workdir} && exec "$0" "$@"`;
  must('chroot', [root, '/bin/sh', '-c', inside, ...command], { env: environment(env) });
}

/** Whatever leads to registries is the machine's business. */
function environment(env) {
  const { PATH, HOME, ...others } = process.env;
  const ways = Object.entries(others).filter(([name]) =>
    /^(npm_config_|https?_proxy$|no_proxy$|NODE_EXTRA_CA_CERTS)/i.test(name),
  );
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/root',
    ...Object.fromEntries(ways),
    ...env,
  };
}

function must(program, args, options = {}) {
  const { status, error } = spawnSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'], ...options });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status ?? error}`);
}

async function tryProgram(stage) {
  const { root, user, health, ENTRYPOINT, CMD, env, workdir } = stage;
  writeFileSync(join(root, 'etc/huntwire/huntwire.yaml'), CONFIG);
  must('chroot', [root, 'install', '-d', '-o', user[0], '-g', user[1], '/var/lib/huntwire/events']);
  must('mount', ['--rbind', root, root]);
  must('mount', ['--bind', join(root, 'var/lib/huntwire'), join(root, 'var/lib/huntwire')]);
  must('mount', ['-o', 'remount,bind,ro', root]);
  const who = [
    'setpriv',
    `--reuid=${user[0]}`,
    `--regid=${user[1]}`,
    '--clear-groups',
    '--no-new-privs',
    '--bounding-set=-all',
  ];
  const inside = `cd ${workdir} && exec "$0" "$@"`;
  const asUser = (command) => ['chroot', [root, ...who, '/bin/sh', '-c', inside, ...command]];
  const options = { env: environment(env) };
  const check = () => spawnSync(...asUser(health), { ...options, encoding: 'utf8' });
  const before = check();
  if (before.status !== 5)
    throw new Error(`The health check of what does not run ends with ${before.status}: ${before.stderr}`);
  console.log(`ok   health check before the start: ${before.status}`);
  const [program, args] = asUser([...ENTRYPOINT, ...CMD]);
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'inherit', 'inherit'] });
  const gone = new Promise((done) => child.once('exit', (code, signal) => done(code ?? signal)));
  let answer = check();
  for (let tries = 0; answer.status !== 0 && tries < 60; tries += 1) {
    await sleep(2000);
    answer = check();
  }
  if (answer.status !== 0) throw new Error(`The health check fails: ${answer.stdout}${answer.stderr}`);
  console.log(`ok   health check: ${answer.stdout.trim()}`);
  const kept = readdirSync(join(root, 'var/lib/huntwire'));
  const [, uid] = /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
  if (uid !== user[0]) throw new Error(`It runs as ${uid}.`);
  console.log(`ok   runs as ${uid}, with a root that cannot be written; keeps ${kept.join(', ')}`);
  const begun = performance.now();
  child.kill('SIGTERM');
  const code = await gone;
  const tookMs = Math.round(performance.now() - begun);
  if (code !== 0 || tookMs > STOP_MS) throw new Error(`It ended with ${code} after ${tookMs} ms.`);
  console.log(`ok   SIGTERM: exit 0 after ${tookMs} ms`);
}
