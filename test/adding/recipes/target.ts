import { lineAfter, type Recipe, replaced } from '../recipe.ts';

const PLUGIN = `import type { Writable } from 'node:stream';
import { passed } from '../lib/check-result.ts';
import type { PluginSchema } from '../lib/plugin.ts';
import { formatSchema } from './shared-schema.ts';
import { createStreamTarget } from './stdout.ts';
import type { Target, TargetDeps } from './target.ts';

export interface StderrConfig {
  readonly type: 'stderr';
  readonly format?: string;
}

export const name = 'stderr';
export const configSchema: PluginSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'stderr target',
  description: 'Prints every alert as one line on standard error.',
  type: 'object',
  additionalProperties: false,
  required: ['type'],
  properties: { type: { const: 'stderr' }, format: formatSchema },
};

/** Prints a line per alert on standard error. */
export function create(_config: StderrConfig, deps: TargetDeps): Target {
  return createErrorTarget(deps, process.stderr);
}

/** As \`create\`, with the stream as an argument. */
export function createErrorTarget(deps: TargetDeps, stream: Writable): Target {
  const check: Target['check'] = async () => [passed('stderr', deps.name, 'Alerts are printed on standard error.')];
  return { ...createStreamTarget(deps, stream), type: name, check };
}
`;

const TEST = `import { PassThrough } from 'node:stream';
import { configSchema, createErrorTarget } from '../../src/targets/stderr.ts';
import { describeTarget } from '../contract/target.ts';
import { targetDeps } from './sample-alert.ts';

describeTarget({
  type: 'stderr',
  configSchema,
  config: { type: 'stderr', format: 'native' },
  make: async () => {
    const stream = new PassThrough();
    let text = '';
    stream.on('data', (chunk) => {
      text += chunk;
    });
    const target = createErrorTarget(targetDeps(), stream);
    const received = async (): Promise<string[]> =>
      text
        .split('\\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line).id);
    return { target, passTime: async () => undefined, received, stop: () => target.close() };
  },
});
`;

const PAGE = `# stderr

Prints every alert as one line on standard error.

**Delivered** means that standard error has taken the line.

<!-- keys: written by scripts/generate.mjs -->
<!-- end of keys -->
`;

export const TARGET_RECIPE: Recipe = {
  kind: 'target',
  most: { files: 3, lines: 2 },
  files: {
    'src/targets/stderr.ts': PLUGIN,
    'test/targets/stderr.test.ts': TEST,
    'docs/targets/stderr.md': PAGE,
  },
  edits: [
    lineAfter('src/targets/registry.ts', "from './file.ts'", "import * as stderr from './stderr.ts';"),
    replaced('src/targets/registry.ts', 'file, stdout];', 'file, stdout, stderr];'),
  ],
  steps: [
    {
      without: 'src/targets/registry.ts',
      check: 'every file of src is taken by another',
      says: 'targets/stderr.ts',
    },
    {
      without: 'test/targets/stderr.test.ts',
      check: 'every target has a test on the shared contract',
      says: 'stderr',
    },
    {
      without: 'docs/targets/stderr.md',
      check: 'every target has a page that says what delivered means',
      says: 'stderr',
    },
    { without: 'docs/targets.md', check: 'generated files are current', says: 'docs/targets.md' },
    { without: 'schemas/config.schema.json', check: 'generated files are current', says: 'schemas/config.schema.json' },
    { without: 'manifest.json', check: 'generated files are current', says: 'manifest.json' },
  ],
};
