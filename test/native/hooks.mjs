/** Module hooks: TypeScript as it stands, `@jest/globals` of the file of tests that asks, and modules below test/ once for each file of tests. */
import { codeOf } from './transform.cjs';

const TESTS = new URL('../', import.meta.url).href;
const GLOBALS = new URL('globals.mjs', import.meta.url).href;
let folder = '';

/** `folder`: where transformed files are kept. */
export function initialize(data) {
  folder = data.folder;
}

/**
 * A file of tests is asked for as `x.test.ts?file=7`. What it loads from below test/ has the same end, so that counters and hooks there are its own; what lies
 * elsewhere has none and is loaded once a worker, but for `?file=7&own`, with which all modules are the file's own.
 */
export function resolve(specifier, context, next) {
  const parent = context.parentURL ?? '';
  const end = parent.startsWith('file:') ? new URL(parent).search : '';
  if (specifier === '@jest/globals') return { url: `${GLOBALS}${end}`, shortCircuit: true };
  const isOurs = specifier.startsWith('.') && specifier.endsWith('.ts');
  const found = isOurs ? { url: new URL(specifier, parent).href, format: 'module' } : next(specifier, context);
  const ended = ({ url, format }) => {
    const isOwn = url.startsWith(TESTS) || (end.endsWith('&own') && format === 'module');
    return { url: isOwn && url.startsWith('file:') ? `${url}${end}` : url, format, shortCircuit: true };
  };
  return typeof found.then === 'function' ? found.then(ended) : ended(found);
}

export function load(url, context, next) {
  const [file] = url.split('?');
  if (!file.endsWith('.ts')) return next(url, context);
  return { format: 'module', source: codeOf(file, folder), shortCircuit: true };
}
