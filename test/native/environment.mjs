import { appendFileSync, readFileSync, statfsSync } from 'node:fs';
import fc from 'fast-check';
import { ModuleMocker } from 'jest-mock';
import { endFollowing, followNoPromises } from './follow-no-promises.mjs';
import { mappedStack, mapStacks } from './map-stack.cjs';
import { askNoResolver } from './no-resolver.mjs';
import { optimizeLater } from './optimize-later.mjs';
import { mapPathOf } from './transform.cjs';

/** Memory as a folder, and what it must have free. */
const MEMORY = '/dev/shm';
const MUCH_BYTES = 2 ** 30;
/** Of Linux's clock for processor time, in a second. */
const TICKS = 100;
/** Node's own. Jest takes ten times as many frames of each error that is made, and most are errors that a test expects. */
const FRAMES = 10;

if (hasRoom(MEMORY)) process.env.TMPDIR = MEMORY;
followNoPromises();
askNoResolver();
optimizeLater();
// The same inputs of chance each time: a change is judged by itself, and not by luck. Others are tried on purpose, with HUNTWIRE_TEST_SEED.
fc.configureGlobal({ seed: seedOf(process.env.HUNTWIRE_TEST_SEED) });

/**
 * The worker's own globals. What a file of tests may have changed of the process is put back behind it. Writes what each file took into the file that
 * HUNTWIRE_TEST_TIMES names (see scripts/slow-tests.mjs).
 */
export default class Environment {
  global = globalThis;
  moduleMocker = new ModuleMocker(globalThis);
  fakeTimers = null;
  fakeTimersModern = null;

  constructor({ projectConfig }, { testPath }) {
    this.testPath = testPath;
    this.hasOwnModules = projectConfig.testEnvironmentOptions.modules === 'own';
    this.process = { exit: process.exit, env: process.env, variables: { ...process.env }, folder: process.cwd() };
    this.console = globalThis.console;
    this.mapped = new Set();
    this.begun = { processor: process.cpuUsage(), children: secondsOfChildren(), wall: performance.now() };
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  getVmContext() {
    return null;
  }

  /** Stacks stay as Node writes them, since Node itself asks for that of each connection that ends with an error: those of failures are mapped. */
  async setup() {
    Error.stackTraceLimit = FRAMES;
    Error.prepareStackTrace = undefined;
  }

  handleTestEvent({ name, test, error }, { unhandledErrors }) {
    if (error !== undefined) this.mapStacks([error]);
    if (name === 'test_done') this.mapStacks(test.errors);
    if (name !== 'run_finish') return;
    this.mapStacks(unhandledErrors);
    this.mapOrigins();
  }

  mapStacks(errors) {
    mapStacks(errors, mapOf, this.mapped);
  }

  /** Where something was printed. */
  mapOrigins() {
    for (const line of globalThis.console.getBuffer?.() ?? []) line.origin = mappedStack(line.origin, mapOf);
  }

  async teardown() {
    this.putBack();
    endFollowing();
    const file = process.env.HUNTWIRE_TEST_TIMES;
    if (!file) return;
    const { user, system } = process.cpuUsage(this.begun.processor);
    const children = secondsOfChildren() - this.begun.children;
    const wall = (performance.now() - this.begun.wall) / 1000;
    const seconds = { processor: (user + system) / 1e6 + children, children, wall };
    appendFileSync(file, `${JSON.stringify({ path: this.testPath, ...seconds })}\n`);
  }

  putBack() {
    const { exit, env, variables, folder } = this.process;
    globalThis.console = this.console;
    process.exit = exit;
    process.exitCode = undefined;
    process.env = env;
    for (const name of Object.keys(env)) if (!(name in variables)) delete env[name];
    Object.assign(env, variables);
    if (process.cwd() !== folder) process.chdir(folder);
  }
}

/** Folders of tests are then not written to a disk and taken away again; some have programs in them, which a memory may not let run. */
function hasRoom(folder) {
  try {
    const { bavail, bsize } = statfsSync(folder);
    const mounts = readFileSync('/proc/mounts', 'utf8').split('\n');
    const isBarred = mounts.some((line) => line.includes(` ${folder} `) && /[ ,]noexec\b/.test(line));
    return bavail * bsize >= MUCH_BYTES && !isBarred;
  } catch {
    return false;
  }
}

function mapOf(url) {
  return mapPathOf(url, process.env.HUNTWIRE_TEST_TRANSFORMED);
}

/** Processor time of this process's children that have ended; Linux tells it, elsewhere 0. */
function secondsOfChildren() {
  try {
    const [, text = ''] = readFileSync('/proc/self/stat', 'utf8').split(') ');
    const [user, system] = text.split(' ').slice(13, 15);
    return (Number(user) + Number(system)) / TICKS;
  } catch {
    return 0;
  }
}

/** Of a number, of `random`, or of nothing. */
function seedOf(text = '20261127') {
  if (text === 'random') return Math.floor(Math.random() * 2 ** 31);
  if (!/^\d{1,10}$/.test(text))
    throw new Error(`HUNTWIRE_TEST_SEED is a number or "random", not ${JSON.stringify(text)}`);
  return Number(text);
}
