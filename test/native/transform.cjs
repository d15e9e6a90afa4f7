'use strict';
const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { dirname } = require('node:path');
const { fileURLToPath } = require('node:url');
const { transformSync, version } = require('@swc/core');

const OPTIONS = {
  sourceMaps: true,
  jsc: { target: 'es2022', parser: { syntax: 'typescript' }, experimental: { keepImportAttributes: true } },
  module: { type: 'es6' },
};

/** JavaScript of a TypeScript file, kept in `folder` with its source map; kept once, whichever worker comes first. */
function codeOf(url, folder) {
  const filename = fileURLToPath(url);
  const text = readFileSync(filename, 'utf8');
  const kept = keptPath(filename, text, folder);
  try {
    return readFileSync(kept, 'utf8');
  } catch {
    const { code, map } = transformSync(text, { ...OPTIONS, filename });
    mkdirSync(dirname(kept), { recursive: true });
    write(`${kept}.map`, map);
    write(kept, code);
    return code;
  }
}

/** Where the source map of a file lies that `codeOf` has transformed. */
function mapPathOf(url, folder) {
  const filename = fileURLToPath(url);
  return `${keptPath(filename, readFileSync(filename, 'utf8'), folder)}.map`;
}

function keptPath(filename, text, folder) {
  const key = createHash('sha1').update([version, JSON.stringify(OPTIONS), filename, text].join('\0'));
  return `${folder}/${key.digest('hex')}`;
}

/** Whole or not at all, also while other workers write the same. */
function write(path, text) {
  const own = `${path}.${process.pid}`;
  writeFileSync(own, text);
  renameSync(own, path);
}

module.exports = { codeOf, mapPathOf };
