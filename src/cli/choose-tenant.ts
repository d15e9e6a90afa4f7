import { invalidConfig } from '../config/blocked/invalid-config.ts';
import type { Config, TenantConfig } from '../config/config.ts';
import { HuntwireError } from '../lib/errors.ts';

/** The tenant of `--tenant`, or the only one there is. */
export function chooseTenant<Kind extends { readonly name: string }>(
  tenants: readonly Kind[],
  name: string | undefined,
): Kind {
  const [first] = tenants;
  const found = name === undefined ? first : tenants.find((tenant) => tenant.name === name);
  if (found && (name !== undefined || tenants.length === 1)) return found;
  const names = tenants.map((tenant) => tenant.name).join(', ');
  const problem = name === undefined ? 'Say which tenant to ask with --tenant' : `There is no tenant "${name}"`;
  throw new HuntwireError('USAGE', `${problem}; there are: ${names}.`);
}

/** One that can be asked: what is wrong with it is thrown, what is wrong with others is no hindrance. */
export function chooseWholeTenant(config: Pick<Config, 'file' | 'tenants'>, name: string | undefined): TenantConfig {
  const tenant = chooseTenant(config.tenants, name);
  if (tenant.blocked) throw invalidConfig(config.file, tenant.blocked.problems);
  return tenant;
}
