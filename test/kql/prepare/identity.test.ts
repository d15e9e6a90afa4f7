/** @jest-environment-options {"kql": true} */
import { describe, expect, it } from '@jest/globals';
import { prepare } from '../queries.ts';

const DEVICE = ['Timestamp', 'DeviceId', 'ReportId'];

const CASES: readonly (readonly [string, string, string, readonly string[]])[] = [
  ['an unchanged device event', 'DeviceEvents | where ActionType == "x"', 'event', DEVICE],
  [
    'the device by name, where the id is gone',
    'DeviceEvents | project Timestamp, DeviceName, ReportId',
    'event',
    ['Timestamp', 'DeviceName', 'ReportId'],
  ],
  [
    'columns under new names',
    'DeviceEvents | project When = Timestamp, Id = DeviceId, ReportId',
    'event',
    ['When', 'Id', 'ReportId'],
  ],
  ['a renamed column', 'DeviceEvents | project-rename Report = ReportId', 'event', ['Timestamp', 'DeviceId', 'Report']],
  [
    'a column that was copied stays where it is',
    'DeviceEvents | extend Copy = ReportId | project-away Copy',
    'event',
    DEVICE,
  ],
  [
    'a mail',
    'EmailEvents | project Timestamp, ReportId, NetworkMessageId, Subject',
    'event',
    ['Timestamp', 'ReportId', 'NetworkMessageId'],
  ],
  ['a changed time', 'DeviceEvents | extend Timestamp = bin(Timestamp, 1h)', 'row', []],
  ['a lost report id', 'DeviceEvents | project Timestamp, DeviceId, FileName', 'row', []],
  ['a table that the schema does not have', 'MyTable_CL | where A == 1', 'row', []],
  ['fan-out by mv-expand', 'DeviceEvents | mv-expand X = parse_json(AdditionalFields)', 'event+rest', DEVICE],
  ['fan-out by join', 'DeviceEvents | join kind=inner DeviceInfo on DeviceId', 'event+rest', DEVICE],
  ['fan-out by lookup', 'DeviceEvents | lookup DeviceInfo on DeviceId', 'event+rest', DEVICE],
  ['no fan-out by leftsemi', 'DeviceEvents | join kind=leftsemi DeviceInfo on DeviceId', 'event', DEVICE],
  ['enrichment', 'DeviceEvents | invoke FileProfile("SHA1", 100)', 'event', DEVICE],
  ['a union of one kind', 'union DeviceEvents, DeviceFileEvents', 'event', DEVICE],
  ['a union whose report ids have two types', 'union DeviceEvents, EmailEvents', 'row', []],
  [
    'a union with a leg that lost its report id',
    'union DeviceEvents, (DeviceFileEvents | project Timestamp, DeviceId)',
    'row',
    [],
  ],
  ['a function over any table', 'let f = (T: (*)) { T | where 1 == 1 }; DeviceEvents | invoke f()', 'event', DEVICE],
  [
    'groups, without times',
    'DeviceEvents | summarize count() by DeviceId, FileName, bin(Timestamp, 1h)',
    'columns',
    ['DeviceId', 'FileName'],
  ],
  [
    'groups under new names',
    'DeviceEvents | summarize N = count() by Device = tolower(DeviceName) | project Host = Device, N',
    'columns',
    ['Host'],
  ],
  [
    'groups of which one is gone',
    'DeviceEvents | summarize count() by DeviceId, FileName | project-away FileName',
    'columns',
    ['DeviceId'],
  ],
  [
    'the last of two summarize',
    'DeviceEvents | summarize N = count() by DeviceId, FileName | summarize max(N) by FileName',
    'columns',
    ['FileName'],
  ],
  [
    'distinct columns',
    'DeviceEvents | distinct DeviceName, Timestamp, FileName',
    'columns',
    ['DeviceName', 'FileName'],
  ],
  ['no groups at all', 'DeviceEvents | summarize count()', 'none', []],
  ['groups by time only', 'DeviceEvents | summarize count() by bin(Timestamp, 1d)', 'none', []],
  [
    'both events of a join',
    'DeviceEvents | join kind=inner DeviceFileEvents on DeviceId',
    'columns',
    [...DEVICE, 'Timestamp1', 'DeviceId1', 'ReportId1'],
  ],
  [
    'a join of events that keeps the left',
    'DeviceEvents | join kind=leftanti DeviceFileEvents on DeviceId',
    'columns',
    DEVICE,
  ],
  [
    'a join of events that keeps the right',
    'DeviceEvents | join kind=rightsemi DeviceFileEvents on DeviceId',
    'columns',
    DEVICE,
  ],
  [
    'a join of events that lost one',
    'DeviceEvents | join kind=inner DeviceFileEvents on DeviceId | project Timestamp, DeviceId, ReportId',
    'none',
    [],
  ],
  [
    'groups joined with events',
    'DeviceEvents | summarize N = count() by DeviceId | join kind=inner EmailEvents on $left.DeviceId == $right.ReportId',
    'columns',
    ['DeviceId', 'Timestamp', 'ReportId', 'NetworkMessageId', 'RecipientEmailAddress'],
  ],
  [
    'groups enriched from an entity table',
    'DeviceEvents | summarize N = count() by DeviceId | join kind=inner DeviceInfo on DeviceId',
    'columns',
    ['DeviceId'],
  ],
  ['the latest row of each', 'DeviceEvents | summarize arg_max(Timestamp, *) by DeviceId', 'columns', ['DeviceId']],
  ['rows chosen by top', 'DeviceEvents | top 5 by Timestamp', 'columns', DEVICE],
  ['an unpacked bag', 'DeviceEvents | evaluate bag_unpack(AdditionalFields)', 'columns', DEVICE],
  ['a pivot', 'DeviceEvents | evaluate pivot(ActionType)', 'none', []],
];

describe('the identity of', () => {
  it.each(CASES)('%s', async (_, query, kind, columns) => {
    expect((await prepare(query)).identity).toEqual({ kind, columns });
  });

  it('a snapshot is none', async () => {
    expect((await prepare('DeviceEvents', { basis: 'none' })).identity).toEqual({ kind: 'none', columns: [] });
  });
});

describe('the result columns', () => {
  it('are those of the query', async () => {
    const prepared = await prepare('DeviceEvents | summarize N = count(), Files = make_set(FileName) by DeviceName');
    expect(prepared.columns).toEqual([
      { name: 'DeviceName', type: 'string' },
      { name: 'N', type: 'long' },
      { name: 'Files', type: 'dynamic' },
    ]);
  });

  it('are unknown where a source may have others', async () => {
    expect((await prepare('SigninLogs | where UserPrincipalName == "a"')).columns).toBeNull();
    expect((await prepare('DeviceEvents | evaluate bag_unpack(AdditionalFields)')).columns).toBeNull();
  });
});
