import { asStamped } from '../../rules/as-stamped.ts';
import type { Rule } from '../../rules/rule.ts';
import { arrivalOfApi } from '../../sources/registry.ts';
import type { TenantConfig } from '../config.ts';
import { holdsRules } from '../rule-paths.ts';

/** The rules whose files lie at or below the paths that a tenant names, as its source can answer them. */
export function rulesOf<Kind extends Rule>(tenant: TenantConfig, rules: readonly Kind[]): readonly Kind[] {
  const arrival = arrivalOfApi(tenant.source.api) ?? null;
  return rules.filter(({ map: { file } }) => holdsRules(tenant, file)).map((rule) => asStamped(rule, arrival));
}
