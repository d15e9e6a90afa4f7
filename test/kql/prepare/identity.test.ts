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

describe('the rows of one event', () => {
  const LATEST = 'DeviceInfo | summarize arg_max(Timestamp, *) by DeviceId';
  const NARROW = 'project DeviceId, OSPlatform';

  it.each([
    ['an expanded column', 'DeviceEvents | mv-expand X = parse_json(AdditionalFields)', ['X']],
    ['one expanded in its place', 'DeviceEvents | extend X = todynamic(AdditionalFields) | mv-expand X', ['X']],
    [
      'what is made of it',
      'DeviceEvents | mv-expand X = parse_json(AdditionalFields) | extend Y = X.a, Z = 1 | project-away X',
      ['Y'],
    ],
    [
      'what is parsed out of it',
      'DeviceEvents | mv-expand X = todynamic(AdditionalFields) to typeof(string) | parse X with A ":" B | project-away X',
      ['A', 'B'],
    ],
    ['a renamed one', 'DeviceEvents | mv-expand X = parse_json(AdditionalFields) | project-rename Y = X', ['Y']],
    ['two expansions', 'DeviceEvents | mv-expand X = parse_json(AdditionalFields) | mv-expand Y = X.items', ['X', 'Y']],
    [
      'mv-apply',
      'DeviceEvents | mv-apply X = todynamic(AdditionalFields) on (where X.a == 1 | project X, Y = X.b)',
      ['X', 'Y'],
    ],
    ['a device looked up by address', 'DeviceEvents | invoke DeviceFromIP()', ['IP', 'DeviceId1']],
    [
      'an expansion of what was looked up',
      `DeviceEvents | join kind=inner (${LATEST}) on DeviceId | mv-expand U = todynamic(LoggedOnUsers)`,
      ['U'],
    ],
    [
      'looked-up rows, by their identity',
      'DeviceEvents | join kind=inner (DeviceNetworkInfo | summarize count() by DeviceName, MacAddress) on DeviceName',
      ['DeviceName1', 'MacAddress'],
    ],
    [
      'looked-up rows whose identity is gone, by all but times',
      'DeviceEvents | join kind=inner (DeviceInfo | project Timestamp, DeviceName, OSPlatform) on DeviceName',
      ['DeviceName1', 'OSPlatform'],
    ],
    [
      'rows of a table in the query',
      'let t = datatable(FileName: string, Family: string) ["a", "b"]; DeviceEvents | lookup kind=inner t on FileName',
      ['Family'],
    ],
    [
      'looked-up rows of several times',
      'DeviceEvents | join kind=inner (DeviceInfo | summarize count() by DeviceName, OSPlatform, bin(Timestamp, 1d)) on DeviceName',
      ['DeviceName1', 'OSPlatform'],
    ],
  ])('are told apart by %s', async (_, query, fanOut) => {
    const { identity, shape } = await prepare(query);
    expect(shape).toBe('stream');
    expect([...(identity.fanOut ?? [])].sort()).toEqual([...fanOut].sort());
  });

  it.each([
    ['the newest of each', `DeviceEvents | join kind=leftouter (${LATEST}) on DeviceId`],
    [
      'the newest of each, narrowed',
      `DeviceEvents | join kind=inner (${LATEST} | ${NARROW}) on DeviceId | project-away DeviceId1`,
    ],
    [
      'the newest of each, renamed',
      `DeviceEvents | join kind=inner (${LATEST} | project D = DeviceId, OSPlatform) on $left.DeviceId == $right.D`,
    ],
    ['by lookup', `DeviceEvents | lookup (${LATEST}) on DeviceId`],
    ['through a let', `let info = ${LATEST}; DeviceEvents | join kind=inner info on DeviceId`],
    ['take_any', 'DeviceEvents | join kind=inner (DeviceInfo | summarize take_any(*) by DeviceName) on DeviceName'],
    ['distinct', 'DeviceEvents | join kind=inner (DeviceNetworkInfo | distinct DeviceName) on DeviceName'],
    [
      'two keys',
      'DeviceEvents | join kind=inner (DeviceInfo | distinct DeviceName, OSPlatform) on DeviceName, $left.FileName == $right.OSPlatform',
    ],
    [
      'one key and another',
      'DeviceEvents | join kind=inner (DeviceInfo | distinct DeviceName) on DeviceName, DeviceName',
    ],
    ['leftsemi', 'DeviceEvents | join kind=leftsemi DeviceInfo on DeviceName'],
    [
      'a single row',
      'DeviceEvents | join kind=inner (DeviceInfo | summarize N = count() | extend DeviceName = "a") on DeviceName',
    ],
    ['an entity by its id', 'DeviceEvents | join kind=inner DeviceInfo on DeviceId'],
    ['an entity by its id, looked up', 'DeviceEvents | lookup DeviceInfo on DeviceId'],
    [
      'an entity and what is known of it',
      'DeviceEvents | join kind=inner (DeviceInfo | distinct DeviceId, ExposureLevel) on DeviceId',
    ],
    [
      'an account',
      'DeviceProcessEvents | join kind=inner (IdentityInfo | where Department == "x") on $left.AccountUpn == $right.AccountUpn',
    ],
    ['a file', 'DeviceEvents | join kind=inner DeviceFileCertificateInfo on SHA1'],
    [
      'an expansion that leaves nothing behind',
      'DeviceEvents | mv-expand X = parse_json(AdditionalFields) | project Timestamp, DeviceId, ReportId',
    ],
  ])('are one: %s', async (_, query) => {
    const { identity, shape } = await prepare(query);
    expect(shape).toBe('stream');
    expect(identity).toMatchObject({ kind: 'event', columns: DEVICE });
    expect(identity.fanOut).toBeUndefined();
  });

  it('are told by the newest row of an entity, where its time is in the result', async () => {
    const newest = async (query: string) => (await prepare(query)).identity.newest;
    expect(await newest('DeviceEvents | join kind=inner DeviceInfo on DeviceId')).toEqual(['Timestamp1']);
    expect(await newest('DeviceEvents | lookup (DeviceInfo | project-rename Seen = Timestamp) on DeviceId')).toEqual([
      'Seen',
    ]);
    expect(await newest(`DeviceEvents | join kind=inner (DeviceInfo | ${NARROW}) on DeviceId`)).toBeUndefined();
    expect(await newest(`DeviceEvents | join kind=inner (${LATEST}) on DeviceId`)).toBeUndefined();
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
