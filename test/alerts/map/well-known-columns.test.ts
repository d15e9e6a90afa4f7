import { describe, expect, it } from '@jest/globals';
import { createEntityMapper } from '../../../src/alerts/map/entities.ts';
import { observablesOf } from '../../../src/alerts/map/observables.ts';
import type { Row } from '../../../src/sources/source.ts';
import { makeRule } from '../samples.ts';

/** A row whose cells say their column's name. */
function rowOf(columns: readonly string[]): Row {
  return Object.fromEntries(columns.map((column) => [column, `<${column}>`]));
}

function entities(row: Row, tables: readonly string[] = ['DeviceFileEvents']) {
  return createEntityMapper(makeRule({ tables }))([row]);
}

const accountColumns = (prefix: string) => ['Name', 'Domain', 'Sid', 'Upn', 'ObjectId'].map((end) => prefix + end);
const account = (prefix: string) => ({
  type: 'account',
  name: `<${prefix}Name>`,
  domain: `<${prefix}Domain>`,
  sid: `<${prefix}Sid>`,
  upn: `<${prefix}Upn>`,
  objectId: `<${prefix}ObjectId>`,
});
const hashes = (prefix = '') => ({ sha256: `<${prefix}SHA256>`, sha1: `<${prefix}SHA1>`, md5: `<${prefix}MD5>` });

