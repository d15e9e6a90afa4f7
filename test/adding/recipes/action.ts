import { lineAfter, type Recipe, replaced } from '../recipe.ts';

const ACTION = `import { defineAction } from './action.ts';
import { A_TEXT, gives, listOf, takes } from './schema.ts';

export const listTenants = defineAction<unknown>({
  uuid: '2d0f6a2e-4a5e-4d0b-8f0e-6a3c1f6b7d21',
  slug: 'list_tenants',
  name: 'List tenants',
  description: 'The tenants that the process works with.',
  scope: 'read',
  command: ['huntwire', 'action', 'list_tenants'],
  input: takes({}),
  results: gives({ tenants: listOf(A_TEXT) }),
  run: async (_, { config }) => ({ tenants: config.tenants.map(({ name }) => name) }),
});
`;

const TEST = `import { expect, it } from '@jest/globals';
import type { ActionDeps } from '../../src/actions/action-deps.ts';
import { ACTIONS } from '../../src/actions/registry.ts';

it('gives the names of tenants', async () => {
  const deps = { config: { tenants: [{ name: 'acme' }] } } as unknown as ActionDeps;
  expect(await ACTIONS.get('list_tenants')?.run({}, deps)).toEqual({ tenants: ['acme'] });
});
`;

export const ACTION_RECIPE: Recipe = {
  kind: 'action',
  files: { 'src/actions/list-tenants.ts': ACTION, 'test/actions/list-tenants.test.ts': TEST },
  edits: [
    replaced('src/actions/registry.ts', '...[backfillRule, listGaps,', '...[listTenants, backfillRule, listGaps,'),
    lineAfter(
      'src/actions/registry.ts',
      "from './letters/show-dead-letter.ts'",
      "import { listTenants } from './list-tenants.ts';",
    ),
    lineAfter('docs/operations.md', 'action list_rules ', 'action list_tenants  {tenants: [name]}'),
  ],
  steps: [
    {
      without: 'src/actions/registry.ts',
      check: 'every file of src is taken by another',
      says: 'actions/list-tenants.ts',
    },
    { without: 'test/actions/list-tenants.test.ts', check: 'every action has a test', says: 'list_tenants' },
    { without: 'docs/operations.md', check: 'every action has its document in operations.md', says: 'list_tenants' },
  ],
};
