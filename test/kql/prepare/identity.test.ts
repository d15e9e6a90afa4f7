import { describe, expect, it } from '@jest/globals';
import { prepare } from '../queries.ts';

const DEVICE = ['Timestamp', 'DeviceId', 'ReportId'];

/** Events with an account that is looked up by a query over IdentityInfo. */
function accountBy(query: string, id = 'AccountUpn'): string {
  return `DeviceProcessEvents | join kind=inner (IdentityInfo | ${query}) on $left.AccountUpn == $right.${id}`;
}

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
    const { identity } = await prepare(query);
    expect([identity.kind, identity.columns, identity.fanOut]).toEqual([kind, columns, undefined]);
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
      'an expanded column, not by what is made of it as long as it is there',
      'DeviceEvents | mv-expand X = parse_json(AdditionalFields) | extend Y = strcat(X.a, tostring(now()))',
      ['X'],
    ],
    [
      'what is made of it alone, where something is',
      'DeviceEvents | mv-expand X = parse_json(AdditionalFields) | extend Y = X.a, Z = strcat(X.b, tostring(now())) | project-away X',
      ['Y'],
    ],
    [
      'an expanded column of an entity, not by the rest of it',
      `DeviceEvents | join kind=inner (${LATEST} | mv-expand U = todynamic(LoggedOnUsers) | project DeviceId, U, ExposureLevel) on DeviceId`,
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
    ['an account by one id and joined on another', accountBy('summarize arg_max(Timestamp, *) by AccountObjectId')],
    [
      'an account of which only some is taken',
      accountBy('summarize arg_max(Timestamp, AccountUpn) by AccountObjectId'),
    ],
    ['an account by several ids', accountBy('summarize take_any(AccountUpn) by AccountObjectId, CloudSid')],
    ['an account in small letters', accountBy('summarize arg_max(Timestamp, *) by AccountUpn = tolower(AccountUpn)')],
    ['an account under another name', accountBy('extend U = trim(" ", tolower(AccountUpn))', 'U')],
    ['the newest row of each account', accountBy('partition by AccountUpn (top 1 by Timestamp)')],
    [
      'an account by an id that the schema lacks',
      accountBy('summarize arg_max(Timestamp, *) by AccountSid', 'AccountSid'),
    ],
    [
      'a device by its name',
      `DeviceEvents | join kind=inner (${LATEST.replace('by DeviceId', 'by DeviceName')}) on DeviceId`,
    ],
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

const EXPOSURE = 'join kind=inner (DeviceInfo | summarize arg_max(Timestamp, *) by DeviceId) on DeviceId';

describe('the columns that may change between runs', () => {
  it.each([
    ['what was looked up', `${EXPOSURE} | project Timestamp, FileName, ExposureLevel`, ['ExposureLevel']],
    ['what is made of that', `${EXPOSURE} | project Timestamp, X = strcat(FileName, ExposureLevel)`, ['X']],
    ['an age', 'project Timestamp, FileName, Age = now() - Timestamp', ['Age']],
    ['what is made of an age', 'extend Age = now() - Timestamp | project Timestamp, Old = Age > 1h', ['Old']],
    ['the end of the window', 'project Timestamp, FileName, To = _to', ['To']],
    ['what a list says', 'project Timestamp, Known = DeviceId in ((DeviceInfo | project DeviceId))', ['Known']],
    ['a lot', 'project Timestamp, FileName, Lot = rand()', ['Lot']],
    [
      'what a file is known for',
      'project Timestamp, SHA1 | invoke FileProfile() | project Timestamp, Signer',
      ['Signer'],
    ],
    [
      'an id that may be missing',
      `${EXPOSURE.replace('inner', 'leftouter')} | project Timestamp, DeviceId1`,
      ['DeviceId1'],
    ],
    [
      'of a union, what changes in each leg',
      `${EXPOSURE} | project Timestamp, ExposureLevel, X = now() | union (DeviceFileEvents | project Timestamp, F = 1, ExposureLevel = tostring(now()), X = Timestamp)`,
      ['ExposureLevel'],
    ],
  ])('are no part of the hash of a row: %s', async (_, query, changing) => {
    const { identity, shape } = await prepare(`DeviceEvents | ${query}`);
    expect([shape, identity.kind, identity.time, identity.loose]).toEqual(['stream', 'row', 'Timestamp', undefined]);
    expect(identity.changing).toEqual(changing);
  });

  it.each([
    ['an id that was compared', `${EXPOSURE} | project Timestamp, DeviceId1, FileName`],
    [
      'a list in the query',
      'lookup (datatable(FileName: string, F: string) ["a", "b"]) on FileName | project Timestamp, F',
    ],
    ['a fixed time', 'project Timestamp, Since = Timestamp - datetime(2026-01-01)'],
    ['a time of arrival', 'project Timestamp, Arrived = ingestion_time()'],
    ['a constant', 'project Timestamp, N = toscalar(print 5)'],
    ['what stands beside an age', 'project Timestamp, tolower(FileName), Age = 1'],
  ])('are not %s', async (_, query) => {
    expect((await prepare(`DeviceEvents | ${query}`)).identity.changing).toBeUndefined();
  });

  it('are part of the hash where no time of the event would tell rows apart without them', async () => {
    const { identity } = await prepare(
      `DeviceEvents | ${EXPOSURE} | project DeviceName, ExposureLevel, Age = now() - Timestamp`,
    );
    expect(identity).toEqual({ kind: 'row', columns: [], loose: ['ExposureLevel', 'Age'] });
  });

  it('takes a column that an open table turns out to have for none that may change', async () => {
    const loose = async (query: string) => (await prepare(`AuditLogs | ${query}`)).identity.loose;
    expect(await loose('where TimeGenerated > ago(1h) | project TimeGenerated, OperationName')).toBeUndefined();
    expect(await loose('extend Age = now() - CreatedAt, Name = OperationName')).toEqual(['Age']);
    expect(await loose('where Expires < now() | extend X = rand()')).toEqual(['X']);
    expect(await loose('extend strcat(A, tostring(now()))')).toHaveLength(1);
    expect(await loose('where A > ago(1h) | mv-expand B = Items | extend C = now()')).toEqual(['C']);
  });

  it('are part of the key where nothing else tells the rows of one event apart', async () => {
    const loose = async (query: string) => (await prepare(`DeviceEvents | ${query}`)).identity.loose;
    const expanded = 'mv-expand X = parse_json(AdditionalFields)';
    expect(await loose(`${expanded} | extend Y = strcat(X.b, tostring(now())) | project-away X`)).toEqual(['Y']);
    expect(await loose(`${expanded} | extend Y = strcat(X.b, tostring(now()))`)).toBeUndefined();
    expect(await loose('join kind=inner (DeviceInfo | project DeviceName, OSPlatform) on DeviceName')).toContain(
      'OSPlatform',
    );
    expect(await loose(EXPOSURE)).toBeUndefined();
  });
});

describe('the times of a result that are none of events', () => {
  const COUNTED = 'DeviceLogonEvents | summarize N = count(), Timestamp = max(Timestamp) by DeviceId';

  it.each([
    ['none, where all are', COUNTED, undefined],
    ['those of looked-up rows', `${COUNTED} | ${EXPOSURE}`, ['Timestamp1']],
    [
      'also under the name of the event',
      `${COUNTED} | project-away Timestamp | ${EXPOSURE} | project N, Timestamp`,
      ['Timestamp'],
    ],
    [
      'what is made of them',
      `${COUNTED} | ${EXPOSURE} | extend Timestamp = max_of(Timestamp, Timestamp1) | project N, Timestamp`,
      ['Timestamp'],
    ],
    [
      'the newest of them',
      `DeviceEvents | ${EXPOSURE} | summarize Timestamp = max(Timestamp1) by DeviceId`,
      ['Timestamp'],
    ],
    [
      'not the newest event',
      `DeviceEvents | ${EXPOSURE} | summarize Timestamp = max(Timestamp), T = max(Timestamp1) by DeviceId`,
      ['T'],
    ],
    [
      'those of a list that is asked first',
      'DeviceInfo | join kind=inner DeviceEvents on DeviceId | project Timestamp, Timestamp1, DeviceId',
      ['Timestamp'],
    ],
    [
      'the time of the run',
      'DeviceEvents | summarize N = count() by DeviceId | extend Timestamp = now()',
      ['Timestamp'],
    ],
  ])('are %s', async (_, query, times) => {
    const { identity, shape } = await prepare(query);
    expect(shape).toBe('set');
    expect(identity.otherTimes?.filter((name) => /^T/.test(name))).toEqual(times);
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

describe('times that rows are grouped by', () => {
  it.each([
    ['DeviceEvents | summarize count() by DeviceId, Hour = bin(Timestamp, 1h)', ['Hour']],
    ['DeviceEvents | summarize count() by DeviceId, bin(Timestamp, 1h) | project-rename At = Timestamp', ['At']],
    ['DeviceEvents | summarize count() by DeviceId, bin(Timestamp, 1h) | project DeviceId, count_', undefined],
    ['DeviceEvents | summarize Timestamp = max(Timestamp) by DeviceId', undefined],
  ])('are no part of the key, and known: %s', async (query, bins) => {
    const { identity } = await prepare(query);
    expect([identity.columns, identity.bins]).toEqual([['DeviceId'], bins]);
  });
});