describe('the well-known columns', () => {
  it.each<[string, readonly string[], object]>([
    [
      'a host',
      ['DeviceId', 'DeviceName', 'OSPlatform'],
      { type: 'host', id: '<DeviceId>', name: '<DeviceName>', os: '<OSPlatform>' },
    ],
    [
      'a remote host',
      ['RemoteDeviceName', 'DestinationDeviceName'],
      { type: 'host', role: 'remote', name: '<RemoteDeviceName>' },
    ],
    [
      'a destination',
      ['DestinationDeviceName', 'TargetDeviceName'],
      { type: 'host', role: 'remote', name: '<DestinationDeviceName>' },
    ],
    ['a target device', ['TargetDeviceName'], { type: 'host', role: 'remote', name: '<TargetDeviceName>' }],
    ['an account', accountColumns('Account'), account('Account')],
    [
      'the account of a process',
      accountColumns('InitiatingProcessAccount'),
      { role: 'initiating', ...account('InitiatingProcessAccount') },
    ],
    [
      'a mail',
      ['NetworkMessageId', 'Subject', 'SenderFromAddress', 'RecipientEmailAddress'],
      {
        type: 'mail',
        id: '<NetworkMessageId>',
        name: '<Subject>',
        sender: '<SenderFromAddress>',
        recipient: '<RecipientEmailAddress>',
      },
    ],
    [
      'a mail of other tables',
      ['EmailSubject', 'SenderMailFromAddress'],
      { type: 'mail', name: '<EmailSubject>', sender: '<SenderMailFromAddress>' },
    ],
    ['an address', ['IPAddress'], { type: 'ip', role: 'source', name: '<IPAddress>' }],
    ['a sender', ['SenderIPv4'], { type: 'ip', role: 'source', name: '<SenderIPv4>' }],
    ['a sender by IPv6', ['SenderIPv6'], { type: 'ip', role: 'source', name: '<SenderIPv6>' }],
    [
      'a request',
      ['RequestSourceIP', 'RequestSourcePort'],
      { type: 'ip', role: 'source', name: '<RequestSourceIP>', port: '<RequestSourcePort>' },
    ],
    [
      'a destination address',
      ['DestinationIPAddress', 'DestinationPort'],
      { type: 'ip', role: 'destination', name: '<DestinationIPAddress>', port: '<DestinationPort>' },
    ],
    ['a remote URL', ['RemoteUrl'], { type: 'url', name: '<RemoteUrl>' }],
    ['a URL', ['Url'], { type: 'url', name: '<Url>' }],
    ['where a file came from', ['FileOriginUrl'], { type: 'url', role: 'origin', name: '<FileOriginUrl>' }],
    [
      'a registry value',
      ['RegistryKey', 'RegistryValueName', 'RegistryValueData'],
      { type: 'registry', name: '<RegistryKey>', valueName: '<RegistryValueName>', valueData: '<RegistryValueData>' },
    ],
    ['an application', ['ApplicationId', 'Application'], { type: 'app', id: '<ApplicationId>', name: '<Application>' }],
    [
      'an OAuth application',
      ['OAuthApplicationId', 'AppName'],
      { type: 'app', id: '<OAuthApplicationId>', name: '<AppName>' },
    ],
    [
      'a file',
      ['FileName', 'FolderPath', 'FileSize', 'SHA256', 'SHA1', 'MD5'],
      { type: 'file', name: '<FileName>', path: '<FolderPath>', size: '<FileSize>', ...hashes() },
    ],
    [
      'the parent of a process',
      ['InitiatingProcessParentFileName', 'InitiatingProcessParentId'],
      {
        type: 'process',
        role: 'parent',
        name: '<InitiatingProcessParentFileName>',
        pid: '<InitiatingProcessParentId>',
      },
    ],
    ['the local end', ['LocalIP', 'LocalPort'], { type: 'ip', role: 'source', name: '<LocalIP>', port: '<LocalPort>' }],
    [
      'the remote end',
      ['RemoteIP', 'RemotePort'],
      { type: 'ip', role: 'destination', name: '<RemoteIP>', port: '<RemotePort>' },
    ],
  ])('tell of %s', (_name, columns, entity) => {
    expect(entities(rowOf(columns))).toEqual([entity]);
  });

  it.each([
    ['', 'Process', ['DeviceProcessEvents'], {}],
    ['InitiatingProcess', 'InitiatingProcess', ['DeviceProcessEvents'], { role: 'parent' }],
    ['InitiatingProcess', 'InitiatingProcess', ['DeviceFileEvents'], {}],
  ])('tell of a process by %s', (prefix, own, tables, role) => {
    const fileEnds = ['FileName', 'FolderPath', 'SHA256', 'SHA1', 'MD5'].map((end) => prefix + end);
    const ownEnds = ['Id', 'CommandLine', 'CreationTime'].map((end) => own + end);
    expect(entities(rowOf([...fileEnds, ...ownEnds]), tables)).toEqual([
      {
        type: 'process',
        ...role,
        name: `<${prefix}FileName>`,
        path: `<${prefix}FolderPath>`,
        pid: `<${own}Id>`,
        commandLine: `<${own}CommandLine>`,
        createdAt: `<${own}CreationTime>`,
        ...hashes(prefix),
      },
    ]);
  });

  it.each([
    ['OSPlatform'],
    ['AccountDomain'],
    ['InitiatingProcessAccountDomain'],
    ['RequestSourcePort'],
    ['DestinationPort'],
    ['LocalPort'],
    ['RemotePort'],
    ['RegistryValueName'],
    ['RegistryValueData'],
    ['FileSize'],
    ['InitiatingProcessParentId'],
    ['InitiatingProcessId'],
    ['InitiatingProcessSHA256'],
  ])('make no entity of %s alone', (column) => {
    expect(entities(rowOf([column]))).toEqual([]);
  });

  it.each([
    'FileName',
    'FolderPath',
    'SHA256',
    'SHA1',
    'MD5',
    'AccountName',
    'AccountSid',
    'AccountUpn',
    'AccountObjectId',
    'DeviceId',
    'DeviceName',
    'InitiatingProcessFolderPath',
    'InitiatingProcessCommandLine',
    'NetworkMessageId',
    'ApplicationId',
  ])('make an entity of %s alone', (column) => {
    expect(entities(rowOf([column]))).toHaveLength(1);
  });
});

