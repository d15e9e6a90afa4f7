import { describe, expect, it } from '@jest/globals';
import { prepare, rolesOf } from '../queries.ts';

interface Case {
  readonly name: string;
  readonly query: string;
  readonly roles: readonly string[];
}

const STREAMS: readonly Case[] = [
  {
    name: 'filters and new columns',
    query: `DeviceProcessEvents
      | where FileName =~ "powershell.exe" and ProcessCommandLine has_any ("-enc", "-e ")
      | extend Decoded = base64_decode_tostring(extract("[A-Za-z0-9+/=]{40,}", 0, ProcessCommandLine))
      | project Timestamp, DeviceId, DeviceName, ReportId, Decoded`,
    roles: ['DeviceProcessEvents:driving'],
  },
  {
    name: 'a union of filtered legs',
    query: `union (DeviceFileEvents | where FileName endswith ".iso"), (DeviceNetworkEvents | where RemotePort == 4444)
      | project-reorder Timestamp, DeviceName`,
    roles: ['DeviceFileEvents:driving', 'DeviceNetworkEvents:driving'],
  },
  {
    name: 'entity tables looked up, however they are reduced',
    query: `let Servers = DeviceInfo | summarize arg_max(Timestamp, *) by DeviceId | where DeviceType == "Server";
      DeviceLogonEvents | where LogonType == "RemoteInteractive" | join kind=inner Servers on DeviceId`,
    roles: ['DeviceInfo:entity', 'DeviceLogonEvents:driving'],
  },
  {
    name: 'a list from outside, looked up with leftanti',
    query: `let Known = externaldata(Hash: string) ["https://lists.example/known.csv"] with (format="csv");
      DeviceFileEvents | join kind=leftanti Known on $left.SHA1 == $right.Hash`,
    roles: ['DeviceFileEvents:driving'],
  },
  {
    name: 'a membership test against an entity table',
    query:
      'EmailEvents | where RecipientEmailAddress in ((IdentityInfo | where Department == "Finance" | project AccountUpn))',
    roles: ['EmailEvents:driving', 'IdentityInfo:entity'],
  },
  {
    name: 'a lookup, sorted',
    query: 'DeviceEvents | lookup (DeviceInfo | project DeviceId, OSPlatform) on DeviceId | sort by Timestamp desc',
    roles: ['DeviceEvents:driving', 'DeviceInfo:entity'],
  },
  {
    name: 'mv-expand, parse and enrichment',
    query: `CloudAppEvents | mv-expand Target = ActivityObjects | parse tostring(Target) with * "role=" Role:string ";" *
      | invoke FileProfile(SHA1, 1000)`,
    roles: ['CloudAppEvents:driving'],
  },
  {
    name: 'mv-apply with an aggregate inside, which is still one row at a time',
    query: 'EmailEvents | mv-apply T = split(ThreatTypes, ",") on (summarize Count = count()) | take 5',
    roles: ['EmailEvents:driving'],
  },
  {
    name: 'functions of the query, called and invoked',
    query: `let Suspicious = (Pattern: string) { DeviceNetworkEvents | where RemoteUrl has Pattern };
      let Enrich = (T: (*)) { T | extend Source = "hunt" };
      Suspicious("ngrok") | invoke Enrich()`,
    roles: ['DeviceNetworkEvents:driving'],
  },
  {
    name: 'an entity table alone',
    query: 'DeviceInfo | where OnboardingStatus == "Can be onboarded"',
    roles: ['DeviceInfo:driving'],
  },
  {
    name: 'an entity table looked up by another',
    query: 'DeviceInfo | join kind=leftouter IdentityInfo on $left.DeviceName == $right.AccountName',
    roles: ['DeviceInfo:driving', 'IdentityInfo:entity'],
  },
  {
    name: 'a let that shadows a table',
    query: 'let DeviceInfo = datatable(a: string)["x"]; DeviceEvents | where DeviceName in (DeviceInfo)',
    roles: ['DeviceEvents:driving'],
  },
];

