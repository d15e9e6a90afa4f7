import type { Rule } from '../../rules/rule.ts';
import { defineAction } from '../action.ts';
import type { ActionDeps } from '../action-deps.ts';
import { A_TEXT, gives, listOf, oneOf, takes, word } from '../schema.ts';

export const listRules = defineAction<{ readonly tenant?: string }>({
  uuid: '9c3d7b8a-1f52-4e0c-b7d6-8e2a4b5c6d74',
  slug: 'list_rules',
  name: 'List rules',
  description: 'The rules of every tenant that the process works with. How they stand tells get_status.',
  scope: 'read',
  command: ['huntwire', 'action', 'list_rules'],
  input: takes({ tenant: word('Only of this tenant.') }),
  results: gives({
    rules: listOf(
      gives({
        tenant: A_TEXT,
        id: A_TEXT,
        name: A_TEXT,
        description: A_TEXT,
        severity: oneOf(['informational', 'low', 'medium', 'high', 'critical']),
        version: A_TEXT,
        status: oneOf(['enabled', 'testing', 'disabled']),
        attack: listOf(A_TEXT),
        tags: listOf(A_TEXT),
        hash: A_TEXT,
      }),
    ),
  }),
  run: async ({ tenant }, deps) => ({ rules: await rulesAsked(tenant, deps) }),
});

async function rulesAsked(tenant: string | undefined, { config, rulesOf }: ActionDeps): Promise<readonly unknown[]> {
  const asked = config.tenants.filter(({ name }) => tenant === undefined || name === tenant);
  const found = await Promise.all(
    asked.map(async ({ name }) => (await rulesOf(name)).map((rule) => shownRule(name, rule))),
  );
  return found.flat();
}

function shownRule(tenant: string, rule: Rule): Readonly<Record<string, unknown>> {
  const { id, name, description, severity, version, status, attack, tags, hash } = rule;
  return { tenant, id, name, description, severity, version, status, attack, tags, hash };
}
