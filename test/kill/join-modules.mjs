/**
 * Writes the compiled modules that wiring.mjs names, and all that they load, as one script for joined-script.mjs.
 * node test/kill/join-modules.mjs DIST FILE
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { transformSync } from '@swc/core';
import { neededOf } from './wiring.mjs';

const REQUIRED = /\brequire\((['"])([^'"]+)\1\)/g;

/** Packages that look for their binary beside themselves. */
const LEFT_OUT = new Set(['libsql']);

/** Throws where a module cannot be found. What is loaded later by `import()` is not joined. */
function joinModules(entries) {
  const known = new Map();
  const bodies = [];
  const numberOf = (path) => {
    if (!known.has(path)) {
      known.set(path, known.size);
      bodies[known.get(path)] = bodyOf(path, numberOf);
    }
    return known.get(path);
  };
  const numbers = entries.map(numberOf);
  const modules = bodies.map((body) => `(require, module, exports) => {${body}\n}`).join(',\n');
  return `(requireOther) => {
    const made = [];
    const require = (at) => {
      if (typeof at !== 'number') return requireOther(at);
      if (!made[at]) bodies[at](require, (made[at] = { exports: {} }), made[at].exports);
      return made[at].exports;
    };
    const bodies = [${modules}];
    return ${JSON.stringify(numbers)}.map(require);
  }`;
}

function bodyOf(path, numberOf) {
  const text = readFileSync(path, 'utf8');
  if (path.endsWith('.json')) return `module.exports = ${text};`;
  const require = createRequire(path);
  return asCommonJs(path, text).replace(REQUIRED, (call, _quote, name) => {
    if (isBuiltin(name)) return call;
    const target = require.resolve(name);
    return LEFT_OUT.has(name) ? `require(${JSON.stringify(target)})` : `require(${numberOf(target)})`;
  });
}

function asCommonJs(path, text) {
  if (!/^(import|export)\b/m.test(text)) return text;
  return transformSync(text, { filename: path, jsc: { target: 'es2022' }, module: { type: 'commonjs' } }).code;
}

const [dist, file] = process.argv.slice(2);
writeFileSync(file, joinModules(neededOf(dist)));
