import type { Path } from '../../../lib/yaml/parse-yaml.ts';
import type { RawAlert } from '../../read/raw.ts';
import type { EntityType } from '../../rule.ts';
import { approximate, honour, type Translation, warnAt, warnUnread } from '../vendor/translation.ts';
import { type VendorMap, vendorMaps, vendorScalar } from '../vendor/vendor-map.ts';

interface OurEntity {
  readonly type: EntityType;
  /** Their identifier, in lower case, and our field. */
  readonly fields: Readonly<Record<string, string>>;
}

const ACCOUNT: OurEntity = {
  type: 'account',
  fields: {
    name: 'name',
    fullname: 'fullName',
    ntdomain: 'domain',
    dnsdomain: 'dnsDomain',
    upnsuffix: 'upnSuffix',
    sid: 'sid',
    aadtenantid: 'tenantId',
    aaduserid: 'objectId',
    puid: 'puid',
    isdomainjoined: 'isDomainJoined',
    displayname: 'displayName',
    objectguid: 'objectGuid',
    cloudappaccountid: 'cloudAppAccountId',
  },
};

const HOST: OurEntity = {
  type: 'host',
  fields: {
    hostname: 'name',
    fullname: 'fullName',
    netbiosname: 'netBiosName',
    dnsdomain: 'dnsDomain',
    ntdomain: 'domain',
    azureid: 'azureId',
    omsagentid: 'agentId',
    osfamily: 'os',
    osversion: 'osVersion',
    isdomainjoined: 'isDomainJoined',
  },
};

/** By their type, in lower case without spaces. Types that are not here have none of ours. */
const ENTITIES: Readonly<Record<string, OurEntity>> = {
  account: ACCOUNT,
  host: HOST,
  ip: { type: 'ip', fields: { address: 'name' } },
  url: { type: 'url', fields: { url: 'name' } },
  file: { type: 'file', fields: { name: 'name', directory: 'path' } },
  filehash: { type: 'file', fields: { value: 'hash', algorithm: 'algorithm' } },
  process: {
    type: 'process',
    fields: {
      processid: 'pid',
      commandline: 'commandLine',
      elevationtoken: 'elevation',
      creationtimeutc: 'createdAt',
    },
  },
  registrykey: { type: 'registry', fields: { key: 'name', hive: 'hive' } },
  registryvalue: { type: 'registry', fields: { name: 'valueName', value: 'valueData', valuetype: 'valueType' } },
  cloudapplication: { type: 'app', fields: { appid: 'id', name: 'name', instancename: 'instance' } },
  mailbox: {
    type: 'account',
    fields: {
      mailboxprimaryaddress: 'upn',
      upn: 'upn',
      displayname: 'displayName',
      externaldirectoryobjectid: 'objectId',
      risklevel: 'riskLevel',
    },
  },
  mailmessage: {
    type: 'mail',
    fields: {
      networkmessageid: 'id',
      internetmessageid: 'internetMessageId',
      subject: 'name',
      recipient: 'recipient',
      sender: 'sender',
      p1sender: 'p1Sender',
      p2sender: 'p2Sender',
      senderip: 'senderIp',
      receiveddate: 'receivedAt',
      deliveryaction: 'deliveryAction',
    },
  },
  submissionmail: {
    type: 'mail',
    fields: { networkmessageid: 'id', subject: 'name', recipient: 'recipient', sender: 'sender', senderip: 'senderIp' },
  },
};

const HASH_FIELDS = ['sha256', 'sha1', 'md5'];
const MOST_ENTITIES = 50;

export interface TranslatedEntities {
  readonly entities: NonNullable<RawAlert['entities']>;
  /** What entities of no type of ours name, as details: `AzureResource ResourceId`. */
  readonly details: Readonly<Record<string, string>>;
}

interface Draft {
  readonly translation: Translation;
  readonly entities: NonNullable<RawAlert['entities']>[number][];
  readonly details: Record<string, string>;
  /** Kinds and identifiers that became details. */
  readonly leftOver: Set<string>;
}

