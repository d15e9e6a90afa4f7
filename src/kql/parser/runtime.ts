/**
 * Loads Microsoft's KQL parser, once, when first needed (0.4 s; the first parse builds its grammar, about 2 s).
 * Two scripts in this order; they set the globals `Bridge`, `System` and `Kusto`. Only adapter.ts and globals.ts touch these objects.
 */

/** The parser's objects are untyped for us: its own typings need 5 s of the compiler and fail strict checks. */
export type Foreign = { readonly [key: string]: Foreign } & ((...args: readonly unknown[]) => Foreign) &
  (new (
    ...args: readonly unknown[]
  ) => Foreign);

export interface KustoRuntime {
  readonly language: Foreign;
}

let loading: Promise<KustoRuntime> | null = null;

function loaded(): KustoRuntime | null {
  const kusto = (globalThis as { Kusto?: { Language: Foreign } }).Kusto;
  return kusto ? { language: kusto.Language } : null;
}

export function loadKusto(): Promise<KustoRuntime> {
  loading ??= load();
  return loading;
}

async function load(): Promise<KustoRuntime> {
  const present = loaded();
  if (present) return present;
  const bridge = '@kusto/language-service-next/bridge.min.js';
  const parser = '@kusto/language-service-next/Kusto.Language.Bridge.min.js';
  await import(bridge);
  await import(parser);
  const runtime = loaded();
  if (!runtime)
    throw new Error('The KQL parser package did not define its globals; reinstall @kusto/language-service-next.');
  return runtime;
}
