'use strict';
const { createHash } = require('node:crypto');
const { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { fileURLToPath } = require('node:url');
const { transformSync, version } = require('@swc/core');

const OPTIONS = {
  sourceMaps: true,
  jsc: { target: 'es2022', parser: { syntax: 'typescript' }, experimental: { keepImportAttributes: true } },
  module: { type: 'es6' },
};

/** JavaScript of a TypeScript file, kept in `folder` by its text: once, whichever worker comes first, also for copies of the file elsewhere. */
function codeOf(url, folder) {
  const filename = fileURLToPath(url);
  const text = readFileSync(filename, 'utf8');
  const kept = keptPath([text], folder);
  try {
    return readFileSync(kept, 'utf8');
  } catch {
    const { code } = transformSync(text, { ...OPTIONS, filename });
    mkdirSync(folder, { recursive: true });
    write(kept, code);
    return code;
  }
}

/** Where the source map of a file lies. It names the file, and is made when a stack first asks for it. */
function mapPathOf(url, folder) {
  const filename = fileURLToPath(url);
  const text = readFileSync(filename, 'utf8');
  const kept = `${keptPath([text, filename], folder)}.map`;
  if (!existsSync(kept)) write(kept, transformSync(text, { ...OPTIONS, filename }).map);
  return kept;
}

function keptPath(parts, folder) {
  const key = createHash('sha1').update([version, JSON.stringify(OPTIONS), ...parts].join('\0'));
  return `${folder}/${key.digest('hex')}`;
}

/** Whole or not at all, also while other workers write the same. */
function write(path, text) {
  const own = `${path}.${process.pid}`;
  writeFileSync(own, text);
  renameSync(own, path);
}

module.exports = { codeOf, mapPathOf };
