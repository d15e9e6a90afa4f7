/**
 * The import table of docs/architecture.md, as the tests enforce it. `(t)` behind a name: `import type` only; a path names one file.
 * `app.ts` and `cli` have no row here: the tests know what they may import.
 */
export const TABLE: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  kql: ['lib'],
  rules: ['kql', 'lib'],
  sources: ['kql(t)', 'lib'],
  alerts: ['rules(t)', 'sources(t)', 'kql(t)', 'lib'],
  formats: ['alerts(t)', 'targets(t)', 'lib'],
  state: ['alerts(t)', 'rules(t)', 'sources(t)', 'kql(t)', 'lib'],
  run: ['rules', 'sources', 'alerts', 'state(t)', 'kql', 'lib'],
  targets: ['alerts(t)', 'formats(t)', 'lib'],
  outbox: ['alerts', 'state(t)', 'targets(t)', 'lib'],
  config: ['rules', 'sources/registry.ts', 'targets/registry.ts', 'formats/registry.ts', 'lib'],
  observe: ['lib'],
  emulator: ['kql', 'sources(t)', 'lib'],
};

/** Single files with more than their folder may have, each with its reason in docs/architecture.md. */
export const EXTRA: Readonly<Record<string, readonly string[]>> = {
  'sources/local.ts': ['kql/engine', 'kql/data', 'kql/defender.ts'],
};

/** Folders that app.ts leaves to the command line. */
export const NOT_FOR_APP: readonly string[] = ['cli', 'emulator'];
