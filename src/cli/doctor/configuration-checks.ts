import type { TenantConfig } from '../../config/config.ts';
import type { SoundParts } from '../../config/load-config.ts';
import type { MissingSecret } from '../../config/reading.ts';
import { type CheckResult, failed, passed } from '../../lib/check-result.ts';
import { tenantIndexOf } from './secret-checks.ts';

/** All that is wrong with the configuration, each at its place. */
export function configurationChecks({ config, problems }: SoundParts): readonly CheckResult[] {
  if (problems.length === 0) return [passed('configuration', config.file, 'is valid')];
  return problems.map(({ file, line, column, message }) => {
    const subject = [file ?? config.file, line, column].filter((part) => part !== null).join(':');
    return failed('configuration', subject, message, 'Correct this; what is refused is not tried until then.');
  });
}

/** Why a tenant's source cannot be asked: what it lacks of secrets, and whether its credentials are refused. */
export interface TenantLack {
  readonly missing: readonly MissingSecret[];
  readonly unaskable: boolean;
}

/** Where tenants are refused, those behind them have other numbers than in the file: then a secret that is missing may be anyone's. */
export function tenantLack({ problems, missing }: SoundParts, tenant: TenantConfig, index: number): TenantLack {
  const own = problems.length > 0 ? missing : missing.filter(({ path }) => tenantIndexOf(path) === index);
  return { missing: own, unaskable: own.length > 0 || !(tenant.auth || tenant.source.api === 'local') };
}
