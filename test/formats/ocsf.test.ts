import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import type { Alert } from '../../src/alerts/alert.ts';
import { formatOcsf } from '../../src/formats/ocsf.ts';
import { makeAlert } from '../alerts/samples.ts';
import { tries } from '../tries.ts';
import { alertOfRows, OTHER_ALERTS, oddAlert, tableAlerts } from './odd-alerts.ts';
import { describeWith, oracle } from './oracles.ts';

const SCHEMA = 'ocsf-1.8.0-detection-finding-host.schema.json';

// biome-ignore lint/suspicious/noExplicitAny: a document that is looked at
function ocsf(alert: Alert, maxBytes: number | null = null): any {
  return JSON.parse(formatOcsf(alert, { maxBytes }).body);
}

describe('what it says', () => {
  it.each([
    ['firing', 0, 200_401, 'Create', 1],
    ['firing', 2, 200_402, 'Update', 1],
    ['resolved', 3, 200_403, 'Close', 4],
  ] as const)('%s, revision %d: %d', (status, revision, type_uid, activity_name, status_id) => {
    expect(ocsf(makeAlert({ status, revision }))).toMatchObject({
      activity_id: type_uid - 200_400,
      activity_name,
      type_uid,
      status_id,
      status_detail: status,
      metadata: { sequence: revision, profiles: ['host'], version: '1.8.0' },
      finding_info: { uid: makeAlert().id },
    });
  });

  it.each([
    ['informational', 1],
    ['low', 2],
    ['medium', 3],
    ['high', 4],
    ['critical', 5],
  ] as const)('%s is %d', (severity, severity_id) => {
    expect(ocsf(makeAlert({ severity })).severity_id).toBe(severity_id);
  });

  it('has techniques apart from their families', () => {
    const attack = [
      { tactic: 'TA0002', technique: 'T1059.001' },
      { tactic: 'TA0005', technique: null },
    ];
    expect(ocsf(makeAlert({ attack })).finding_info.attacks).toEqual([
      { tactic: { uid: 'TA0002' }, technique: { uid: 'T1059' }, sub_technique: { uid: 'T1059.001' } },
      { tactic: { uid: 'TA0005' } },
    ]);
  });

  it('has an item for each row, with the row itself, and says at the top whose device and who', () => {
    const row = {
      Timestamp: '2026-01-01T11:50:00Z',
      ActionType: 'ProcessCreated',
      DeviceId: 'd1',
      DeviceName: 'pc1',
      FileName: 'a.exe',
      FolderPath: 'C:\\a.exe',
      SHA256: 'AB',
      ProcessId: 7,
      ProcessCommandLine: 'a.exe -x',
      AccountName: 'bob',
      InitiatingProcessId: 6,
      InitiatingProcessFileName: 'b.exe',
      InitiatingProcessAccountName: 'eve',
    };
    const other = { ...row, ProcessId: 8 };
    const document = ocsf(alertOfRows([row, other], ['DeviceProcessEvents']));
    const parent = { pid: 6, name: 'b.exe', file: { name: 'b.exe', type_id: 1 } };
    expect(document.device).toEqual({ type_id: 0, uid: 'd1', hostname: 'pc1' });
    expect(document.actor).toEqual({ user: { name: 'eve' }, process: parent });
    expect(document.evidences).toMatchObject([
      {
        data: row,
        user: { name: 'bob' },
        process: {
          pid: 7,
          cmd_line: 'a.exe -x',
          file: { path: 'C:\\a.exe', hashes: [{ algorithm_id: 3, value: 'ab' }] },
          parent_process: parent,
        },
      },
      { data: other, process: { pid: 8 } },
    ]);
  });

  it('tells a process without an id as its file, because a process needs one', () => {
    const [item] = ocsf(
      makeAlert({ entities: [{ type: 'process', name: 'a.exe', path: 'C:\\b.exe' }], evidence: [] }),
    ).evidences;
    expect(item).toEqual({ file: { name: 'a.exe', type_id: 1, path: 'C:\\b.exe' } });
  });

  it('leaves addresses that are none to the row', () => {
    const row = { SenderFromAddress: '<>', RecipientEmailAddress: '"Bob" <bob@example.com>', SenderIPv4: '256.1.1.1' };
    const [item] = ocsf(alertOfRows([row], ['EmailEvents'])).evidences;
    expect(item.email).toEqual({ to: ['bob@example.com'] });
    expect(item.src_endpoint).toBeUndefined();
    expect(item.data).toEqual(row);
  });

  it('names the ends of a connection and its direction', () => {
    const row = { LocalIP: '10.0.0.1', LocalPort: 50_000, RemoteIP: '192.0.2.1', RemotePort: 443, Protocol: 'Tcp' };
    const [out] = ocsf(alertOfRows([{ ...row, ActionType: 'ConnectionSuccess' }], ['DeviceNetworkEvents'])).evidences;
    expect(out).toMatchObject({
      src_endpoint: { ip: '10.0.0.1', port: 50_000 },
      dst_endpoint: { ip: '192.0.2.1', port: 443 },
      connection_info: { direction_id: 2, protocol_name: 'tcp' },
    });
    const inbound = { ...row, ActionType: 'InboundConnectionAccepted' };
    const [into] = ocsf(alertOfRows([inbound], ['DeviceNetworkEvents'])).evidences;
    expect(into).toMatchObject({ src_endpoint: { ip: '192.0.2.1' }, connection_info: { direction_id: 1 } });
  });

  it('names of each observable the attribute that has its value, and none where none has', () => {
    const row = {
      ActionType: 'ConnectionSuccess',
      DeviceName: 'pc1',
      LocalIP: '10.0.0.1',
      RemoteIP: '192.0.2.1',
      InitiatingProcessId: 7,
      InitiatingProcessFileName: 'A.exe',
      InitiatingProcessSHA256: 'AB',
      InitiatingProcessAccountName: 'eve',
      InitiatingProcessAccountSid: 'S-1-5-21',
    };
    const made = alertOfRows([row], ['DeviceNetworkEvents']);
    const observables = [...made.observables, { type: 'ip', value: '203.0.113.9' }, { type: 'new-kind', value: 'x' }];
    const found: readonly { name?: string; value: string }[] = ocsf({ ...made, observables }).observables;
    expect(Object.fromEntries(found.map(({ name, value }) => [value, name]))).toEqual({
      pc1: 'device.hostname',
      '10.0.0.1': 'evidences.src_endpoint.ip',
      '192.0.2.1': 'evidences.dst_endpoint.ip',
      'A.exe': 'evidences.process.name',
      AB: 'evidences.process.file.hashes.value',
      eve: 'evidences.actor.user.name',
      'S-1-5-21': 'evidences.actor.user.uid',
      '203.0.113.9': undefined,
      x: undefined,
    });
  });

  it('says when something was left out', () => {
    expect(ocsf(makeAlert()).metadata.is_truncated).toBeUndefined();
    expect(ocsf(makeAlert(), 1100).metadata.is_truncated).toBe(true);
  });
});

