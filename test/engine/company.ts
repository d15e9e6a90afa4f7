import { rowTable } from '../../src/engine/data/row-table.ts';
import { createKqlEngine } from '../../src/engine/kql-engine.ts';
import type { OutputValue } from '../../src/engine/values/output.ts';
import { columnsOfTable, defenderSchema, defenderTables } from '../../src/kql/defender.ts';

type Row = Readonly<Record<string, unknown>>;

/** A day of a small company, with an attack that begins with a mail and ends with copied files. Now is noon. */
const ROWS: Readonly<Record<string, readonly Row[]>> = {
  DeviceProcessEvents: [
    started('10:00', 'pc1', 'ana', 'winword.exe', 'powershell.exe', 'powershell.exe -nop -w hidden -enc SQBFAFgA'),
    started('10:01', 'pc1', 'ana', 'powershell.exe', 'whoami.exe', 'whoami /all'),
    started('10:02', 'pc1', 'ana', 'powershell.exe', 'net.exe', 'net group "Domain Admins" /domain'),
    started('10:03', 'pc1', 'ana', 'powershell.exe', 'nltest.exe', 'nltest /dclist:'),
    started('09:00', 'pc2', 'bob', 'explorer.exe', 'chrome.exe', 'chrome.exe --profile-directory=Default'),
    started('09:30', 'pc2', 'bob', 'explorer.exe', 'WINWORD.EXE', '"WINWORD.EXE" /n report.docx'),
    started('08:00', 'srv1', 'system', 'services.exe', 'svchost.exe', 'svchost.exe -k netsvcs'),
    started('11:00', 'srv1', 'admin', 'cmd.exe', 'vssadmin.exe', 'vssadmin delete shadows /all /quiet'),
  ],
  DeviceNetworkEvents: [
    connected('10:00', 'pc1', 'powershell.exe', '198.51.100.7', 443, 'https://cdn.bad.example/stage2.ps1'),
    connected('10:05', 'pc1', 'powershell.exe', '10.0.0.9', 445, ''),
    connected('10:06', 'pc1', 'powershell.exe', '10.0.0.10', 445, ''),
    connected('10:07', 'pc1', 'powershell.exe', '10.0.0.11', 445, ''),
    connected('09:05', 'pc2', 'chrome.exe', '203.0.113.5', 443, 'https://news.example/a?b=1'),
  ],
  DeviceLogonEvents: [
    ...Array.from({ length: 6 }, (_, at) => logon(`10:1${at}`, 'srv1', 'admin', 'LogonFailed', '10.0.0.2')),
    logon('10:20', 'srv1', 'admin', 'LogonSuccess', '10.0.0.2'),
    logon('09:00', 'pc2', 'bob', 'LogonFailed', ''),
    logon('09:01', 'pc2', 'bob', 'LogonSuccess', ''),
  ],
  DeviceFileEvents: [
    file('11:05', 'srv1', 'plan.docx.locked', 'FileRenamed', 'C:\\Share\\plan.docx.locked'),
    file('11:05', 'srv1', 'sheet.xlsx.locked', 'FileRenamed', 'C:\\Share\\sheet.xlsx.locked'),
    file('09:31', 'pc2', 'report.docx', 'FileModified', 'C:\\Users\\bob\\report.docx'),
  ],
  DeviceInfo: [
    { Timestamp: at('06:00'), DeviceId: 'pc1', DeviceName: 'pc1.corp', OSPlatform: 'Windows10', ExposureLevel: 'High' },
    { Timestamp: at('11:00'), DeviceId: 'pc1', DeviceName: 'pc1.corp', OSPlatform: 'Windows11', ExposureLevel: 'Low' },
    { Timestamp: at('06:00'), DeviceId: 'srv1', DeviceName: 'srv1.corp', OSPlatform: 'WindowsServer2019' },
  ],
  DeviceNetworkInfo: [
    {
      Timestamp: at('06:00'),
      DeviceId: 'pc1',
      DeviceName: 'pc1.corp',
      IPAddresses: '[{"IPAddress":"10.0.0.1","SubnetPrefix":24},{"IPAddress":"fe80::1","SubnetPrefix":64}]',
    },
  ],
  DeviceEvents: [
    {
      Timestamp: at('10:04'),
      DeviceId: 'pc1',
      DeviceName: 'pc1.corp',
      ActionType: 'AsrLsassCredentialTheftBlocked',
      AdditionalFields: '{"RuleId":"9e6c4e1f","Target":{"Name":"lsass.exe","Pid":640}}',
    },
    {
      Timestamp: at('10:08'),
      DeviceId: 'pc1',
      DeviceName: 'pc1.corp',
      ActionType: 'NamedPipeEvent',
      AdditionalFields: '{"PipeName":"\\\\Device\\\\NamedPipe\\\\msagent_7f","FileOperation":"File created"}',
    },
  ],
  EmailEvents: [
    mail('09:50', 'm1', 'billing@evil.example', 'ana@corp.example', 'URGENT: invoice 2291', ''),
    mail('09:51', 'm2', 'billing@evil.example', 'bob@corp.example', 'URGENT: invoice 2291', 'Phish'),
    mail('09:10', 'm3', 'carol@partner.example', 'ana@corp.example', 'Lunch?', ''),
  ],
  EmailAttachmentInfo: [
    { Timestamp: at('09:50'), NetworkMessageId: 'm1', FileName: 'invoice.docm', FileType: 'docm', SHA256: 'aa11' },
    { Timestamp: at('09:51'), NetworkMessageId: 'm2', FileName: 'invoice.docm', FileType: 'docm', SHA256: 'aa11' },
  ],
  EmailUrlInfo: [
    { Timestamp: at('09:10'), NetworkMessageId: 'm3', Url: 'https://menu.example/today', UrlDomain: 'menu.example' },
  ],
  CloudAppEvents: [
    cloud(
      '10:30',
      'ana@corp.example',
      'New-InboxRule',
      '{"Parameters":[{"Name":"ForwardTo","Value":"x@evil.example"}]}',
    ),
    cloud('09:00', 'bob@corp.example', 'FileAccessed', '{"Size":12}'),
  ],
  IdentityInfo: [
    {
      Timestamp: at('01:00'),
      AccountObjectId: 'o1',
      AccountUpn: 'ana@corp.example',
      AccountName: 'ana',
      Department: 'Finance',
    },
    {
      Timestamp: at('01:00'),
      AccountObjectId: 'o2',
      AccountUpn: 'bob@corp.example',
      AccountName: 'bob',
      Department: 'Sales',
    },
  ],
};

