import { createRequire } from 'node:module';
import type { Foreign } from './foreign.ts';
import { shareParsers } from './shared-parsers.ts';

export interface KustoRuntime {
  readonly language: Foreign;
}

let loading: Promise<KustoRuntime> | null = null;

function loaded(): KustoRuntime | null {
  const kusto = (globalThis as { Kusto?: { Language: Foreign } }).Kusto;
  return kusto ? { language: kusto.Language } : null;
}

/**
 * Loads Microsoft's KQL parser, once, when first needed (0.2 s; the first parse builds its grammar, about 1 s).
 * Two scripts in this order; they set the globals `Bridge`, `System` and `Kusto`. Only this folder touches these objects.
 */
export function loadKusto(): Promise<KustoRuntime> {
  loading ??= load();
  return loading;
}

/** By `require`, because `import` reads all 5 MB once more for names to import, which takes longer than to run them. */
async function load(): Promise<KustoRuntime> {
  const present = loaded();
  if (present) return present;
  const require = createRequire(import.meta.url);
  require('@kusto/language-service-next/bridge.min.js');
  require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
  const runtime = loaded();
  if (!runtime)
    throw new Error('The KQL parser package did not define its globals; reinstall @kusto/language-service-next.');
  shareParsers(runtime.language);
  return runtime;
}
