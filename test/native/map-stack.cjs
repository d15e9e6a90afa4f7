'use strict';
const { readFileSync } = require('node:fs');
const { SourceMap } = require('node:module');

/** A place in a TypeScript file, as a stack of Node tells it: `file:///…/x.test.ts?file=7:12:3`. */
const PLACE = /(file:[^\s()?]+\.ts)(?:\?[^\s():]*)?:(\d+):(\d+)/g;

/**
 * Has the stacks of these errors, and of what caused them, tell lines as they are written. Errors may stand in lists; `mapPathOf`: where the map
 * of a file lies; `seen`: those that have been mapped, which must not be again.
 */
function mapStacks(errors, mapPathOf, seen) {
  for (const error of errors) {
    if (typeof error !== 'object' || error === null || seen.has(error)) continue;
    seen.add(error);
    if (typeof error.stack === 'string') write(error, mappedStack(error.stack, mapPathOf));
    mapStacks(Array.isArray(error) ? error : [error.cause, ...(error.errors ?? [])], mapPathOf, seen);
  }
}

function mappedStack(stack, mapPathOf) {
  return stack.replaceAll(PLACE, placeBy(mapPathOf));
}

function placeBy(mapPathOf) {
  const maps = new Map();
  return (place, file, line, column) => {
    if (!maps.has(file)) maps.set(file, new SourceMap(JSON.parse(readFileSync(mapPathOf(file), 'utf8'))));
    const { originalLine, originalColumn } = maps.get(file).findEntry(line - 1, column - 1);
    return originalLine === undefined ? place : `${file}:${originalLine + 1}:${originalColumn + 1}`;
  };
}

function write(error, stack) {
  Object.defineProperty(error, 'stack', { value: stack, configurable: true, writable: true });
}

module.exports = { mapStacks, mappedStack };
