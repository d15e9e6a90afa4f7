import { describe, expect, it } from '@jest/globals';
import type { AlertEntity } from '../../../src/alerts/alert.ts';
import { shapesFor } from '../../../src/alerts/map/entity-shapes.ts';
import { factsOf, rowFacts } from '../../../src/formats/mapping/facts.ts';
import { describedPart } from '../../../src/formats/mapping/field.ts';
import { columnsAsked, LINES, MAPPING } from '../../../src/formats/mapping/mapping.ts';
import { FORMATS } from '../../../src/formats/registry.ts';
import type { Row } from '../../../src/sources/source.ts';
import { makeAlert } from '../../alerts/samples.ts';
import { alertOfRows } from '../odd-alerts.ts';

/** What is known of an alert, by `part.name`. */
function known(entities: readonly AlertEntity[], row: Readonly<Record<string, unknown>> | null = null) {
  const alert = makeAlert({ entities, evidence: row === null ? [] : [row as Record<string, string>] });
  return named(factsOf(alert).values);
}

function named(values: readonly unknown[]) {
  const lines = MAPPING.map(({ part, name }, line) => [`${part}.${name}`, values[line]] as const);
  return Object.fromEntries(lines.filter(([, value]) => value !== null));
}

describe('the mapping', () => {
  it('has one line for each name', () => {
    const names = MAPPING.map(({ part, name }) => `${part}.${name}`);
    expect(new Set(names).size).toBe(names.length);
    expect([...LINES.values()].reduce((sum, lines) => sum + lines.size, 0)).toBe(names.length);
  });

  it.each([
    ['process', 'source'],
    ['process', 'destination'],
    ['file', 'source'],
    ['file', 'destination'],
  ] as const)('reads the columns that entities are made of: a row of a %s, remote is the %s', (kind, remote) => {
    const traits = { ofProcess: kind === 'process', inbound: remote === 'source' };
    for (const { type, role, fields } of shapesFor(kind, remote)) {
      const part = describedPart({ type, role }, traits.inbound);
      for (const [name, columns] of fields) {
        const isRemoteHost = type === 'host' && role === 'remote';
        const field = MAPPING[LINES.get(part)?.get(isRemoteHost ? 'host' : name) ?? -1];
        expect([part, name, field && columnsAsked(field, traits)]).toEqual([
          part,
          name,
          expect.arrayContaining([...columns]),
        ]);
      }
    }
  });
});

describe('what a row of one table alone says', () => {
  const written = (format: string, row: Row, table: string) =>
    String(FORMATS.get(format)?.format(alertOfRows([row], [table]), { maxBytes: null }).body);

  it('of AlertEvidence: which alert of Microsoft it belongs to', () => {
    const row = { AlertId: 'da637', DeviceName: 'pc1' };
    const related = JSON.parse(written('ocsf', row, 'AlertEvidence')).finding_info.related_events;
    expect(related).toEqual([{ uid: 'da637' }]);
    expect(JSON.parse(written('ecs', row, 'AlertEvidence')).huntwire.source_alert_id).toBe('da637');
    expect(written('cef', row, 'AlertEvidence')).toContain('huntwireSourceAlertId=da637');
    expect(written('leef', row, 'AlertEvidence')).toContain('sourceAlertId=da637');
  });

  it('of CloudAppEvents: what was acted on, and who that is by name', () => {
    const row = {
      ActionType: 'FileShared',
      ObjectName: 'plan.xlsx',
      ObjectType: 'File',
      ObjectId: 'o1',
      AccountObjectId: 'a1',
    };
    const [item] = JSON.parse(written('ocsf', { ...row, AccountDisplayName: 'Bob B.' }, 'CloudAppEvents')).evidences;
    expect(item).toMatchObject({
      resources: [{ name: 'plan.xlsx', type: 'File', uid: 'o1' }],
      user: { uid: 'a1', full_name: 'Bob B.' },
    });
    const ecs = JSON.parse(written('ecs', { ...row, AccountDisplayName: 'Bob B.' }, 'CloudAppEvents'));
    expect(ecs.user).toEqual({ id: 'a1', full_name: 'Bob B.' });
    expect(written('leef', row, 'CloudAppEvents')).toContain('resource=plan.xlsx');
  });

  it('of GraphApiAuditEvents: from where, and which address was asked', () => {
    const row = { IpAddress: '192.0.2.1', RequestUri: 'https://graph.microsoft.com/v1.0/users' };
    const alert = alertOfRows([row], ['GraphApiAuditEvents']);
    expect(named(factsOf(alert).values)).toMatchObject({ 'source.name': row.IpAddress, 'url.name': row.RequestUri });
    expect(alert.observables).toContainEqual({ type: 'ip', value: row.IpAddress });
  });
});

