import type { Draft } from '../mapping/nested.ts';

/** Hives by the names that Windows has for them, and by those that ECS has. */
const HIVES: ReadonlyMap<string, string> = new Map([
  ['HKEY_LOCAL_MACHINE', 'HKLM'],
  ['HKEY_USERS', 'HKU'],
  ['HKEY_CURRENT_USER', 'HKCU'],
  ['HKEY_CLASSES_ROOT', 'HKCR'],
  ['HKEY_CURRENT_CONFIG', 'HKCC'],
]);
const ABBREVIATIONS: readonly string[] = [...HIVES.values()];

/**
 * `registry` as ECS divides it: the hive by its abbreviation, the key below it, and the path of hive, key and value, which Elastic's rules
 * ask for. A key without a hive that is known stays whole.
 */
export function registryPlace(registry: unknown): { readonly registry?: Draft } {
  if (registry === undefined) return {};
  const { key, ...rest } = registry as Draft;
  if (typeof key !== 'string') return { registry: rest };
  const { hive, below } = divided(key);
  const steps = [hive, below, rest.value].filter((step) => typeof step === 'string' && step !== '');
  return {
    registry: { ...(hive !== null && { hive }), ...(below !== '' && { key: below }), path: steps.join('\\'), ...rest },
  };
}

function divided(key: string): { readonly hive: string | null; readonly below: string } {
  const [first = '', ...others] = key.split('\\');
  const name = first.toUpperCase();
  const hive = ABBREVIATIONS.includes(name) ? name : (HIVES.get(name) ?? null);
  return { hive, below: hive === null ? key : others.join('\\') };
}
