import type { EntityShape } from './entity.ts';

/** What a row's `FileName`, `FolderPath` and hashes describe: the process that is told of, or a file. */
export type RowKind = 'process' | 'file';

const FILE_NEEDS = ['name', 'path', 'sha256', 'sha1', 'md5'];
const ACCOUNT_NEEDS = ['name', 'sid', 'upn', 'objectId'];

/** Shapes for the well-known columns of Defender's tables that mean the same in all of them. */
const COMMON: readonly EntityShape[] = [
  {
    type: 'host',
    fields: { id: ['DeviceId'], name: ['DeviceName'], os: ['OSPlatform'] },
    needs: ['id', 'name'],
  },
  { type: 'host', role: 'remote', fields: { name: ['RemoteDeviceName', 'DestinationDeviceName', 'TargetDeviceName'] } },
  account('Account', undefined),
  account('InitiatingProcessAccount', 'initiating'),
  {
    type: 'mail',
    fields: {
      id: ['NetworkMessageId'],
      name: ['Subject', 'EmailSubject'],
      sender: ['SenderFromAddress', 'SenderMailFromAddress'],
      recipient: ['RecipientEmailAddress'],
    },
  },
  { type: 'ip', role: 'source', fields: { name: ['IPAddress'] } },
  { type: 'ip', role: 'source', fields: { name: ['SenderIPv4'] } },
  { type: 'ip', role: 'source', fields: { name: ['SenderIPv6'] } },
  { type: 'ip', role: 'source', fields: { name: ['RequestSourceIP'], port: ['RequestSourcePort'] }, needs: ['name'] },
  {
    type: 'ip',
    role: 'destination',
    fields: { name: ['DestinationIPAddress'], port: ['DestinationPort'] },
    needs: ['name'],
  },
  { type: 'url', fields: { name: ['RemoteUrl'] } },
  { type: 'url', fields: { name: ['Url'] } },
  { type: 'url', role: 'origin', fields: { name: ['FileOriginUrl'] } },
  {
    type: 'registry',
    fields: { name: ['RegistryKey'], valueName: ['RegistryValueName'], valueData: ['RegistryValueData'] },
    needs: ['name'],
  },
  { type: 'app', fields: { id: ['ApplicationId', 'OAuthApplicationId'], name: ['Application', 'AppName'] } },
];

const PROCESS_ROW: readonly EntityShape[] = [process('', undefined), process('InitiatingProcess', 'parent')];

const FILE_ROW: readonly EntityShape[] = [
  {
    type: 'file',
    fields: {
      name: ['FileName'],
      path: ['FolderPath'],
      size: ['FileSize'],
      sha256: ['SHA256'],
      sha1: ['SHA1'],
      md5: ['MD5'],
    },
    needs: FILE_NEEDS,
  },
  process('InitiatingProcess', undefined),
  {
    type: 'process',
    role: 'parent',
    fields: { name: ['InitiatingProcessParentFileName'], pid: ['InitiatingProcessParentId'] },
    needs: ['name'],
  },
];

/** The shapes to look for in a row; `remote` says which end of a connection the remote address is. */
export function shapesFor(kind: RowKind, remote: 'source' | 'destination'): readonly EntityShape[] {
  return SHAPES[kind][remote];
}

const SHAPES = {
  process: { source: shapes(PROCESS_ROW, 'source'), destination: shapes(PROCESS_ROW, 'destination') },
  file: { source: shapes(FILE_ROW, 'source'), destination: shapes(FILE_ROW, 'destination') },
};

function shapes(own: readonly EntityShape[], remote: 'source' | 'destination'): readonly EntityShape[] {
  const local = remote === 'source' ? 'destination' : 'source';
  return [...COMMON, ...own, address('Local', local), address('Remote', remote)];
}

function address(end: 'Local' | 'Remote', role: string): EntityShape {
  return { type: 'ip', role, fields: { name: [`${end}IP`], port: [`${end}Port`] }, needs: ['name'] };
}

function account(prefix: string, role: string | undefined): EntityShape {
  const fields = {
    name: [`${prefix}Name`],
    domain: [`${prefix}Domain`],
    sid: [`${prefix}Sid`],
    upn: [`${prefix}Upn`],
    objectId: [`${prefix}ObjectId`],
  };
  return { type: 'account', ...(role !== undefined && { role }), fields, needs: ACCOUNT_NEEDS };
}

function process(prefix: string, role: string | undefined): EntityShape {
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
  return { type: 'process', ...(role !== undefined && { role }), fields, needs: ['name', 'path', 'commandLine'] };
}
