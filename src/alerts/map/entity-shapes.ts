import type { EntityType } from '../../rules/rule.ts';
import type { EntityShape } from './entity.ts';

/** What a row's `FileName`, `FolderPath` and hashes describe: the process that is told of, or a file. */
export type RowKind = 'process' | 'file';

type Fields = Readonly<Record<string, readonly string[]>>;

/** Shapes for the well-known columns of Defender's tables that mean the same in all of them. */
const COMMON: readonly EntityShape[] = [
  shape('host', null, { id: ['DeviceId'], name: ['DeviceName'], os: ['OSPlatform'] }, ['id', 'name']),
  shape('host', 'remote', { name: ['RemoteDeviceName', 'DestinationDeviceName', 'TargetDeviceName'] }),
  account('Account', null),
  account('InitiatingProcessAccount', 'initiating'),
  shape('mail', null, {
    id: ['NetworkMessageId'],
    name: ['Subject', 'EmailSubject'],
    sender: ['SenderFromAddress', 'SenderMailFromAddress'],
    recipient: ['RecipientEmailAddress'],
  }),
  // GraphApiAuditEvents writes it so.
  shape('ip', 'source', { name: ['IPAddress', 'IpAddress'] }),
  shape('ip', 'source', { name: ['SenderIPv4'] }),
  shape('ip', 'source', { name: ['SenderIPv6'] }),
  shape('ip', 'source', { name: ['RequestSourceIP'], port: ['RequestSourcePort'] }, ['name']),
  shape('ip', 'destination', { name: ['DestinationIPAddress'], port: ['DestinationPort'] }, ['name']),
  shape('url', null, { name: ['RemoteUrl'] }),
  shape('url', null, { name: ['Url'] }),
  shape('url', null, { name: ['RequestUri'] }),
  shape('url', 'origin', { name: ['FileOriginUrl'] }),
  shape(
    'registry',
    null,
    { name: ['RegistryKey'], valueName: ['RegistryValueName'], valueData: ['RegistryValueData'] },
    ['name'],
  ),
  shape('app', null, { id: ['ApplicationId', 'OAuthApplicationId'], name: ['Application', 'AppName'] }),
];

const PROCESS_ROW: readonly EntityShape[] = [process('', null), process('InitiatingProcess', 'parent')];

const FILE_FIELDS = {
  name: ['FileName'],
  path: ['FolderPath'],
  size: ['FileSize'],
  sha256: ['SHA256'],
  sha1: ['SHA1'],
  md5: ['MD5'],
};
const PARENT_FIELDS = { name: ['InitiatingProcessParentFileName'], pid: ['InitiatingProcessParentId'] };

const FILE_ROW: readonly EntityShape[] = [
  shape('file', null, FILE_FIELDS, ['name', 'path', 'sha256', 'sha1', 'md5']),
  process('InitiatingProcess', null),
  shape('process', 'parent', PARENT_FIELDS, ['name']),
];

const SHAPES = {
  process: { source: shapes(PROCESS_ROW, 'source'), destination: shapes(PROCESS_ROW, 'destination') },
  file: { source: shapes(FILE_ROW, 'source'), destination: shapes(FILE_ROW, 'destination') },
};

/** The shapes to look for in a row; `remote` says which end of a connection the remote address is. */
export function shapesFor(kind: RowKind, remote: 'source' | 'destination'): readonly EntityShape[] {
  return SHAPES[kind][remote];
}

function shapes(own: readonly EntityShape[], remote: 'source' | 'destination'): readonly EntityShape[] {
  const local = remote === 'source' ? 'destination' : 'source';
  return [...COMMON, ...own, address('Local', local), address('Remote', remote)];
}

function address(end: 'Local' | 'Remote', role: string): EntityShape {
  return shape('ip', role, { name: [`${end}IP`], port: [`${end}Port`] }, ['name']);
}

function account(prefix: string, role: string | null): EntityShape {
  const fields = {
    name: [`${prefix}Name`],
    domain: [`${prefix}Domain`],
    sid: [`${prefix}Sid`],
    upn: [`${prefix}Upn`],
    objectId: [`${prefix}ObjectId`],
  };
  return shape('account', role, fields, ['name', 'sid', 'upn', 'objectId']);
}

function process(prefix: string, role: string | null): EntityShape {
  const own = prefix === '' ? 'Process' : prefix;
  const fields = {
    name: [`${prefix}FileName`],
    path: [`${prefix}FolderPath`],
    pid: [`${own}Id`],
    commandLine: [`${own}CommandLine`],
    createdAt: [`${own}CreationTime`],
    sha256: [`${prefix}SHA256`],
    sha1: [`${prefix}SHA1`],
    md5: [`${prefix}MD5`],
  };
  return shape('process', role, fields, ['name', 'path', 'commandLine']);
}

function shape(
  type: EntityType,
  role: string | null,
  fields: Fields,
  needs: readonly string[] | null = null,
): EntityShape {
  return { type, role, fields: Object.entries(fields), needs };
}
