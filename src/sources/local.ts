import { defenderSchema } from '../kql/defender.ts';
import { type CheckResult, passed } from '../lib/check-result.ts';
import { DAY_MS } from '../lib/duration.ts';
import type { Plugin } from '../lib/plugin.ts';
import { type QueryRequest, type Row, type RowSink, type Source, type SourceDeps, UNLIMITED } from './source.ts';

/** Settings of a source over event files. */
export interface LocalConfig {
  readonly api: 'local';
  readonly path: string;
}

const local: Plugin<LocalConfig, SourceDeps, Source> = {
  name: 'local',
  configSchema: {
    type: 'object',
    additionalProperties: false,
    required: ['api', 'path'],
    properties: {
      api: { const: 'local', description: 'Run queries here, over event files.' },
      path: {
        type: 'string',
        minLength: 1,
        'x-path': true,
        description: 'Folder or file of events: JSON, CSV, Parquet, Streaming API exports (docs/data.md).',
      },
    },
  },
  create: (config, deps) => createLocalSource(config.path, deps),
};

export const { name, configSchema, create } = local;

/** Files have no limit of rows and keep what they keep. */
const MAX_ROWS = 10_000_000;
const RETENTION_MS = 3650 * DAY_MS;

function createLocalSource(path: string, deps: SourceDeps): Source {
  const told = new Set<string>();
  const tell = (notes: readonly string[]): void => {
    for (const note of notes) if (!told.has(note)) deps.log.warn('local data', { note });
    for (const note of notes) told.add(note);
  };
  return {
    api: 'local',
    maxRows: MAX_ROWS,
    retentionMs: RETENTION_MS,
    retiresOn: null,
    quota: UNLIMITED,
    query: (request, sink) => runQuery(path, deps, request, sink, tell),
    check: (signal) => check(path, deps, signal),
    close: async () => undefined,
  };
}

/** The folder is opened for every query: files come and go while a daemon runs. What has to be told of them is logged once. The engine is loaded with the first one: most who list the sources never ask this one. */
async function runQuery(
  path: string,
  { clock }: SourceDeps,
  request: QueryRequest,
  sink: RowSink,
  tell: (notes: readonly string[]) => void,
): ReturnType<Source['query']> {
  const { openDataFolder } = await import('../engine/data/folder.ts');
  const { createKqlEngine } = await import('../engine/kql-engine.ts');
  const begun = clock.monotonic();
  const { tables, notes } = await openDataFolder(path);
  const engine = createKqlEngine({ schema: defenderSchema(), tables, now: clock.now(), elapsed: clock.monotonic });
  const result = await engine.run(request.query, { signal: request.signal });
  tell(notes());
  sink.schema(result.columns);
  for (const row of result.rows()) sink.row(row as Row);
  return { rows: result.rowCount, truncated: false, bytes: 0, elapsedMs: clock.monotonic() - begun, serviceTime: null };
}

async function check(path: string, deps: SourceDeps, signal: AbortSignal): Promise<readonly CheckResult[]> {
  const sink: RowSink = { schema: () => undefined, row: () => undefined };
  await runQuery(path, deps, { ruleId: 'doctor', query: 'print 1', signal }, sink, () => undefined);
  return [passed('data', path, 'can be read')];
}
