import type { EntityMapping, EntityType } from '../rule.ts';
import type { LintCheck } from './check.ts';

/** By type the sets of fields of which one is enough to know an entity again. */
const ENOUGH: Readonly<Record<EntityType, readonly (readonly string[])[]>> = {
  host: [['id'], ['name'], ['azureId'], ['agentId'], ['netBiosName']],
  account: [
    ['id'],
    ['sid'],
    ['upn'],
    ['name', 'domain'],
    ['name', 'upnSuffix'],
    ['name', 'dnsDomain'],
    ['fullName'],
    ['objectId'],
    ['objectGuid'],
    ['puid'],
  ],
  file: [['sha256'], ['sha1'], ['md5'], ['hash'], ['path'], ['name']],
  process: [['sha256'], ['sha1'], ['md5'], ['path'], ['commandLine'], ['pid'], ['id'], ['name']],
  ip: [['name'], ['address']],
  url: [['name'], ['url']],
  mail: [['id'], ['internetMessageId']],
  registry: [['name'], ['key']],
  app: [['id'], ['name']],
};

/** Receivers join alerts by their entities: one without an identifier joins nothing, or what it should not. */
export const entityUnidentified: LintCheck = {
  id: 'entity-unidentified',
  description:
    'An entity without a field that identifies it: an account with a name and no domain, a mail without its message id.',
  why: 'A receiver cannot tell it from others of the same name, so that it correlates nothing, or too much.',
  mend: 'Map an identifier: `id` or `name` of a host, `sid`, `upn`, `id` or `name` with `domain` of an account, `id` of a mail.',
  severity: 'warning',
  analyzed: false,
  refuses: [],
  check: ({ alert, map }) =>
    (alert.entities ?? []).flatMap((entity, index) => {
      if (isKnown(entity)) return [];
      const sets = ENOUGH[entity.type]
        .slice(0, 4)
        .map((fields) => fields.join(' with '))
        .join(', ');
      const message = `The entity of type ${entity.type} has no field that identifies it.`;
      return [{ place: map.placeOf(['alert', 'entities', index]), message, suggestion: `Map one of: ${sets}.` }];
    }),
};

function isKnown({ type, fields }: EntityMapping): boolean {
  return ENOUGH[type].some((set) => set.every((field) => Object.hasOwn(fields, field)));
}
