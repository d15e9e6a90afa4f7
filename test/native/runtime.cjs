'use strict';
const { readFileSync } = require('node:fs');
const node = require('node:module');
const { dirname, join } = require('node:path');
const { pathToFileURL } = require('node:url');
const vm = require('node:vm');
const { mapPathOf } = require('./transform.cjs');

const GLOBALS = Symbol.for('huntwire.jest');
let folder = null;
let files = 0;

/**
 * Loads files of tests by Node itself, where Jest's own runtime makes a realm for each and loads every module again: modules of src/ and packages
 * are loaded once a worker, as in the program, those below test/ once a file (see hooks.mjs). Mocks of modules, snapshots of code coverage and
 * fake timers are not there, as nothing here needs them. A file that needs modules of src/ of its own says `@jest-environment-options {"modules": "own"}`.
 */
module.exports = class NativeRuntime {
  constructor(config, environment) {
    // Tests that a test starts in a copy of the repository find transformed what is the same in both.
    process.env.HUNTWIRE_TEST_TRANSFORMED ??= join(config.cacheDirectory, 'native');
    if (folder === null) registerHooks(process.env.HUNTWIRE_TEST_TRANSFORMED);
    files += 1;
    this.end = `?file=${files}${environment.hasOwnModules ? '&own' : ''}`;
    this.moduleMocker = environment.moduleMocker;
    this.symbols = new Set(Object.getOwnPropertySymbols(globalThis));
  }

  unstable_shouldLoadAsEsm() {
    return true;
  }

  async unstable_importModule(path) {
    const { offerQuickParser } = await import('./quick-parser.mjs');
    offerQuickParser(folder);
    return import(`${pathToFileURL(path)}${this.end}`);
  }

  /** Jest's own: afresh for each file, since it holds the file's tests, and compiled once. */
  requireInternalModule(path) {
    const { begin, require } = internalModule(path);
    const module = { exports: {} };
    begin.call(module.exports, module.exports, require, module, path, dirname(path));
    return module.exports;
  }

  requireModule(path) {
    return require(path);
  }

  setGlobalsForRuntime(globals) {
    const jest = { spyOn: this.moduleMocker.spyOn.bind(this.moduleMocker) };
    globalThis[GLOBALS] = { ...globals, jest };
  }

  /** By what a stack calls a file; Jest asks only for those. */
  getSourceMaps() {
    const get = (name) => (/^file:.*\.ts(\?|$)/.test(name) ? mapPathOf(name.split('?')[0], folder) : undefined);
    return { get, [Symbol.iterator]: () => [][Symbol.iterator]() };
  }

  restoreAllMocks() {
    this.moduleMocker.restoreAllMocks();
  }

  teardown() {
    this.restoreAllMocks();
    const symbols = Object.getOwnPropertySymbols(globalThis).filter((symbol) => !this.symbols.has(symbol));
    for (const symbol of symbols) Reflect.deleteProperty(globalThis, symbol);
  }

  enterTestCode() {}
  leaveTestCode() {}
  getAllCoverageInfoCopy() {}
};

const internal = new Map();

function internalModule(path) {
  if (!internal.has(path)) {
    const script = new vm.Script(node.wrap(readFileSync(path, 'utf8')), { filename: path });
    internal.set(path, { begin: script.runInThisContext(), require: node.createRequire(path) });
  }
  return internal.get(path);
}

function registerHooks(kept) {
  folder = kept;
  const data = { folder };
  if (!node.registerHooks) {
    node.register(pathToFileURL(join(__dirname, 'hooks.mjs')), { data });
    return;
  }
  const { initialize, resolve, load } = require('./hooks.mjs');
  initialize(data);
  node.registerHooks({ resolve, load });
}
