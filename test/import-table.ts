/**
 * The import table of docs/architecture.md, as the tests enforce it. `(t)` behind a name: `import type` only; a path names one file or
 * a folder below. `app.ts`, `app` and `cli` have no row here: the tests know what they may import.
 */
export const TABLE: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  kql: ['lib'],
  engine: ['kql/ast.ts', 'kql/types.ts', 'kql/defender.ts', 'kql/query-load.ts', 'kql/parser', 'kql(t)', 'lib'],
  rules: ['kql', 'lib'],
  sources: ['kql(t)', 'lib'],
  alerts: ['rules(t)', 'sources(t)', 'kql(t)', 'lib'],
  formats: ['alerts(t)', 'lib'],
  state: ['alerts(t)', 'rules(t)', 'sources(t)', 'kql(t)', 'lib'],
  run: ['rules', 'sources', 'alerts', 'state(t)', 'kql', 'lib'],
  trial: ['run', 'rules', 'sources', 'alerts', 'state(t)', 'kql', 'engine', 'lib'],
  targets: ['alerts(t)', 'formats(t)', 'lib'],
  outbox: ['alerts', 'state(t)', 'targets(t)', 'lib'],
  config: [
    'rules',
    'alerts/alert-link.ts',
    'alerts/matchers.ts',
    'alerts/silences.ts',
    'sources/registry.ts',
    'targets/registry.ts',
    'formats/registry.ts',
    'lib',
  ],
  observe: ['state(t)', 'targets(t)', 'lib'],
  emulator: ['kql', 'engine', 'sources(t)', 'lib'],
  actions: ['rules', 'run', 'trial', 'state(t)', 'outbox', 'targets(t)', 'sources', 'kql', 'lib'],
  http: ['actions', 'rules', 'trial(t)', 'kql', 'lib'],
  mcp: ['actions', 'rules', 'trial(t)', 'kql', 'lib'],
  editor: ['actions', 'rules', 'trial(t)', 'kql', 'lib'],
};

/** Single files with more than their folder may have, each with its reason in docs/architecture.md. */
export const EXTRA: Readonly<Record<string, readonly string[]>> = {
  'sources/local.ts': ['engine', 'kql/defender.ts'],
};

/** Folders that app.ts and `app` leave to the command line. */
export const NOT_FOR_APP: readonly string[] = ['cli', 'emulator', 'editor', 'mcp'];

/** Rooms of one folder that do not know each other, not even their types. */
export const ROOMS_APART: Readonly<Record<string, readonly string[]>> = {
  'alerts/collect': ['alerts/decide', 'alerts/map'],
  'alerts/map': ['alerts/decide'],
};

/** What a process loads before it begins to work, by its first file. */
export interface Loaded {
  /** Folders of src. */
  readonly folders: readonly string[];
  /** Packages; null: whatever the folders need. */
  readonly packages: readonly string[] | null;
}

const CORE = ['cli', 'lib', 'kql', 'rules', 'sources', 'alerts', 'state'];
const APP = [...CORE, 'app', 'app.ts', 'config', 'formats', 'observe', 'outbox', 'run', 'targets'];

/**
 * What `--version` and `--help`, and each verb, may load, so that none waits for what it does not need. What is loaded later, when it
 * is needed (`await import`), is not counted.
 */
export const LOADS: Readonly<Record<string, Loaded>> = {
  'main.ts': { folders: ['cli', 'lib'], packages: [] },
  'cli/cli.ts': { folders: ['cli', 'lib'], packages: ['commander'] },
  'cli/verbs.ts': { folders: ['cli'], packages: [] },
  'cli/mcp.ts': { folders: ['cli', 'lib'], packages: ['commander'] },
  'cli/init.ts': { folders: ['cli', 'lib', 'emulator'], packages: [] },
  'cli/lint.ts': { folders: ['cli', 'lib', 'kql', 'rules'], packages: ['commander'] },
  'cli/lint/lint-paths.ts': {
    folders: ['cli', 'lib', 'kql', 'rules'],
    packages: ['ajv', 'cli-progress', 'commander', 'croner', 'yaml'],
  },
  'cli/convert.ts': {
    folders: ['cli', 'lib', 'kql', 'rules'],
    packages: ['ajv', 'commander', 'croner', 'yaml'],
  },
  'cli/test.ts': { folders: [...CORE, 'engine', 'run', 'trial'], packages: null },
  'cli/explain.ts': { folders: [...CORE, 'actions', 'run', 'trial'], packages: null },
  'cli/attack.ts': {
    folders: ['cli', 'lib', 'kql', 'rules'],
    packages: ['ajv', 'commander', 'croner', 'yaml'],
  },
  'cli/plan.ts': { folders: APP, packages: null },
  'cli/report.ts': { folders: [...APP, 'actions'], packages: null },
  'cli/render.ts': { folders: APP, packages: null },
  'cli/route.ts': { folders: [...CORE, 'config', 'formats', 'outbox', 'targets'], packages: null },
  'cli/query.ts': { folders: ['cli', 'lib'], packages: ['commander'] },
  'cli/data.ts': { folders: ['cli', 'lib'], packages: ['cli-progress', 'commander'] },
  'cli/backtest.ts': { folders: [...APP, 'actions', 'engine', 'trial'], packages: null },
  'cli/schema.ts': { folders: [...APP, 'actions'], packages: null },
  'cli/lsp.ts': { folders: ['cli'], packages: ['commander'] },
  'cli/lsp/serve-stdio.ts': {
    folders: ['cli', 'editor', 'lib', 'kql'],
    packages: ['commander', 'vscode-languageserver', 'vscode-languageserver-textdocument'],
  },
  'cli/run.ts': { folders: APP, packages: null },
  'cli/once.ts': { folders: APP, packages: null },
  'cli/gaps.ts': { folders: [...CORE, 'actions', 'config', 'formats', 'run', 'targets'], packages: null },
  'cli/audit.ts': { folders: [...CORE, 'actions', 'config', 'formats', 'run', 'targets'], packages: null },
  'cli/backfill.ts': { folders: [...APP, 'actions', 'engine', 'trial'], packages: null },
  'cli/status.ts': { folders: [...CORE, 'actions', 'config', 'formats', 'outbox', 'run', 'targets'], packages: null },
  'cli/doctor.ts': { folders: APP, packages: null },
  'cli/action.ts': { folders: [...CORE, 'actions', 'config', 'formats', 'outbox', 'run', 'targets'], packages: null },
  'cli/state.ts': { folders: [...CORE, 'config', 'formats', 'targets'], packages: null },
  'cli/silence.ts': { folders: [...CORE, 'actions', 'config', 'formats', 'run', 'targets'], packages: null },
  'cli/dlq.ts': { folders: [...CORE, 'actions', 'config', 'formats', 'run', 'targets'], packages: null },
  'cli/send-test.ts': { folders: [...APP, 'actions'], packages: null },
  'cli/emulate.ts': { folders: ['cli', 'lib', 'kql', 'engine', 'emulator'], packages: null },
  'engine/kql-engine.ts': { folders: ['engine', 'kql', 'lib'], packages: null },
  'cli/completion.ts': { folders: ['cli', 'lib'], packages: ['commander'] },
  'cli/demo.ts': { folders: [...APP, 'engine', 'emulator'], packages: null },
};
