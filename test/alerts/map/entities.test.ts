import { describe, expect, it } from '@jest/globals';
import { createEntityMapper } from '../../../src/alerts/map/entities.ts';
import { observablesOf } from '../../../src/alerts/map/observables.ts';
import { ENTITY_TYPES } from '../../../src/rules/rule.ts';
import type { Row } from '../../../src/sources/source.ts';
import { makeRule } from '../samples.ts';

const PROCESS: Row = {
  DeviceId: 'd1',
  DeviceName: 'pc1',
  ActionType: 'ProcessCreated',
  FileName: 'powershell.exe',
  FolderPath: 'C:\\ps.exe',
  SHA256: 'aa',
  ProcessId: 42,
  ProcessCommandLine: 'powershell -enc x',
  AccountName: 'bob',
  AccountSid: 'S-1',
  InitiatingProcessFileName: 'winword.exe',
  InitiatingProcessId: 41,
  InitiatingProcessCommandLine: 'winword /n',
  InitiatingProcessAccountName: 'alice',
};

const FILE: Row = {
  DeviceName: 'pc1',
  FileName: 'evil.dll',
  SHA1: 'bb',
  FileSize: 10,
  InitiatingProcessFileName: 'rundll32.exe',
  InitiatingProcessId: 7,
  InitiatingProcessParentFileName: 'explorer.exe',
  InitiatingProcessParentId: 1,
};

function entities(tables: readonly string[], ...rows: readonly Row[]) {
  return createEntityMapper(makeRule({ tables }))(rows);
}

describe('inferred entities', () => {
  it.each([[['DeviceProcessEvents']], [['DeviceEvents']], [[]], [['DeviceProcessEvents', 'DeviceFileEvents']]])(
    'take a process row of %j for a process and its parent',
    (tables) => {
      const found = entities(tables, PROCESS);
      expect(found.filter((one) => one.type === 'process')).toEqual([
        {
          type: 'process',
          name: 'powershell.exe',
          path: 'C:\\ps.exe',
          pid: 42,
          commandLine: 'powershell -enc x',
          sha256: 'aa',
        },
        { type: 'process', role: 'parent', name: 'winword.exe', pid: 41, commandLine: 'winword /n' },
      ]);
      expect(found.some((one) => one.type === 'file')).toBe(false);
    },
  );

  it.each([[['DeviceFileEvents']], [['DeviceImageLoadEvents']], [[]]])(
    'take a file row of %j for a file and the process that touched it',
    (tables) => {
      const found = entities(tables, FILE);
      expect(found.filter((one) => one.type === 'file')).toEqual([
        { type: 'file', name: 'evil.dll', size: 10, sha1: 'bb' },
      ]);
      expect(found.filter((one) => one.type === 'process')).toEqual([
        { type: 'process', name: 'rundll32.exe', pid: 7 },
        { type: 'process', role: 'parent', name: 'explorer.exe', pid: 1 },
      ]);
    },
  );

  it('follow the table even where a file row has a process id', () => {
    const found = entities(['DeviceFileEvents'], { ...FILE, ProcessId: 9 });
    expect(found.some((one) => one.type === 'file')).toBe(true);
  });

  it.each<[string, readonly string[], Row, string]>([
    ['a connection out', ['DeviceNetworkEvents'], {}, 'destination'],
    ['a connection in, by text', ['DeviceNetworkEvents'], { AdditionalFields: '{"direction": "In"}' }, 'source'],
    ['a connection in, by value', ['DeviceNetworkEvents'], { AdditionalFields: { direction: 'In' } }, 'source'],
    ['an accepted connection', ['DeviceNetworkEvents'], { ActionType: 'InboundConnectionAccepted' }, 'source'],
    ['a logon', ['DeviceLogonEvents'], {}, 'source'],
    ['a logon of an unknown table', [], { ActionType: 'LogonFailed' }, 'source'],
  ])('know which end the remote address of %s is', (_, tables, cells, role) => {
    const row = { RemoteIP: '198.51.100.1', RemotePort: 443, LocalIP: '10.0.0.1', ...cells };
    const remote = entities(tables, row).find((one) => one.name === '198.51.100.1');
    expect(remote).toEqual({ type: 'ip', role, name: '198.51.100.1', port: 443 });
    const other = role === 'source' ? 'destination' : 'source';
    expect(entities(tables, row).find((one) => one.name === '10.0.0.1')?.role).toBe(other);
  });

  it('cover mail, links, registry and applications', () => {
    const found = entities(['EmailEvents'], {
      NetworkMessageId: 'n1',
      Subject: 'hi',
      SenderFromAddress: 'a@example.com',
      RecipientEmailAddress: 'b@example.com',
      SenderIPv4: '192.0.2.1',
      SenderIPv6: '2001:db8::1',
      Url: 'https://example.com',
      RegistryKey: 'HKLM\\X',
      Application: 'Teams',
    });
    expect(new Set(found.map((one) => one.type))).toEqual(new Set(['mail', 'ip', 'url', 'registry', 'app']));
    expect(found.filter((one) => one.type === 'ip')).toHaveLength(2);
  });

  it('come once each, from all rows, and leave empty cells out', () => {
    const found = entities(
      ['DeviceFileEvents'],
      { DeviceName: 'pc1' },
      { DeviceName: 'pc1', AccountName: '' },
      { DeviceName: 'pc2' },
    );
    expect(found).toEqual([
      { type: 'host', name: 'pc1' },
      { type: 'host', name: 'pc2' },
    ]);
  });

  it('end at a hundred', () => {
    const rows = Array.from({ length: 150 }, (_, index) => ({ DeviceName: `pc${index}` }));
    expect(entities([], ...rows)).toHaveLength(100);
  });
});

