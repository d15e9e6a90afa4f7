import { fileURLToPath } from 'node:url';
import { runScripts } from './compiled-scripts.ts';
import type { Foreign } from './foreign.ts';
import { loosenNamespaces } from './loose-namespaces.ts';
import { parserScripts } from './parser-scripts.ts';
import { quickenOperators } from './quick-operators.ts';
import { quickenRuntime } from './quick-runtime.ts';
import { quickenTrees } from './quick-trees.ts';
import { shareParsers } from './shared-parsers.ts';

export interface KustoRuntime {
  readonly language: Foreign;
}

let loading: Promise<KustoRuntime> | null = null;

function loaded(): KustoRuntime | null {
  const kusto = (globalThis as { Kusto?: { Language: Foreign } }).Kusto;
  return kusto ? { language: kusto.Language } : null;
}

/** Beside the built program, to which who may write may change the program as well; nothing is kept beside its sources. */
const KEPT = import.meta.url.endsWith('.js') ? fileURLToPath(new URL('compiled', import.meta.url)) : null;

/**
 * Loads Microsoft's KQL parser, once, when first needed (0.1 s, or 0.4 s where compiled-scripts.ts has kept nothing yet; the first parse
 * builds its grammar, 0.3 s). Its scripts set the globals `Bridge`, `System` and `Kusto`. Only this folder touches these objects.
 */
export function loadKusto(): Promise<KustoRuntime> {
  loading ??= load();
  return loading;
}

async function load(): Promise<KustoRuntime> {
  const present = loaded();
  if (present) return quickened(present);
  runScripts(parserScripts(), KEPT);
  const runtime = loaded();
  if (!runtime)
    throw new Error('The KQL parser package did not define its globals; reinstall @kusto/language-service-next.');
  loosenNamespaces(runtime.language);
  shareParsers(runtime.language);
  return quickened(runtime);
}

/** A parser that was there before, in a parser image, is as it came. */
function quickened(runtime: KustoRuntime): KustoRuntime {
  const { Bridge, System } = globalThis as unknown as { readonly Bridge: Foreign; readonly System: Foreign };
  quickenRuntime(Bridge, System);
  quickenOperators(runtime.language);
  quickenTrees(runtime.language);
  return runtime;
}