const SETS: readonly (Case & { readonly because: string })[] = [
  {
    name: 'counting',
    query:
      'DeviceLogonEvents | where ActionType == "LogonFailed" | summarize Failures = count() by DeviceId, bin(Timestamp, 1h)',
    roles: ['DeviceLogonEvents:driving'],
    because: 'summarize counts over rows',
  },
  {
    name: 'a join of events',
    query: 'EmailEvents | join kind=inner EmailAttachmentInfo on NetworkMessageId',
    roles: ['EmailEvents:driving', 'EmailAttachmentInfo:driving'],
    because: 'it joins events with events',
  },
  {
    name: 'the default join, which keeps one left row of equals',
    query: 'DeviceEvents | join DeviceInfo on DeviceId',
    roles: ['DeviceEvents:driving', 'DeviceInfo:entity'],
    because: 'join kind=innerunique drops or repeats rows of the left side',
  },
  {
    name: 'a first-seen rule',
    query:
      'let Known = DeviceProcessEvents | where Timestamp < ago(1d) | distinct SHA1; DeviceProcessEvents | where SHA1 !in (Known)',
    roles: ['DeviceProcessEvents:driving', 'DeviceProcessEvents:driving'],
    because: 'it compares events with other events',
  },
  {
    name: 'a threshold taken from the events',
    query:
      'let Usual = toscalar(EmailEvents | summarize count()); UrlClickEvents | where UrlChain != "" and Usual > 10',
    roles: ['EmailEvents:driving', 'UrlClickEvents:driving'],
    because: 'it compares events with other events',
  },
  {
    name: 'distinct',
    query: 'DeviceEvents | distinct DeviceName',
    roles: ['DeviceEvents:driving'],
    because: 'distinct compares rows',
  },
  {
    name: 'top',
    query: 'DeviceEvents | top 3 by Timestamp',
    roles: ['DeviceEvents:driving'],
    because: 'top compares rows',
  },
  {
    name: 'sort, then take',
    query: 'DeviceEvents | sort by Timestamp | take 3',
    roles: ['DeviceEvents:driving'],
    because: 'it sorts and then keeps some rows with take',
  },
  {
    name: 'neighbouring rows',
    query: 'DeviceEvents | sort by Timestamp asc | extend Gap = Timestamp - prev(Timestamp)',
    roles: ['DeviceEvents:driving'],
    because: 'it compares a row with its neighbours',
  },
  {
    name: 'a table without time',
    query:
      'DeviceTvmSoftwareVulnerabilities | where CveId == "CVE-2021-44228" | join kind=inner DeviceInfo on DeviceId',
    roles: ['DeviceTvmSoftwareVulnerabilities:untimed', 'DeviceInfo:entity'],
    because: 'DeviceTvmSoftwareVulnerabilities is only looked up: its rows are not new events',
  },
  {
    name: 'events looked up by entities',
    query: 'DeviceInfo | join kind=inner DeviceEvents on DeviceId',
    roles: ['DeviceInfo:entity', 'DeviceEvents:driving'],
    because: 'DeviceInfo is only looked up: its rows are not new events',
  },
  {
    name: 'an operator that may do anything',
    query: 'DeviceEvents | evaluate autocluster()',
    roles: ['DeviceEvents:driving'],
    because: 'evaluate may depend on several rows',
  },
  {
    name: 'no table at all',
    query: 'print Answer = 42',
    roles: [],
    because: 'its rows come from no table with new events',
  },
];

describe('a stream', () => {
  it.each(STREAMS)('is $name', async ({ query, roles }) => {
    const prepared = await prepare(query);
    expect(prepared.findings.filter((one) => one.severity === 'error')).toEqual([]);
    expect([prepared.shape, prepared.shapeReason]).toEqual(['stream', '']);
    expect(rolesOf(prepared)).toEqual(roles);
  });
});

describe('a set', () => {
  it.each(SETS)('is $name', async ({ query, roles, because }) => {
    const prepared = await prepare(query);
    expect([prepared.shape, prepared.shapeReason]).toEqual(['set', because]);
    expect(rolesOf(prepared)).toEqual(roles);
  });
});

describe('the rule', () => {
  const join = 'EmailEvents | join kind=inner EmailAttachmentInfo on NetworkMessageId';

  it('makes a table context by naming it, with its own lookback', async () => {
    const prepared = await prepare(join, { tables: { EmailAttachmentInfo: 7 * 86_400_000 } });
    expect(prepared.shape).toBe('stream');
    expect(prepared.tables.map((one) => [one.role, one.lookbackMs])).toEqual([
      ['driving', null],
      ['context', 604_800_000],
    ]);
  });

  it('takes the filter from a table by saying none', async () => {
    const prepared = await prepare(join, { tables: { EmailAttachmentInfo: 'none' } });
    expect(prepared.tables[1]).toMatchObject({ role: 'untimed', timeColumn: null });
  });

  it('may state the shape itself; the reason stays that of the analysis', async () => {
    expect(await prepare(join, { shape: 'stream' })).toMatchObject({
      shape: 'stream',
      shapeReason: expect.stringMatching(/./),
    });
    expect(await prepare('DeviceEvents', { shape: 'set' })).toMatchObject({ shape: 'set', shapeReason: '' });
  });

  it('has a snapshot without a window, unless it places the window itself', async () => {
    expect((await prepare('DeviceEvents', { basis: 'none' })).shape).toBe('snapshot');
    const placed = await prepare('DeviceEvents | where Timestamp between (_from .. _to)', { basis: 'none' });
    expect(placed).toMatchObject({ shape: 'stream', usesWindowNames: true });
    expect(placed.findings).toEqual([]);
  });
});