describe('given entities', () => {
  it('take the place of inferred ones and keep their own fields', () => {
    const rule = makeRule({
      alert: { entities: [{ type: 'ip', fields: { address: 'RemoteIP', country: 'Country', type: 'DeviceName' } }] },
    });
    const row = { RemoteIP: '192.0.2.1', Country: ['DE'], DeviceName: 'pc1' };
    expect(createEntityMapper(rule)([row])).toEqual([{ type: 'ip', address: '192.0.2.1', country: '["DE"]' }]);
  });

  it('may be none at all', () => {
    expect(createEntityMapper(makeRule({ alert: { entities: [] } }))([PROCESS])).toEqual([]);
  });
});

describe('entities that an overlay added', () => {
  it('stand beside the inferred ones, each once', () => {
    const rule = makeRule({ tables: ['DeviceProcessEvents'] });
    const added = [
      { type: 'registry', fields: { key: 'FolderPath' } },
      { type: 'registry', fields: { key: 'FolderPath' } },
    ] as const;
    const mapper = createEntityMapper({ ...rule, alert: { ...rule.alert, entities: added, inferred: true } });
    const inferred = entities(['DeviceProcessEvents'], PROCESS);
    expect(inferred.length).toBeGreaterThan(0);
    expect(mapper([PROCESS])).toEqual([...inferred, { type: 'registry', key: 'C:\\ps.exe' }]);
  });
});

describe('observables', () => {
  it('are the values worth a search, each once', () => {
    const found = observablesOf(entities(['DeviceProcessEvents'], PROCESS, PROCESS));
    expect(found).toContainEqual({ type: 'sha256', value: 'aa' });
    expect(found).toContainEqual({ type: 'command-line', value: 'powershell -enc x' });
    expect(found).toContainEqual({ type: 'user', value: 'alice' });
    expect(new Set(found.map((one) => `${one.type} ${one.value}`)).size).toBe(found.length);
    expect(found.some((one) => one.value === '42')).toBe(false);
  });

  it('know every type of entity', () => {
    for (const type of ENTITY_TYPES) {
      const all = { type, id: 'i', name: 'n', address: 'n', url: 'n', key: 'n', sender: 'n' };
      expect(observablesOf([all]).length).toBeGreaterThan(0);
    }
  });
});