function at(time: string): string {
  return `2026-01-01T${time}:00Z`;
}

function started(time: string, device: string, user: string, parent: string, name: string, command: string): Row {
  return {
    Timestamp: at(time),
    DeviceId: device,
    DeviceName: `${device}.corp`,
    AccountName: user,
    InitiatingProcessFileName: parent,
    FileName: name,
    ProcessCommandLine: command,
    ActionType: 'ProcessCreated',
    SHA1: `5ha-${name.toLowerCase()}`,
  };
}

function connected(time: string, device: string, program: string, ip: string, port: number, url: string): Row {
  return {
    Timestamp: at(time),
    DeviceId: device,
    DeviceName: `${device}.corp`,
    InitiatingProcessFileName: program,
    RemoteIP: ip,
    RemotePort: port,
    RemoteUrl: url,
    ActionType: 'ConnectionSuccess',
  };
}

function logon(time: string, device: string, user: string, action: string, ip: string): Row {
  return {
    Timestamp: at(time),
    DeviceId: device,
    DeviceName: `${device}.corp`,
    AccountName: user,
    ActionType: action,
    RemoteIP: ip,
  };
}

function file(time: string, device: string, name: string, action: string, path: string): Row {
  return {
    Timestamp: at(time),
    DeviceId: device,
    DeviceName: `${device}.corp`,
    FileName: name,
    ActionType: action,
    FolderPath: path,
  };
}

function mail(time: string, id: string, sender: string, recipient: string, subject: string, threat: string): Row {
  return {
    Timestamp: at(time),
    NetworkMessageId: id,
    SenderFromAddress: sender,
    SenderFromDomain: sender.split('@')[1],
    RecipientEmailAddress: recipient,
    Subject: subject,
    ThreatTypes: threat,
    EmailDirection: 'Inbound',
    DeliveryAction: threat === '' ? 'Delivered' : 'Blocked',
  };
}

function cloud(time: string, user: string, action: string, raw: string): Row {
  return {
    Timestamp: at(time),
    AccountId: user,
    ActionType: action,
    RawEventData: raw,
    Application: 'Microsoft Exchange Online',
  };
}

const engine = createKqlEngine({
  schema: defenderSchema(),
  tables: Object.fromEntries(
    defenderTables().map((name) => [name, rowTable(columnsOfTable(name) ?? [], ROWS[name] ?? [])]),
  ),
  now: Date.UTC(2026, 0, 1, 12),
  elapsed: () => 0,
  fixtures: {
    functions: {
      FileProfile: [{ SHA1: '5ha-nltest.exe', GlobalPrevalence: 12, Signer: 'Contoso' }],
      geo_info_from_ip_address: [{ IP: '198.51.100.7', country: 'Utopia' }],
    },
    externaldata: {
      'https://feed.example/ips.csv': [
        { Ip: '198.51.100.7', Tag: 'c2' },
        { Ip: '192.0.2.1', Tag: 'scan' },
      ],
    },
  },
});

/** The company's answer to a query, as rows of cells in the order of the columns. */
export async function hunt(query: string): Promise<OutputValue[][]> {
  const result = await engine.run(query, { signal: new AbortController().signal });
  return [...result.rows()].map((row) => result.columns.map(({ name }) => row[name] ?? null));
}
