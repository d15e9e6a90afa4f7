import type { MissingSecret } from '../../config/reading.ts';
import { type CheckResult, failed, passed } from '../../lib/check-result.ts';
import { countOf } from '../../lib/text.ts';

/** Every secret that the configuration takes from elsewhere and that is not there; what needs it cannot be asked. */
export function secretChecks(
  file: string,
  references: number,
  missing: readonly MissingSecret[],
): readonly CheckResult[] {
  if (references === 0) return [];
  if (missing.length === 0)
    return [passed('secret', file, `${countOf(references, 'reference')} to secrets can be read`)];
  return missing.map((one) => {
    const subject = `${one.file ?? file}:${one.line}`;
    return failed('secret', subject, `${one.message} ${ownerText(one)}`, cureOf(one.message));
  });
}

function cureOf(message: string): string {
  if (message.startsWith('The environment variable'))
    return 'Set it where huntwire is started; a service does not have the variables of your shell.';
  if (message.includes('EACCES')) return 'Let the user that runs huntwire read it.';
  return 'Write the secret to this file, or correct its path.';
}

function ownerText({ path }: MissingSecret): string {
  const target = targetOf(path);
  return target === null ? 'Its source is not asked.' : `The target ${target} is not tried.`;
}

/** The target that a place of the configuration belongs to; null where it belongs to a tenant. */
export function targetOf(path: MissingSecret['path']): string | null {
  return path[0] === 'targets' ? String(path[1]) : null;
}

/** The index of the tenant that a place of the configuration belongs to; null where it belongs to a target. */
export function tenantIndexOf(path: MissingSecret['path']): number | null {
  if (path[0] === 'targets') return null;
  return path[0] === 'tenants' ? Number(path[1]) : 0;
}