/** `entityMappings` and `sentinelEntitiesMappings`. */
export function translateEntities(translation: Translation, source: VendorMap): TranslatedEntities {
  const draft: Draft = { translation, entities: [], details: {}, leftOver: new Set() };
  honour(translation, source, 'entityMappings');
  for (const mapping of vendorMaps(source.value('entityMappings'), source.at('entityMappings'))) {
    addEntity(draft, mapping);
  }
  addWholeEntities(draft, source);
  if (draft.leftOver.size > 0) {
    approximate(translation, source, 'entityMappings', `${[...draft.leftOver].join(', ')} stand in the details`);
  }
  return { entities: draft.entities.slice(0, MOST_ENTITIES), details: draft.details };
}

function addWholeEntities({ translation, details }: Draft, source: VendorMap): void {
  for (const one of vendorMaps(source.value('sentinelEntitiesMappings'), source.at('sentinelEntitiesMappings'))) {
    const column = vendorScalar(one.value('columnName'));
    if (column) details[nameFor(details, 'Entities')] = column;
  }
  approximate(translation, source, 'sentinelEntitiesMappings', 'the column stands in the details');
}

interface Field {
  readonly identifier: string;
  readonly column: string;
  readonly path: Path;
}

function addEntity(draft: Draft, mapping: VendorMap): void {
  const type = vendorScalar(mapping.value('entityType'))?.trim() ?? '';
  const fields = fieldsOf(draft.translation, mapping);
  warnUnread(draft.translation, mapping);
  const ours = ENTITIES[type.toLowerCase().replaceAll(/\s/g, '')];
  if (ours === undefined) {
    for (const field of fields) addDetail(draft, type || 'Entity', field);
    return;
  }
  const entity: Record<string, string> = {};
  const isNamed = fields.some(({ identifier }) => ours.fields[identifier.toLowerCase()] === 'name');
  for (const field of fields) {
    const name = ourField(ours, field, isNamed);
    if (name === null || entity[name] !== undefined) addDetail(draft, type, field);
    else {
      entity[name] = field.column;
      draft.translation.places.push({ ours: ['alert', 'entities', draft.entities.length, name], theirs: field.path });
    }
  }
  if (Object.keys(entity).length === 0) return;
  draft.translation.places.push({ ours: ['alert', 'entities', draft.entities.length], theirs: mapping.path });
  draft.entities.push({ type: ours.type, ...entity } as Draft['entities'][number]);
}

/** A column that is named after a hash says which it is. The full name of a host is its name where it has no other, as Defender's DeviceName is. */
function ourField(ours: OurEntity, { identifier, column }: Field, isNamed: boolean): string | null {
  const name = ours.fields[identifier.toLowerCase()] ?? null;
  if (name === 'fullName' && ours.type === 'host' && !isNamed) return 'name';
  return name === 'hash' ? (HASH_FIELDS.find((hash) => column.toLowerCase().endsWith(hash)) ?? name) : name;
}

function addDetail({ translation, details, leftOver }: Draft, type: string, { identifier, column, path }: Field): void {
  const name = nameFor(details, `${type} ${identifier}`);
  details[name] = column;
  leftOver.add(`${type} ${identifier}`);
  translation.places.push({ ours: ['alert', 'details', name], theirs: path });
}

function nameFor(details: Readonly<Record<string, string>>, wanted: string): string {
  let name = wanted;
  for (let count = 2; details[name] !== undefined; count += 1) name = `${wanted} ${count}`;
  return name;
}

function fieldsOf(translation: Translation, mapping: VendorMap): readonly Field[] {
  const maps = vendorMaps(mapping.value('fieldMappings'), mapping.at('fieldMappings'));
  return maps.flatMap((map) => {
    // `identifies` is a slip that stands in published rules.
    const identifier = vendorScalar(map.value('identifier') ?? map.value('identifies'))?.trim();
    const column = vendorScalar(map.value('columnName'))?.trim();
    warnUnread(translation, map);
    if (identifier && column) return [{ identifier, column, path: map.at('columnName') }];
    warnAt(translation, map.path, 'An entity needs "identifier" and "columnName"; this one is left out.');
    return [];
  });
}
