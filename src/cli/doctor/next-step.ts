import type { MissingSecret } from '../../config/reading.ts';
import type { CheckResult } from '../../lib/check-result.ts';

/** What a person fills in first, by the last part of its place in the configuration. */
const WHAT_IT_IS: Readonly<Record<string, string>> = {
  tenantId: 'the tenant ID, from the overview page of Microsoft Entra',
  clientId: 'the application (client) ID, from the app registration in Microsoft Entra',
  clientSecret: "the value of a client secret of that app registration, not the secret's ID",
  url: 'the address where alerts are posted',
};

/** The one thing to do next: the first secret that is not there, else what the first failure asks for; null where nothing fails. */
export function nextStep(failures: readonly CheckResult[], missing: readonly MissingSecret[]): string | null {
  const [secret] = missing;
  if (secret) return `${secret.message} ${meaningOf(secret)}Then call doctor again.`;
  const [failure] = failures;
  return failure ? `${failure.subject}: ${failure.fix ?? failure.message}` : null;
}

function meaningOf({ path }: MissingSecret): string {
  const is = WHAT_IT_IS[String(path.at(-1))];
  return is === undefined ? '' : `It is ${is}. `;
}
