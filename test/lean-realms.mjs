import { AsyncLocalStorage } from 'node:async_hooks';
import { types } from 'node:util';
import vm from 'node:vm';

/** Every file of tests runs in a realm of its own, into which the same modules are loaded again. What makes that dear is mended here, once a worker. */
export function makeRealmsLean() {
  makeGlobalsPlain();
  keepCompiledCode();
  followNoPromises();
}

/** Jest's realms ask a Proxy for every global that code names, `Math` and `undefined` too; such code runs at a half or a tenth of its speed. */
function makeGlobalsPlain() {
  const { createContext } = vm;
  vm.createContext = (sandbox, options) =>
    createContext(types.isProxy(sandbox) ? vm.constants.DONT_CONTEXTIFY : sandbox, options);
}

/**
 * What V8 made of a text is taken by the next realm that asks for the same text under the same name; not of one that loads others later,
 * since V8 forgets there whom `import()` asks.
 */
function keepCompiledCode() {
  const kept = new Map();
  const entryOf = (name, text) => {
    const known = kept.get(name);
    if (known?.text === text) return known;
    const entry = { text, data: null, isKept: !/\bimport\s*\(/.test(text) };
    kept.set(name, entry);
    return entry;
  };
  const { compileFunction, SourceTextModule } = vm;
  vm.compileFunction = (text, parameters, options = {}) => {
    const entry = entryOf(`function ${options.filename} ${parameters}`, text);
    if (!entry.isKept) return compileFunction(text, parameters, options);
    if (entry.data) return compileFunction(text, parameters, { ...options, cachedData: entry.data });
    const compiled = compileFunction(text, parameters, { ...options, produceCachedData: true });
    entry.data = compiled.cachedData ?? null;
    return compiled;
  };
  vm.SourceTextModule = class extends SourceTextModule {
    constructor(text, options = {}) {
      const entry = entryOf(`module ${options.identifier}`, text);
      super(text, entry.data ? { ...options, cachedData: entry.data } : options);
      if (entry.isKept) entry.data ??= this.createCachedData();
    }
  };
}

/**
 * Jest follows each test through every promise that it makes, to know later whose error one is; Node 20 writes to each promise for that, which
 * makes an `await` four times as dear. Tests of a file run one after another, so what runs is known without it.
 */
function followNoPromises() {
  const { run, getStore } = AsyncLocalStorage.prototype;
  const running = new WeakMap();
  AsyncLocalStorage.prototype.getStore = function getRunning() {
    return running.has(this) ? running.get(this) : getStore.call(this);
  };
  AsyncLocalStorage.prototype.run = function runPlainly(store, work, ...given) {
    if (!running.has(this) && !isAskedByJest()) return run.call(this, store, work, ...given);
    const before = running.get(this);
    running.set(this, store);
    const end = () => running.set(this, before);
    try {
      const result = work(...given);
      if (typeof result?.then !== 'function') end();
      else result.then(end, end);
      return result;
    } catch (thrown) {
      end();
      throw thrown;
    }
  };
}

function isAskedByJest() {
  return /[\\/]jest-circus[\\/]/.test(new Error('who asks').stack ?? '');
}
