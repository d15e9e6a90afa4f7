import type { Offer } from '../../rules/lint/check.ts';
import { DEFAULT_RETENTION_MS } from '../../rules/shape.ts';
import { traitsOfApi } from '../../sources/registry.ts';
import type { Config } from '../config.ts';
import { holdsRules } from '../rule-paths.ts';

/**
 * What the sources have that run the rules of a file. Of several that of the one with the shortest memory; what one of them lacks and
 * another has is told by none: the rule works there. A file that no tenant runs is looked at for all of them. Null: there is no tenant.
 */
export function offerOf({ tenants }: Pick<Config, 'tenants'>, file: string): Offer | null {
  const own = tenants.filter((tenant) => holdsRules(tenant, file));
  const offers = (own.length > 0 ? own : tenants).map(({ source }) => offerOfApi(source.api));
  const [first] = offers.toSorted((a, b) => a.retentionMs - b.retentionMs);
  if (!first) return null;
  return {
    ...first,
    api: offers.find((one) => one.isUnstamped || one.lacksDefenderFunctions)?.api ?? first.api,
    devicesOnly: offers.every((one) => one.devicesOnly),
    isUnstamped: offers.every((one) => one.isUnstamped),
    lacksDefenderFunctions: offers.every((one) => one.lacksDefenderFunctions),
  };
}

function offerOfApi(api: string): Offer {
  const traits = traitsOfApi(api);
  return {
    api,
    retentionMs: traits?.retentionMs ?? DEFAULT_RETENTION_MS,
    devicesOnly: traits?.hasDevicesOnly ?? false,
    isUnstamped: traits?.arrival?.ingestionTime === 'never',
    lacksDefenderFunctions: traits?.lacksDefenderFunctions ?? false,
  };
}