describeWith(SCHEMA, 'the official schema', () => {
  const text = oracle(SCHEMA);
  const validate = new Ajv2020({ strict: false, allErrors: false }).compile(text === '' ? {} : JSON.parse(text));

  function complaints(alert: Alert, maxBytes: number | null = null): unknown {
    const document = ocsf(alert, maxBytes);
    return validate(document)
      ? []
      : validate.errors?.map(({ instancePath, message, params }) => ({ instancePath, message, params }));
  }

  it('is no paper tiger', () => {
    expect(validate({ ...ocsf(makeAlert()), extra: 1 })).toBe(false);
    expect(validate({ ...ocsf(makeAlert()), type_uid: 1 })).toBe(false);
  });

  it.each(OTHER_ALERTS)('takes %s', (_, alert) => {
    expect(complaints(alert)).toEqual([]);
    expect(complaints(alert, 1024)).toEqual([]);
  });

  it.each(tableAlerts())('takes a row of %s', (_, alert) => {
    expect(complaints(alert)).toEqual([]);
  });

  it('takes whatever rows hold, at whatever size', () => {
    fc.assert(
      fc.property(oddAlert, fc.constantFrom(null, null, 1024, 3000, 20_000), (alert, maxBytes) => {
        expect(complaints(alert, maxBytes)).toEqual([]);
      }),
      { numRuns: tries(40, 300) },
    );
  });
});
