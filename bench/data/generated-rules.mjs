import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Rules over Defender tables that differ in their literals, each with a test of one event (or as many as its threshold wants). `event`
 * is the event that its query finds.
 */
const KINDS = [
  {
    table: 'DeviceProcessEvents',
    query: (n) => [
      'DeviceProcessEvents',
      `| where FileName =~ "tool${n}.exe" and ProcessCommandLine has_any ("-enc", "-run${n}")`,
      '| where not(InitiatingProcessFileName in~ ("ccmexec.exe", "msiexec.exe"))',
      '| extend Folder = tostring(split(FolderPath, "\\\\")[-1])',
      '| project Timestamp, DeviceId, DeviceName, ReportId, FileName, Folder, ProcessCommandLine, AccountName, AccountSid',
    ],
    event: (n) => ({
      FileName: `tool${n}.exe`,
      ProcessCommandLine: `tool${n}.exe -run${n} fast`,
      InitiatingProcessFileName: 'cmd.exe',
      DeviceName: `pc-${n}`,
    }),
  },
  {
    table: 'DeviceNetworkEvents',
    query: (n) => [
      `let ports = dynamic([${4000 + (n % 900)}, 4444, 8443]);`,
      'DeviceNetworkEvents',
      '| where ActionType == "ConnectionSuccess" and RemoteIPType == "Public"',
      `| where RemotePort in (ports) and RemoteUrl endswith ".bad${n}.example"`,
      '| where InitiatingProcessFileName matches regex @"(?i)^(cmd|wscript|mshta)\\.exe$"',
      '| project-reorder Timestamp, DeviceName, RemoteIP, RemotePort, RemoteUrl',
    ],
    event: (n) => ({
      ActionType: 'ConnectionSuccess',
      RemoteIPType: 'Public',
      RemotePort: 4444,
      RemoteUrl: `cdn.bad${n}.example`,
      RemoteIP: '203.0.113.7',
      InitiatingProcessFileName: 'mshta.exe',
      DeviceName: `pc-${n}`,
    }),
  },
  {
    table: 'DeviceLogonEvents',
    set: true,
    events: 12,
    query: (n) => [
      'DeviceLogonEvents',
      `| where ActionType == "LogonFailed" and AccountName startswith "svc${n}"`,
      '| summarize Failures = count(), Devices = dcount(DeviceId), First = min(Timestamp) by AccountName, bin(Timestamp, 1h)',
      `| where Failures > ${10 + (n % 2)}`,
    ],
    event: (n) => ({
      ActionType: 'LogonFailed',
      AccountName: `svc${n}-a`,
      DeviceName: `pc-${n}`,
      Timestamp: '2026-01-01T11:30:00Z',
    }),
  },
  {
    table: 'EmailEvents',
    query: (n) => [
      'EmailEvents',
      `| where EmailDirection == "Inbound" and SenderFromDomain == "sender${n}.example"`,
      '| where DeliveryAction == "Delivered" and isnotempty(Subject)',
      '| extend Words = array_length(split(Subject, " ")), Sender = tolower(SenderFromAddress)',
      '| where Words between (2 .. 12)',
    ],
    event: (n) => ({
      EmailDirection: 'Inbound',
      SenderFromDomain: `sender${n}.example`,
      SenderFromAddress: `Ann@sender${n}.example`,
      DeliveryAction: 'Delivered',
      Subject: 'your open invoice',
      NetworkMessageId: `0000-${n}`,
      RecipientEmailAddress: 'bob@contoso.example',
    }),
  },
  {
    table: 'DeviceRegistryEvents',
    query: (n) => [
      'DeviceRegistryEvents',
      '| where ActionType == "RegistryValueSet" and RegistryKey has @"CurrentVersion\\Run"',
      `| where RegistryValueName == "Updater${n}"`,
      '| extend Program = extract(@"([^\\\\]+\\.exe)", 1, RegistryValueData)',
      '| where isnotempty(Program)',
    ],
    event: (n) => ({
      ActionType: 'RegistryValueSet',
      RegistryKey: 'HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Run',
      RegistryValueName: `Updater${n}`,
      RegistryValueData: 'C:\\Temp\\up.exe',
      DeviceName: `pc-${n}`,
    }),
  },
  {
    table: 'CloudAppEvents',
    query: (n) => [
      'CloudAppEvents',
      `| where ActionType in ("New-InboxRule", "Set-InboxRule") and AccountDisplayName == "Person ${n}"`,
      '| extend Forward = tostring(parse_json(tostring(RawEventData)).ForwardTo)',
      '| where Forward contains "@"',
      '| project Timestamp, ReportId, AccountDisplayName, AccountObjectId, IPAddress, Forward',
    ],
    event: (n) => ({
      ActionType: 'New-InboxRule',
      AccountDisplayName: `Person ${n}`,
      RawEventData: { ForwardTo: 'x@evil.example' },
    }),
  },
  {
    table: 'DeviceFileEvents',
    set: true,
    dedup: 'DeviceId, FileName',
    query: (n) => [
      `let suspicious = DeviceFileEvents | where ActionType == "FileCreated" and FileName endswith ".js${n}";`,
      'suspicious',
      '| join kind=inner (DeviceProcessEvents | where FileName in~ ("wscript.exe", "cscript.exe")) on DeviceId',
      '| where Timestamp1 > Timestamp',
      '| project Timestamp, DeviceId, DeviceName, ReportId, FileName, ProcessCommandLine = ProcessCommandLine',
    ],
    event: (n) => ({
      ActionType: 'FileCreated',
      FileName: `a.js${n}`,
      DeviceName: `pc-${n}`,
      Timestamp: '2026-01-01T11:20:00Z',
    }),
    partner: [
      'DeviceProcessEvents',
      (n) => ({
        FileName: 'wscript.exe',
        DeviceName: `pc-${n}`,
        ProcessCommandLine: 'wscript a.js',
        Timestamp: '2026-01-01T11:30:00Z',
      }),
    ],
  },
];

const quoted = (row) => JSON.stringify(row);

function tableLines({ table, event, events = 1, partner }, n) {
  const lines = [`      ${table}:`, ...Array.from({ length: events }, () => `        - ${quoted(event(n))}`)];
  return partner ? [...lines, `      ${partner[0]}:`, `        - ${quoted(partner[1](n))}`] : lines;
}

/** The text of the n-th rule. */
export function ruleText(n) {
  const kind = KINDS[n % KINDS.length];
  return [
    `id: generated-${n}`,
    `name: Generated rule ${n}`,
    `description: Finds what was planted for rule ${n} in ${kind.table}.`,
    `severity: ${['low', 'medium', 'high'][n % 3]}`,
    'version: 1.0.0',
    'attack: [T1059.001]',
    'query: |',
    ...kind.query(n).map((line) => `  ${line}`),
    kind.set ? 'schedule: {every: 1h, lookback: 2h}' : `schedule: {every: ${[5, 10, 15, 60][n % 4]}m}`,
    `alert: {title: "Generated alert ${n}"${kind.dedup ? `, dedup: {columns: [${kind.dedup}]}` : ''}}`,
    ...(kind.set ? ['window: event'] : []),
    'targets: [soar]',
    'tests:',
    '  - name: what was planted is told',
    '    tables:',
    ...tableLines(kind, n),
    '    alerts: [{rowCount: 1}]',
    '',
  ].join('\n');
}

/** Writes `count` rule files into a folder. */
export function writeRules(folder, count) {
  mkdirSync(folder, { recursive: true });
  for (let n = 0; n < count; n += 1) writeFileSync(join(folder, `rule-${n}.yaml`), ruleText(n));
}
