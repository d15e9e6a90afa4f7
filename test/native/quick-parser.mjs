import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runScripts } from '../../src/kql/parser/compiled-scripts.ts';
import { loosenNamespaces } from '../../src/kql/parser/loose-namespaces.ts';
import { parserScripts } from '../../src/kql/parser/parser-scripts.ts';
import { quickScript } from '../../src/kql/parser/quick-scripts.ts';
import { shareParsers } from '../../src/kql/parser/shared-parsers.ts';

/**
 * Has the first that asks for the KQL parser find it as it is in a parser image, from which the program's own workers start: that analyzes in
 * three quarters of the time. What is made of its scripts, and what V8 compiles of them, is kept in `folder`.
 */
export function offerQuickParser(folder) {
  if ('Kusto' in globalThis) return;
  Object.defineProperty(globalThis, 'Kusto', {
    configurable: true,
    get: () => {
      Reflect.deleteProperty(globalThis, 'Kusto');
      load(folder);
      return globalThis.Kusto;
    },
  });
}

function load(folder) {
  const texts = parserScripts().map((file) => ({ name: basename(file), text: readFileSync(file, 'utf8') }));
  const kept = join(folder, `parser-${keyOf(texts)}`);
  mkdirSync(kept, { recursive: true });
  runScripts(
    texts.map(({ name, text }) => quickFile(join(kept, name), text)),
    kept,
  );
  loosenNamespaces(globalThis.Kusto.Language);
  shareParsers(globalThis.Kusto.Language);
}

/** Other scripts, or another way to make them quick. */
function keyOf(texts) {
  const makers = ['quick-scripts.ts', 'quick-elements.ts'].map((name) =>
    readFileSync(new URL(`../../src/kql/parser/${name}`, import.meta.url), 'utf8'),
  );
  return createHash('sha1')
    .update([...makers, ...texts.map(({ text }) => text)].join('\0'))
    .digest('hex');
}

function quickFile(path, text) {
  try {
    readFileSync(path);
  } catch {
    const own = `${path}.${process.pid}`;
    writeFileSync(own, quickScript(text));
    renameSync(own, path);
  }
  return path;
}
