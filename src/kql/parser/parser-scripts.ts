import { createRequire } from 'node:module';

/** Files of the KQL parser's package, in the order in which they must run. */
export function parserScripts(): readonly string[] {
  const { resolve } = createRequire(import.meta.url);
  return ['bridge.min.js', 'Kusto.Language.Bridge.min.js'].map((name) =>
    resolve(`@kusto/language-service-next/${name}`),
  );
}
