import { types } from 'node:util';
import vm from 'node:vm';
import Resolver from 'jest-resolve';
import { followNoPromises } from '../../test/native/follow-no-promises.mjs';

/** Packages that every realm takes from the outer one: dear to load, and neither keep anything nor hand out what code asks the prototype of. */
const SHARED = ['kysely', 'libsql'];

/** Whole lines, and those of a block. */
const COMMENTS = /^\s*(\/\/|\/?\*).*$/gm;

/** Every file of tests runs in a realm of its own, into which the same modules are loaded again. What makes that dear is mended here, once a worker. */
export function makeRealmsLean() {
  makeGlobalsPlain();
  keepCompiledCode();
  sharePackages();
  followNoPromises();
}

/** Jest's realms ask a Proxy for every global that code names, `Math` and `undefined` too; such code runs at a half or a tenth of its speed. */
function makeGlobalsPlain() {
  const { createContext } = vm;
  vm.createContext = (sandbox, options) =>
    createContext(types.isProxy(sandbox) ? vm.constants.DONT_CONTEXTIFY : sandbox, options);
}

/**
 * What V8 made of a text is taken by the next realm that asks for the same text under the same name: of scripts all, with what was compiled
 * as it ran, and of modules what `cachedData` holds. Not of a text that loads others later, since V8 forgets there whom `import()` asks.
 */
function keepCompiledCode() {
  const kept = new Map();
  const entryOf = (name, text) => {
    const known = kept.get(name);
    if (known?.text === text) return known;
    const entry = { text, script: null, data: null, isKept: !/\bimport\s*\(/.test(text.replace(COMMENTS, '')) };
    kept.set(name, entry);
    return entry;
  };
  const { compileFunction, SourceTextModule } = vm;
  vm.compileFunction = (text, parameters, options = {}) => {
    const entry = entryOf(`function ${options.filename} ${parameters}`, text);
    if (!entry.isKept) return compileFunction(text, parameters, options);
    const begin = `(function (${parameters}) {`;
    entry.script ??= new vm.Script(`${begin}${text}\n})`, { filename: options.filename, columnOffset: -begin.length });
    return entry.script.runInContext(options.parsingContext);
  };
  vm.SourceTextModule = class extends SourceTextModule {
    constructor(text, options = {}) {
      const entry = entryOf(`module ${options.identifier}`, text);
      super(text, entry.data ? { ...options, cachedData: entry.data } : options);
      if (entry.isKept) entry.data ??= this.createCachedData();
    }
  };
}

/** Jest requires a module of Node's own outside of the realm; a shared package counts as one. Where Node can evaluate modules at once, Jest has another way and asks for `node:kysely`. */
function sharePackages() {
  if (vm.SourceTextModule.prototype.hasAsyncGraph) return;
  const { isCoreModule } = Resolver.prototype;
  Resolver.prototype.isCoreModule = function isShared(name) {
    return SHARED.includes(name) || isCoreModule.call(this, name);
  };
}
