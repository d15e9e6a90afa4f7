/**
 * How modules of src find files beside them once they are bundled. Each names them by `import.meta.url`, which is for it the place where the compiler
 * puts it, `dist/…`, whichever file of dist/bundle it came into; schemas and package.json stay the files that they are.
 */
import { join, relative, resolve, sep } from 'node:path';

const MODULE_URL = /\bimport\.meta\.url\b/g;
const NOT_KNOWN = /\bimport\.meta\.(?!url\b)\w+|\b__(dirname|filename)\b/;

/** A plugin of esbuild for modules of `source`, by path and text, bundled into files that all lie in the folder `made`. */
export function placedModules(source, texts, made) {
  return {
    name: 'placed-modules',
    setup({ onLoad, onResolve }) {
      for (const [path, text] of texts) {
        if (!text.includes('import.meta') && !NOT_KNOWN.test(text)) continue;
        onLoad({ filter: exactly(join(source, path)) }, () => ({ contents: placed(path, text), loader: 'ts' }));
      }
      onResolve({ filter: /^\.\.?\/.*\.json$/ }, ({ path, resolveDir }) => {
        const isOurs = resolveDir === source || resolveDir.startsWith(source + sep);
        return isOurs ? { path: slashed(relative(made, resolve(resolveDir, path))), external: true } : undefined;
      });
    },
  };
}

function placed(path, text) {
  const [other] = NOT_KNOWN.exec(text) ?? [];
  if (other)
    throw new Error(`src/${path}: of where a module lies, only import.meta.url is known in a bundle, not ${other}.`);
  const place = `../${slashed(path).replace(/\.ts$/, '.js')}`;
  return text.replace(MODULE_URL, `new URL(${JSON.stringify(place)}, import.meta.url).href`);
}

function slashed(path) {
  return path.replaceAll(sep, '/');
}

function exactly(path) {
  return new RegExp(`^${path.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}$`);
}
