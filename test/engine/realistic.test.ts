import { describe, expect, it } from '@jest/globals';
import { hunt } from './company.ts';

type Case = readonly [name: string, query: string, rows: readonly (readonly unknown[])[]];

const PROCESSES: readonly Case[] = [
  [
    'an encoded command from Office',
    `DeviceProcessEvents
     | where Timestamp > ago(1d)
     | where InitiatingProcessFileName in~ ("WinWord.exe", "excel.exe") and ProcessCommandLine has "-enc"
     | project DeviceName, AccountName, FileName`,
    [['pc1.corp', 'ana', 'powershell.exe']],
  ],
  [
    'a term is not a part of a term',
    `DeviceProcessEvents | where ProcessCommandLine has "shadow" or ProcessCommandLine has "shadows" | project FileName`,
    [['vssadmin.exe']],
  ],
  [
    'several terms in any case',
    `DeviceProcessEvents | where ProcessCommandLine has_all ("DELETE", "Shadows") | project FileName`,
    [['vssadmin.exe']],
  ],
  [
    'a regular expression and what it captures',
    String.raw`DeviceProcessEvents
     | where ProcessCommandLine matches regex @"(?i)-enc\s+[a-z0-9+/=]{8,}"
     | extend Payload = extract(@"-enc\s+(\S+)", 1, ProcessCommandLine)
     | project Payload, Decoded = base64_decode_tostring("aGVsbG8=")`,
    [['SQBFAFgA', 'hello']],
  ],
  [
    'discovery in a burst, by device and time',
    `let Tools = dynamic(["whoami.exe", "net.exe", "nltest.exe", "ipconfig.exe"]);
     DeviceProcessEvents
     | where FileName in~ (Tools)
     | summarize Commands = make_set(FileName), First = min(Timestamp), N = dcount(FileName) by DeviceName, bin(Timestamp, 10m)
     | where N >= 3
     | project DeviceName, Commands, First`,
    [['pc1.corp', ['whoami.exe', 'net.exe', 'nltest.exe'], '2026-01-01T10:01:00Z']],
  ],
  [
    'rare parents',
    `DeviceProcessEvents
     | summarize Children = count(), take = make_list(FileName) by Parent = tolower(InitiatingProcessFileName)
     | where Children == 1
     | project Parent | sort by Parent asc`,
    [['cmd.exe'], ['services.exe'], ['winword.exe']],
  ],
  [
    'severity by case',
    `DeviceProcessEvents
     | where DeviceId == "srv1"
     | extend Severity = case(ProcessCommandLine has "shadows", "high", FileName =~ "svchost.exe", "low", "medium")
     | project FileName, Severity | order by FileName asc`,
    [
      ['svchost.exe', 'low'],
      ['vssadmin.exe', 'high'],
    ],
  ],
  [
    'the latest process of each device',
    `DeviceProcessEvents | summarize arg_max(Timestamp, FileName) by DeviceId | project DeviceId, FileName | sort by DeviceId asc`,
    [
      ['pc1', 'nltest.exe'],
      ['pc2', 'WINWORD.EXE'],
      ['srv1', 'vssadmin.exe'],
    ],
  ],
  [
    'what only FileProfile knows',
    `DeviceProcessEvents
     | where DeviceId == "pc1"
     | invoke FileProfile("SHA1", 1000)
     | where GlobalPrevalence < 100
     | project FileName, GlobalPrevalence, Signer`,
    [['nltest.exe', 12, 'Contoso']],
  ],
  [
    'a function of the query',
    `let isOffice = (name: string) { name in~ ("winword.exe", "excel.exe") };
     DeviceProcessEvents | where isOffice(InitiatingProcessFileName) or isOffice(FileName) | summarize count()`,
    [[2]],
  ],
  [
    'a path taken apart',
    String.raw`DeviceFileEvents
     | where FolderPath startswith @"c:\share"
     | extend Parts = split(FolderPath, @"\"), Extension = tostring(split(FileName, ".")[-1])
     | summarize Files = count() by Folder = tostring(Parts[1]), Extension`,
    [['Share', 'locked', 2]],
  ],
  [
    'time between two steps',
    `DeviceProcessEvents
     | where DeviceId == "pc1"
     | sort by Timestamp asc
     | extend Gap = Timestamp - prev(Timestamp)
     | where Gap <= 1m
     | summarize Steps = count(), Longest = max(Gap)`,
    [[3, '00:01:00']],
  ],
  [
    'a command line parsed',
    `DeviceProcessEvents
     | where FileName == "net.exe"
     | parse ProcessCommandLine with * 'group "' Group '" /' Scope
     | project Group, Scope`,
    [['Domain Admins', 'domain']],
  ],
  [
    'process starts an hour',
    `DeviceProcessEvents
     | where DeviceId != "srv1"
     | summarize Starts = count() by Hour = bin(Timestamp, 1h)
     | sort by Hour asc | project hourofday(Hour), Starts`,
    [
      [9, 2],
      [10, 4],
    ],
  ],
];

