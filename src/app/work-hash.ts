import { createHash } from 'node:crypto';
import { wholeRuleHash } from '../rules/rule-hash.ts';
import type { Generation } from './generation.ts';
import { targetParts } from './target-parts.ts';

const known = new WeakMap<Generation, string>();

/** One hash over what processes must have in common that share the work: rules, tenants and targets. */
export function workHash(generation: Generation): string {
  const made = known.get(generation) ?? hashOf(generation);
  known.set(generation, made);
  return made;
}

function hashOf({ rulesByTenant, targets, config }: Generation): string {
  const rules = [...rulesByTenant].flatMap(([tenant, own]) =>
    own.map((rule) => `${tenant}\n${rule.id}\n${wholeRuleHash(rule)}`),
  );
  const names = [
    ...config.tenants.map(({ name }) => `tenant ${name}`),
    ...targetParts(targets).map((name) => `target ${name}`),
  ];
  return createHash('sha256')
    .update(JSON.stringify([names.sort(), rules.sort()]))
    .digest('hex');
}