describe('how a row is read', () => {
  const row = {
    FileName: 'a.exe',
    SHA256: 'AB',
    InitiatingProcessFileName: 'b.exe',
    InitiatingProcessParentFileName: 'c.exe',
  };
  const ofProcess = { 'process.name': 'a.exe', 'process.sha256': 'ab', 'parent.name': 'b.exe' };
  const ofFile = { 'file.name': 'a.exe', 'file.sha256': 'ab', 'process.name': 'b.exe', 'parent.name': 'c.exe' };
  const read = (cells: object, entities: readonly AlertEntity[] = []) =>
    named(rowFacts({ ...row, ...cells }, entities).values);

  it.each([
    ['ProcessCreated', ofProcess],
    ['FileCreated', ofFile],
    ['ImageLoaded', ofFile],
    ['RegistryValueSet', ofFile],
    ['ConnectionSuccess', ofFile],
    ['LogonSuccess', ofFile],
  ])('%s says what its columns mean', (ActionType, expected) => {
    expect(read({ ActionType, ProcessCommandLine: 'a' })).toMatchObject(expected);
  });

  it('goes by the entities that were made with the tables at hand', () => {
    expect(
      read({}, [
        { type: 'file', name: 'a.exe' },
        { type: 'process', name: 'a.exe' },
      ]),
    ).toMatchObject(ofFile);
    expect(read({}, [{ type: 'process', name: 'a.exe' }])).toMatchObject(ofProcess);
    expect(read({ ProcessId: 1 }, [{ type: 'process', role: 'parent', name: 'a.exe' }])).toMatchObject(ofProcess);
  });

  it('else a process id or a command line makes it a process', () => {
    expect(read({})).toMatchObject(ofFile);
    expect(read({ ProcessId: 0 })).toMatchObject(ofProcess);
    expect(read({ ProcessCommandLine: '' })).toMatchObject(ofFile);
  });

  it.each<[string, object, readonly AlertEntity[], 'source' | 'destination']>([
    ['an outbound connection', { ActionType: 'ConnectionSuccess' }, [], 'destination'],
    ['a logon', { ActionType: 'LogonFailed' }, [], 'source'],
    ['an inbound connection', { ActionType: 'InboundConnectionAccepted' }, [], 'source'],
    ['what its fields say', { AdditionalFields: '{"direction":"In"}' }, [], 'source'],
    ['what its fields say, parsed', { AdditionalFields: { direction: 'In' } }, [], 'source'],
    ['what the entities say', {}, [{ type: 'ip', role: 'source', name: '10.0.0.2' }], 'source'],
    ['both ends alike', { LocalIP: '10.0.0.2' }, [{ type: 'ip', role: 'source', name: '10.0.0.2' }], 'destination'],
  ])('the remote end of %s', (_, cells, entities, end) => {
    const told = read({ LocalIP: '10.0.0.1', RemoteIP: '10.0.0.2', RemoteDeviceName: 'far', ...cells }, entities);
    expect(told[`${end}.name`]).toBe('10.0.0.2');
    expect(told[`${end}.host`]).toBe('far');
  });
});

describe('what is known of an alert', () => {
  it('is the first entity of each part and what the first row says beside it', () => {
    const row = { DeviceId: 'd1', DeviceName: 'pc1', OSPlatform: 'Windows11', DeviceType: 'Workstation' };
    expect(
      known(
        [
          { type: 'host', id: 'd1', name: 'pc1' },
          { type: 'host', id: 'd2' },
        ],
        row,
      ),
    ).toEqual({
      'host.id': 'd1',
      'host.name': 'pc1',
      'host.os': 'Windows11',
      'host.deviceType': 'Workstation',
    });
  });

  it('is not mixed from an entity and a row that contradicts it', () => {
    const row = { DeviceId: 'd1', DeviceName: 'pc1', AccountName: 'bob' };
    expect(known([{ type: 'host', name: 'pc9' }], row)).toEqual({ 'host.name': 'pc9', 'account.name': 'bob' });
  });

  it('has long texts whole, although entities hold them cut', () => {
    const commandLine = 'x'.repeat(5000);
    const row = { ActionType: 'ProcessCreated', FileName: 'a', ProcessId: 7, ProcessCommandLine: commandLine };
    const entity: AlertEntity = { type: 'process', name: 'a', commandLine: `${commandLine.slice(0, 4095)}…` };
    expect(known([entity], row)).toMatchObject({ 'process.pid': 7, 'process.commandLine': commandLine });
  });

  it('takes the first column that has a value, in whatever order they stand', () => {
    expect(known([], { SenderMailFromAddress: 'b@x.com', SenderFromAddress: 'a@x.com' })['mail.sender']).toBe(
      'a@x.com',
    );
    expect(known([], { SenderFromAddress: '', SenderMailFromAddress: 'b@x.com' })['mail.sender']).toBe('b@x.com');
  });

  it('knows the names that rules of other products give to fields', () => {
    expect(
      known([
        { type: 'ip', address: '10.0.0.1' },
        { type: 'url', url: 'https://a' },
        { type: 'registry', key: 'HKLM' },
      ]),
    ).toEqual({ 'source.name': '10.0.0.1', 'url.name': 'https://a', 'registry.name': 'HKLM' });
  });

  it('keeps the IPv6 address beside the IPv4 address of one end', () => {
    const told = known([
      { type: 'ip', role: 'source', name: '10.0.0.1' },
      { type: 'ip', role: 'source', name: '10.0.0.2' },
      { type: 'ip', role: 'source', name: '2001:db8::1' },
    ]);
    expect(told).toEqual({ 'source.name': '10.0.0.1', 'source.also': '2001:db8::1' });
  });

  it('is nothing for columns that are no property of the row itself', () => {
    expect(known([], JSON.parse('{"__proto__": {"DeviceName": "x"}, "constructor": "y"}'))).toEqual({});
  });
});