const NETWORK: readonly Case[] = [
  [
    'many neighbours over SMB',
    `DeviceNetworkEvents
     | where RemotePort == 445 and ipv4_is_private(RemoteIP)
     | summarize Targets = dcount(RemoteIP), Addresses = make_set(RemoteIP, 2) by DeviceName, InitiatingProcessFileName
     | where Targets > 2`,
    [['pc1.corp', 'powershell.exe', 3, ['10.0.0.9', '10.0.0.10']]],
  ],
  [
    'the host of an address',
    `DeviceNetworkEvents
     | where isnotempty(RemoteUrl)
     | extend Host = tostring(parse_url(RemoteUrl).Host), Query = tostring(parse_url(RemoteUrl)["Query Parameters"].b)
     | project Host, Query | sort by Host asc`,
    [
      ['cdn.bad.example', ''],
      ['news.example', '1'],
    ],
  ],
  [
    'indicators from a feed',
    `let Feed = externaldata(Ip: string, Tag: string) ["https://feed.example/ips.csv"] with (format="csv");
     DeviceNetworkEvents
     | join kind=inner Feed on $left.RemoteIP == $right.Ip
     | project DeviceName, RemoteIP, Tag`,
    [['pc1.corp', '198.51.100.7', 'c2']],
  ],
  [
    'an address in a list of networks',
    `DeviceNetworkEvents
     | where ipv4_is_in_any_range(RemoteIP, dynamic(["10.0.0.8/30", "198.51.100.0/24"]))
     | project RemoteIP | sort by RemoteIP asc`,
    [['10.0.0.10'], ['10.0.0.11'], ['10.0.0.9'], ['198.51.100.7']],
  ],
  [
    'where an address is',
    `DeviceNetworkEvents
     | where not(ipv4_is_private(RemoteIP))
     | extend Country = tostring(geo_info_from_ip_address(RemoteIP).country)
     | project RemoteIP, Country | sort by RemoteIP asc`,
    [
      ['198.51.100.7', 'Utopia'],
      ['203.0.113.5', ''],
    ],
  ],
  [
    'a download and what started it',
    `DeviceNetworkEvents
     | where RemoteUrl endswith ".ps1"
     | project DeviceId, NetworkTime = Timestamp, InitiatingProcessFileName
     | join kind=inner (
         DeviceProcessEvents | project DeviceId, FileName, ProcessTime = Timestamp
       ) on DeviceId, $left.InitiatingProcessFileName == $right.FileName
     | where abs(datetime_diff("second", NetworkTime, ProcessTime)) <= 60
     | project DeviceId, FileName`,
    [['pc1', 'powershell.exe']],
  ],
  [
    'the newest name of a device',
    `DeviceNetworkEvents
     | distinct DeviceId
     | lookup kind=leftouter (DeviceInfo | summarize arg_max(Timestamp, OSPlatform) by DeviceId) on DeviceId
     | project DeviceId, OSPlatform | sort by DeviceId asc`,
    [
      ['pc1', 'Windows11'],
      ['pc2', ''],
    ],
  ],
  [
    'addresses of a device, one a row',
    `DeviceNetworkInfo
     | mv-expand Address = parse_json(IPAddresses)
     | extend IP = tostring(Address.IPAddress), Prefix = toint(Address.SubnetPrefix)
     | where IP !contains ":"
     | project DeviceId, IP, Prefix`,
    [['pc1', '10.0.0.1', 24]],
  ],
  [
    'only elements that match',
    `DeviceNetworkInfo
     | mv-apply Address = parse_json(IPAddresses) on (where tostring(Address.IPAddress) startswith "fe80" | project V6 = tostring(Address.IPAddress))
     | project DeviceId, V6`,
    [['pc1', 'fe80::1']],
  ],
];

describe.each([
  ['processes', PROCESSES],
  ['network', NETWORK],
])('hunting: %s', (_area, cases) => {
  it.each(cases.map((one) => [...one] as const))('%s', async (_name, query, rows) => {
    expect(await hunt(query)).toEqual(rows);
  });
});
