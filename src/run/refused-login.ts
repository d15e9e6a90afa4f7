import type { ErrorCode } from '../lib/errors.ts';
import type { OwnCondition } from './tell-health.ts';

/** How a rule's latest run failed, as far as it did. */
export interface LatestFailure {
  readonly code: ErrorCode;
  readonly message: string;
}

export function isRefusedLogin(error: Pick<LatestFailure, 'code'> | null): boolean {
  return error?.code === 'SOURCE_AUTH';
}

/** A login that is refused is no matter of a rule: it is told once of the tenant, and over when no rule fails by it any more. */
export function loginCondition(tenant: string, failures: readonly (LatestFailure | null)[]): OwnCondition {
  const refused = failures.filter(isRefusedLogin);
  const [first] = refused;
  const message = first
    ? `The login is refused, so that the tenant's rules cannot ask: ${first.code}: ${first.message} Their windows wait and are asked again. Renew the credential; "huntwire doctor" tries it.`
    : 'The login is accepted again, or no rule needs it any more.';
  return { code: 'login-refused', subject: tenant, firing: refused.length > 0, message, again: false, rule: null };
}