describe('the kind of a row', () => {
  const isProcess = (row: Row, tables: readonly string[]) =>
    entities({ FileName: 'a.exe', ...row }, tables).some(({ type }) => type === 'process');

  it.each<[readonly string[], Row, boolean]>([
    [['DeviceProcessEvents', 'DeviceEvents'], {}, true],
    [['DeviceFileEvents', 'DeviceNetworkEvents'], { ProcessId: 1 }, false],
    [['DeviceEvents', 'DeviceFileEvents'], {}, false],
    [['DeviceEvents', 'DeviceFileEvents'], { ProcessId: 1 }, true],
    [['DeviceEvents', 'DeviceFileEvents'], { ProcessCommandLine: 'a' }, true],
    [[], {}, false],
    [[], { ProcessId: 1 }, true],
    [[], { ProcessId: null, ProcessCommandLine: '' }, false],
  ])('of %j with %j: a process %s', (tables, row, expected) => {
    expect(isProcess(row, tables)).toBe(expected);
  });

  it('is told by the tables that make rows, not by those that are only looked up', () => {
    const rule = makeRule({ tables: ['DeviceProcessEvents', 'DeviceInfo'] });
    const tables = rule.prepared.tables.map((one) =>
      one.table === 'DeviceInfo' ? { ...one, role: 'context' as const } : one,
    );
    const map = createEntityMapper({ ...rule, prepared: { ...rule.prepared, tables } });
    expect(map([{ FileName: 'a.exe' }])).toEqual([{ type: 'process', name: 'a.exe' }]);
  });
});

describe('which end is remote', () => {
  const roleOf = (row: Row, tables: readonly string[]) => entities({ RemoteIP: '192.0.2.1', ...row }, tables)[0]?.role;
  const inbound = '{"direction":"In"}';

  it.each<[readonly string[], Row, string]>([
    [['DeviceLogonEvents'], {}, 'source'],
    [['DeviceLogonEvents', 'DeviceEvents'], {}, 'destination'],
    [['DeviceEvents'], { ActionType: 'LogonSuccess' }, 'source'],
    [['DeviceEvents'], { ActionType: 'FailedLogon' }, 'destination'],
    [['DeviceEvents'], { ActionType: 'NotInbound' }, 'destination'],
    [['DeviceEvents'], { AdditionalFields: '{"direction":"Out"}' }, 'destination'],
    [['DeviceEvents'], { AdditionalFields: inbound.padEnd(65_536) }, 'source'],
    [['DeviceEvents'], { AdditionalFields: inbound.padEnd(65_537) }, 'destination'],
  ])('of %j with %j: %s', (tables, row, role) => {
    expect(roleOf(row, tables)).toBe(role);
  });
});

describe('values', () => {
  it('of entities have 4,096 characters, of observables 2,048', () => {
    const found = entities({ DeviceName: 'x'.repeat(5000) });
    expect(String(found[0]?.name)).toHaveLength(4096);
    expect(observablesOf(found)[0]?.value).toHaveLength(2048);
  });

  it('of observables are 200 at most, texts only, and none is empty', () => {
    const hosts = Array.from({ length: 250 }, (_, index) => ({ type: 'host' as const, name: `pc${index}` }));
    expect(observablesOf(hosts)).toEqual(hosts.slice(0, 200).map(({ name }) => ({ type: 'hostname', value: name })));
    expect(observablesOf([{ type: 'host', name: '' }, { type: 'host', name: 7 }, { type: 'host' }])).toEqual([]);
  });

  it.each([
    ['host', { name: 'hostname' }],
    ['account', { name: 'user', upn: 'upn', sid: 'sid' }],
    ['file', { name: 'file-name', path: 'file-path', sha256: 'sha256', sha1: 'sha1', md5: 'md5' }],
    ['process', { name: 'process-name', commandLine: 'command-line', sha256: 'sha256', sha1: 'sha1', md5: 'md5' }],
    ['ip', { name: 'ip', address: 'ip' }],
    ['url', { name: 'url', url: 'url' }],
    ['mail', { id: 'mail-id', sender: 'mail-address', recipient: 'mail-address' }],
    ['registry', { name: 'registry-key', key: 'registry-key' }],
    ['app', { id: 'app-id', name: 'app-name' }],
  ] as const)('of a %s are searched for as what they are', (type, fields) => {
    const entity = { type, ...Object.fromEntries(Object.keys(fields).map((field) => [field, `${field}!`])) };
    const expected = Object.entries(fields).map(([field, kind]) => ({ type: kind, value: `${field}!` }));
    expect(observablesOf([entity])).toEqual(expected);
  });
});
