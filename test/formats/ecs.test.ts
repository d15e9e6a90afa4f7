import { isIP } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Alert } from '../../src/alerts/alert.ts';
import { formatEcs } from '../../src/formats/ecs.ts';
import { makeAlert } from '../alerts/samples.ts';
import { tries } from '../tries.ts';
import { alertOfRows, OTHER_ALERTS, oddAlert, tableAlerts } from './odd-alerts.ts';
import { describeWith, oracle } from './oracles.ts';

type Document = Readonly<Record<string, unknown>>;

function ecs(alert: Alert, maxBytes: number | null = null): Document {
  return JSON.parse(formatEcs(alert, { maxBytes }).body);
}

/** Values by dotted keys; lists are values. */
function flat(document: object, above = ''): readonly (readonly [string, unknown])[] {
  return Object.entries(document).flatMap(([key, value]): readonly (readonly [string, unknown])[] => {
    const name = `${above}${key}`;
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? flat(value, `${name}.`)
      : [[name, value]];
  });
}

describe('what it says', () => {
  it('has the alert, its rule and its techniques in their fields', () => {
    const attack = [
      { tactic: 'TA0002', technique: 'T1059.001' },
      { tactic: 'TA0002', technique: 'T1204' },
    ];
    const alert = makeAlert({ attack, revision: 1, status: 'resolved' });
    expect(ecs(alert)).toMatchObject({
      '@timestamp': '2026-01-01T12:00:01.000Z',
      message: alert.title,
      event: {
        kind: 'alert',
        id: alert.id,
        sequence: 1,
        severity: 8,
        risk_score: 73,
        start: '2026-01-01T11:50:00.123Z',
      },
      rule: { id: 'sample', name: 'Sample rule', version: '1.0.0', reference: 'https://example.com/a' },
      threat: {
        tactic: { id: ['TA0002'] },
        technique: { id: ['T1059', 'T1204'], subtechnique: { id: ['T1059.001'] } },
      },
      organization: { name: 'contoso' },
      labels: { CommandLine: 'powershell -enc SQBFAFgA=' },
      related: { hosts: ['pc1'] },
      tags: ['test'],
      huntwire: { status: 'resolved', dedup_key: alert.dedupKey, row_count: 2, kind: 'detection' },
    });
  });

  it('keeps rows as one text, because each column would be a field', () => {
    const { original } = ecs(makeAlert()).event as { original: string };
    expect(JSON.parse(original)).toEqual(makeAlert().evidence);
  });

  it('tells whose process it is by what the row is about', () => {
    const row = { ProcessId: 7, InitiatingProcessId: 6, InitiatingProcessAccountName: 'eve', DeviceName: 'PC1' };
    const started = ecs(alertOfRows([{ ...row, ActionType: 'ProcessCreated' }], ['DeviceProcessEvents']));
    expect(started).toMatchObject({
      process: { pid: 7, parent: { pid: 6, user: { name: 'eve' } } },
      host: { name: 'pc1' },
    });
    const written = ecs(alertOfRows([{ ...row, ActionType: 'FileCreated' }], ['DeviceFileEvents']));
    expect(written).toMatchObject({ process: { pid: 6 }, user: { name: 'eve' } });
  });

  it('never mixes two accounts in one user', () => {
    const row = { AccountName: 'bob', InitiatingProcessAccountDomain: 'NT', ActionType: 'LogonSuccess' };
    expect(ecs(alertOfRows([row], ['DeviceLogonEvents'])).user).toEqual({ name: 'bob' });
  });

  it.each([
    ['Tcp', { transport: 'tcp' }],
    ['Kerberos', { protocol: 'kerberos' }],
  ])('%s', (Protocol, expected) => {
    expect(ecs(alertOfRows([{ Protocol }], ['IdentityLogonEvents'])).network).toEqual(expected);
  });

  it.each([
    ['HKEY_LOCAL_MACHINE\\SOFTWARE\\Run', 'HKLM', 'SOFTWARE\\Run', 'HKLM\\SOFTWARE\\Run\\v'],
    ['hklm\\SOFTWARE', 'HKLM', 'SOFTWARE', 'HKLM\\SOFTWARE\\v'],
    ['HKEY_USERS', 'HKU', undefined, 'HKU\\v'],
    ['SOFTWARE\\Run', undefined, 'SOFTWARE\\Run', 'SOFTWARE\\Run\\v'],
  ])('divides the registry key %s into hive, key and path', (RegistryKey, hive, key, path) => {
    const row = { ActionType: 'RegistryValueSet', RegistryKey, RegistryValueName: 'v', RegistryValueData: 'd' };
    expect(ecs(alertOfRows([row], ['DeviceRegistryEvents'])).registry).toEqual({
      ...(hive && { hive }),
      ...(key && { key }),
      path,
      value: 'v',
      data: { strings: ['d'] },
    });
  });

  it('says when something was left out', () => {
    expect(ecs(makeAlert(), 1024)).toMatchObject({ huntwire: { evidence_truncated: true } });
  });
});

const FIELDS = 'ecs-fields.csv';
const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  keyword: (value) => typeof value === 'string',
  wildcard: (value) => typeof value === 'string',
  match_only_text: (value) => typeof value === 'string',
  long: Number.isSafeInteger,
  float: (value) => typeof value === 'number',
  date: (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT.*Z$/.test(value) && !Number.isNaN(Date.parse(value)),
  ip: (value) => typeof value === 'string' && isIP(value) > 0 && !value.includes('%'),
};

describeWith(FIELDS, 'the field list', () => {
  const fields = new Map(
    oracle(FIELDS)
      .split('\n')
      .map((line) => line.split(','))
      .map(([, , , name = '', type = '', , normal = '']) => [name, { type, isList: normal === 'array' }] as const),
  );

  function complaints(alert: Alert, maxBytes: number | null = null): readonly unknown[] {
    return flat(ecs(alert, maxBytes)).flatMap(([key, value]) => {
      if (key.startsWith('huntwire.')) return [];
      if (key.startsWith('labels.')) return typeof value === 'string' ? [] : [[key, value]];
      const field = fields.get(key);
      if (!field || field.isList !== Array.isArray(value)) return [[key, value]];
      const isRight = TYPES[field.type] ?? (() => false);
      return [value].flat().every((one) => isRight(one)) ? [] : [[key, field.type, value]];
    });
  }

  it('is read', () => {
    expect(fields.get('host.ip')).toEqual({ type: 'ip', isList: true });
  });

  it.each(OTHER_ALERTS)('knows every key of %s', (_, alert) => {
    expect(complaints(alert)).toEqual([]);
    expect(complaints(alert, 1024)).toEqual([]);
  });

  it.each(tableAlerts())('knows every key of a row of %s', (_, alert) => {
    expect(complaints(alert)).toEqual([]);
  });

  it('knows every key of whatever rows hold, at whatever size', () => {
    fc.assert(
      fc.property(oddAlert, fc.constantFrom(null, null, 1024, 3000, 20_000), (alert, maxBytes) => {
        expect(complaints(alert, maxBytes)).toEqual([]);
      }),
      { numRuns: tries(40, 300) },
    );
  });
});
