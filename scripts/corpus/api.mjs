import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The compiled modules that the corpus check runs on. */
export async function loadApi(dist) {
  const load = (file) => import(pathToFileURL(resolve(dist, file)).href);
  const modules = await Promise.all(
    [
      'kql/ast.js',
      'kql/defender.js',
      'kql/diagnostics.js',
      'kql/parser/adapter.js',
      'kql/prepare/prepare.js',
      'kql/render.js',
      'engine/data/row-table.js',
      'engine/kql-engine.js',
      'engine/regex/parse-regex.js',
    ].map(load),
  );
  return Object.assign({}, ...modules);
}
