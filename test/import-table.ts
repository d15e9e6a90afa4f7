/**
 * The import table of docs/architecture.md, as the tests enforce it. `(t)` behind a name: `import type` only; a path names one file or
 * a folder below. `app.ts` and `cli` have no row here: the tests know what they may import.
 */
export const TABLE: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  kql: ['lib'],
  engine: ['kql/ast.ts', 'kql/types.ts', 'kql/defender.ts', 'kql/parser', 'kql(t)', 'lib'],
  rules: ['kql', 'lib'],
  sources: ['kql(t)', 'lib'],
  alerts: ['rules(t)', 'sources(t)', 'kql(t)', 'lib'],
  formats: ['alerts(t)', 'lib'],
  state: ['alerts(t)', 'rules(t)', 'sources(t)', 'kql(t)', 'lib'],
  run: ['rules', 'sources', 'alerts', 'state(t)', 'kql', 'lib'],
  trial: ['run', 'rules', 'sources', 'alerts', 'state(t)', 'kql', 'engine', 'lib'],
  targets: ['alerts(t)', 'formats(t)', 'lib'],
  outbox: ['alerts', 'state(t)', 'targets(t)', 'lib'],
  config: ['rules', 'sources/registry.ts', 'targets/registry.ts', 'formats/registry.ts', 'lib'],
  observe: ['lib'],
  emulator: ['kql', 'engine', 'sources(t)', 'lib'],
};

/** Single files with more than their folder may have, each with its reason in docs/architecture.md. */
export const EXTRA: Readonly<Record<string, readonly string[]>> = {
  'sources/local.ts': ['engine', 'kql/defender.ts'],
};

/** Folders that app.ts leaves to the command line. */
export const NOT_FOR_APP: readonly string[] = ['cli', 'emulator'];

/** Rooms of one folder that do not know each other, not even their types. */
export const ROOMS_APART: Readonly<Record<string, readonly string[]>> = {
  'alerts/collect': ['alerts/decide', 'alerts/map'],
  'alerts/map': ['alerts/decide'],
};
