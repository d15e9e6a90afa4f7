import { changedDocument, lineAfter, type Recipe } from '../recipe.ts';

const VERB = `import { TARGETS } from '../targets/registry.ts';
import type { Verb } from './cli.ts';
import { EXIT } from './exit-codes.ts';
import { type CommonOptions, withFormat } from './options.ts';
import { printJson, printLine } from './terminal/print.ts';

export const listTypes: Verb = (program, world, done) => {
  const command = program.command('types');
  withFormat(command).action((options: CommonOptions) => {
    const types = [...TARGETS.keys()];
    if (options.format === 'json') printJson(world, { types });
    else for (const type of types) printLine(world, type);
    done(EXIT.ok);
  });
};
`;

const TEST = `import { describe, expect, it } from '@jest/globals';
import { runCli } from '../../src/cli/cli.ts';
import { listTypes } from '../../src/cli/types.ts';
import { TARGETS } from '../../src/targets/registry.ts';
import { createFakeWorld } from './fake-world.ts';

describe('types', () => {
  it('prints one document', async () => {
    const world = createFakeWorld();
    expect(await runCli(['types', '--format', 'json'], world, [listTypes])).toBe(0);
    expect(JSON.parse(world.out())).toEqual({ types: [...TARGETS.keys()] });
  });
});
`;

const ACTION = {
  uuid: '5b7b0f2e-6f0b-4a55-9a39-0f4f6a3f1c11',
  name: 'List target types',
  slug: 'list_types',
  description: 'The types that a target can have.',
  docker_parameters: 'list_types',
  command: ['huntwire', 'types', '--format', 'json'],
  read_only: true,
  needs_api_permission: false,
  arguments: { type: 'object', additionalProperties: false, properties: {} },
  results: { type: 'object', required: ['types'], properties: { types: { type: 'array', items: { type: 'string' } } } },
};

const LISTED = `  {
    name: 'types',
    group: 'Watch:',
    summary: 'List the types of targets.',
    load: async () => (await import('./types.ts')).listTypes,
  },`;

interface Actions {
  readonly actions: readonly object[];
}

export const VERB_RECIPE: Recipe = {
  kind: 'verb',
  files: { 'src/cli/types.ts': VERB, 'test/cli/types.test.ts': TEST },
  edits: [
    lineAfter('src/cli/verbs.ts', 'export const VERBS', LISTED),
    lineAfter('test/import-table.ts', "'cli/demo.ts':", "  'cli/types.ts': { folders: APP, packages: null },"),
    lineAfter('README.md', '| `send-test` |', '| `types` | lists the types of targets |'),
    lineAfter('docs/operations.md', 'send-test  {', 'types      {types: [type]}'),
    changedDocument('manifest.json', (manifest: Actions) => ({ ...manifest, actions: [...manifest.actions, ACTION] })),
  ],
  steps: [
    { without: 'src/cli/verbs.ts', check: 'every file of src is taken by another', says: 'cli/types.ts' },
    { without: 'test/cli/types.test.ts', check: 'every verb has a test', says: 'types' },
    { without: 'README.md', check: 'every verb has a row in README.md', says: 'lacks types' },
    { without: 'manifest.json', check: 'every verb is an action of the manifest, or says why not', says: 'types' },
    { without: 'docs/operations.md', check: 'every action has its document in operations.md', says: 'types' },
  ],
};
