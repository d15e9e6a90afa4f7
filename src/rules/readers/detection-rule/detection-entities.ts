import type { RawAlert } from '../../read/raw.ts';
import type { EntityType } from '../../rule.ts';
import { approximate, honour, type Translation, warnAt } from '../vendor/translation.ts';
import { isVendorObject, type VendorMap, vendorMap, vendorMaps, vendorScalar } from '../vendor/vendor-map.ts';

type RawEntity = NonNullable<RawAlert['entities']>[number];

interface OurEntity {
  readonly type: EntityType;
  /** Their property, in lower case, and our field. */
  readonly fields: Readonly<Record<string, string>>;
}

/** `entityMappings` by their collections, in lower case. Collections that are not here have no type of ours. */
const COLLECTIONS: Readonly<Record<string, OurEntity>> = {
  accounts: {
    type: 'account',
    fields: {
      aaduseridcolumn: 'objectId',
      dnsdomaincolumn: 'dnsDomain',
      namecolumn: 'name',
      ntdomaincolumn: 'domain',
      sidcolumn: 'sid',
      upncolumn: 'upn',
      upnsuffixcolumn: 'upnSuffix',
    },
  },
  hosts: {
    type: 'host',
    fields: {
      deviceidcolumn: 'id',
      namecolumn: 'name',
      netbiosnamecolumn: 'netBiosName',
      dnsdomaincolumn: 'dnsDomain',
      ntdomaincolumn: 'domain',
    },
  },
  ips: { type: 'ip', fields: { addresscolumn: 'name', scopecolumn: 'scope' } },
  urls: { type: 'url', fields: { addresscolumn: 'name' } },
  files: { type: 'file', fields: { namecolumn: 'name', sha1column: 'sha1', sha256column: 'sha256' } },
  processes: { type: 'process', fields: { sha1column: 'sha1', sha256column: 'sha256', namecolumn: 'name' } },
  mailboxes: { type: 'account', fields: { primaryaddresscolumn: 'upn' } },
  mailmessages: {
    type: 'mail',
    fields: {
      networkmessageidcolumn: 'id',
      recipientcolumn: 'recipient',
      sendercolumn: 'sender',
      subjectcolumn: 'name',
    },
  },
  registryvalues: { type: 'registry', fields: { keycolumn: 'name', valuenamecolumn: 'valueName' } },
  cloudapplications: { type: 'app', fields: { appidcolumn: 'id', namecolumn: 'name' } },
  oauthapplications: { type: 'app', fields: { oauthappidcolumn: 'id', appidcolumn: 'id', namecolumn: 'name' } },
};

export interface TranslatedAssets {
  readonly entities: readonly RawEntity[];
  /** What has no type of ours, as details. */
  readonly details: Readonly<Record<string, string>>;
  /** Every column that is named. */
  readonly columns: readonly string[];
}

/** `entityMappings`, and `impactedAssets` of older rules. */
export function translateAssets(translation: Translation, template: VendorMap): TranslatedAssets {
  const draft: AssetDraft = { translation, entities: [], details: {}, columns: [] };
  honour(translation, template, 'entityMappings');
  honour(translation, template, 'impactedAssets');
  const mappings = vendorMap(template.value('entityMappings'), template.at('entityMappings'));
  for (const name of mappings.unread()) {
    for (const one of vendorMaps(mappings.value(name), mappings.at(name))) addMapped(draft, name, one);
  }
  for (const asset of vendorMaps(template.value('impactedAssets'), template.at('impactedAssets')))
    addAsset(draft, asset);
  if (Object.keys(draft.details).length > 0)
    approximate(
      translation,
      template,
      'entityMappings',
      `${Object.keys(draft.details).join(', ')} stand in the details`,
    );
  return draft;
}

interface AssetDraft {
  readonly translation: Translation;
  readonly entities: RawEntity[];
  readonly details: Record<string, string>;
  readonly columns: string[];
}

function addMapped(draft: AssetDraft, collection: string, one: VendorMap): void {
  const ours = COLLECTIONS[collection.toLowerCase()];
  const entity: Record<string, string> = {};
  for (const key of one.unread()) {
    const column = columnOf(one.value(key));
    if (column === null || key.startsWith('@')) continue;
    draft.columns.push(column);
    const field = ours?.fields[key.toLowerCase()];
    if (field === undefined || entity[field] !== undefined) addDetail(draft, `${collection} ${key}`, column);
    else {
      entity[field] = column;
      draft.translation.places.push({ ours: ['alert', 'entities', draft.entities.length, field], theirs: one.at(key) });
    }
  }
  if (!ours || Object.keys(entity).length === 0) return;
  draft.translation.places.push({ ours: ['alert', 'entities', draft.entities.length], theirs: one.path });
  draft.entities.push({ type: ours.type, ...entity } as RawEntity);
}

function columnOf(value: unknown): string | null {
  const text = vendorScalar(isVendorObject(value) ? vendorMap(value, []).value('columnName') : value)?.trim() ?? '';
  return text === '' ? null : text;
}

function addDetail({ details }: AssetDraft, name: string, column: string): void {
  const wanted = name.replace(/Column$/i, '');
  let free = wanted;
  for (let count = 2; details[free] !== undefined; count += 1) free = `${wanted} ${count}`;
  details[free] = column;
}

const DEVICE = /device(?:id|name)$/i;

/** What an identifier is of its entity, by how it ends; the column has its name, with a capital. */
const BY_END: readonly (readonly [RegExp, string])[] = [
  [/deviceid$/i, 'id'],
  [/devicename$/i, 'name'],
  [/objectid$/i, 'objectId'],
  [/sid$/i, 'sid'],
  [/upn$/i, 'upn'],
  [/domain$/i, 'domain'],
  [/(?:address|emailaddress)$/i, 'upn'],
  [/displayname$/i, 'displayName'],
  [/id$/i, 'objectId'],
  [/name$/i, 'name'],
];

function addAsset(draft: AssetDraft, asset: VendorMap): void {
  const identifier = vendorScalar(asset.value('identifier'))?.trim() ?? '';
  const field = BY_END.find(([end]) => end.test(identifier))?.[1];
  if (field === undefined) {
    warnAt(draft.translation, asset.path, `The asset "${identifier}" is not known and left out.`);
    return;
  }
  const column = identifier.charAt(0).toUpperCase() + identifier.slice(1);
  const isDevice = DEVICE.test(identifier) || /device/i.test(vendorScalar(asset.value('@odata.type')) ?? '');
  const type = isDevice ? 'host' : /^serviceprincipal/i.test(identifier) ? 'app' : 'account';
  const name = type === 'app' && field === 'objectId' ? 'id' : field;
  draft.columns.push(column);
  // Graph answers with both forms of one mapping.
  if (draft.entities.some((one) => one.type === type && Object.values(one).includes(column))) return;
  const at = ['alert', 'entities', draft.entities.length, name];
  draft.translation.places.push({ ours: at, theirs: asset.at('identifier') });
  draft.entities.push({ type, [name]: column } as RawEntity);
}
