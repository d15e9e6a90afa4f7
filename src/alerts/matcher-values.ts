import { ENTITY_TYPE_NAMES } from './map/alert-schema.ts';
import { SEVERITY_NAMES } from './severity.ts';

/** What alerts have under a name, where that is a closed list. */
const CLOSED: ReadonlyMap<string, readonly string[]> = new Map([
  ['kind', ['detection', 'health']],
  ['severity', SEVERITY_NAMES],
]);

/** Ids of ATT&CK, never its names. */
const IDS: ReadonlyMap<string, { readonly form: RegExp; readonly such: string }> = new Map([
  ['tactic', { form: /^TA\d{4}$/, such: 'TA0002' }],
  ['technique', { form: /^T\d{4}(?:\.\d{3})?$/, such: 'T1059 or T1059.001' }],
]);

/**
 * Why a matcher can hold for no alert, or for each, whatever that is: a slip that nobody would notice. `plain` is the value that it wants
 * as it is; null: a regex. Null: it may.
 */
export function idleMatcher(name: string, plain: string | null, matches: (value: string) => boolean): string | null {
  const [first = '', type = ''] = name.split('.');
  if (first === 'entity' && !ENTITY_TYPE_NAMES.includes(type))
    return `No alert has an entity of the type "${type}". There are: ${ENTITY_TYPE_NAMES.join(', ')}.`;
  const values = CLOSED.get(name);
  if (values && !values.some(matches)) return `"${name}" is always one of ${values.join(', ')}: that never matches.`;
  const id = IDS.get(name);
  if (id && plain !== null && !id.form.test(plain))
    return `"${name}" is an id of ATT&CK, such as ${id.such}: "${plain}" never matches.`;
  return null;
}
