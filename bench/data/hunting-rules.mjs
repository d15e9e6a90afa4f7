import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Rules as people write them: no two queries alike, over a dozen tables, from three lines to a hundred; lists, functions, unions, joins
 * and aggregates about as often as in public hunting queries (half of those have up to 400 characters, a tenth more than 1,200). What is
 * written follows from the number of the rule alone.
 */
const TABLES = {
  DeviceProcessEvents: {
    names: ['FileName', 'InitiatingProcessFileName', 'InitiatingProcessParentFileName'],
    texts: ['ProcessCommandLine', 'InitiatingProcessCommandLine', 'FolderPath'],
    keys: ['AccountName', 'AccountSid', 'SHA256'],
    actions: ['ProcessCreated'],
  },
  DeviceNetworkEvents: {
    names: ['InitiatingProcessFileName', 'InitiatingProcessParentFileName'],
    texts: ['RemoteUrl', 'InitiatingProcessCommandLine', 'InitiatingProcessFolderPath'],
    keys: ['RemoteIP', 'RemotePort', 'InitiatingProcessAccountName'],
    actions: ['ConnectionSuccess', 'ConnectionFailed', 'InboundConnectionAccepted'],
  },
  DeviceFileEvents: {
    names: ['FileName', 'InitiatingProcessFileName'],
    texts: ['FolderPath', 'FileOriginUrl', 'InitiatingProcessCommandLine'],
    keys: ['SHA1', 'SHA256', 'InitiatingProcessAccountName'],
    actions: ['FileCreated', 'FileRenamed', 'FileModified'],
  },
  DeviceRegistryEvents: {
    names: ['InitiatingProcessFileName', 'InitiatingProcessParentFileName'],
    texts: ['RegistryKey', 'RegistryValueData', 'InitiatingProcessCommandLine'],
    keys: ['RegistryValueName', 'InitiatingProcessAccountName'],
    actions: ['RegistryValueSet', 'RegistryKeyCreated', 'RegistryValueDeleted'],
  },
  DeviceEvents: {
    names: ['FileName', 'InitiatingProcessFileName'],
    texts: ['ProcessCommandLine', 'InitiatingProcessCommandLine', 'FolderPath'],
    keys: ['AccountName', 'RemoteIP', 'SHA1'],
    actions: ['NamedPipeEvent', 'UsbDriveMounted', 'PowerShellCommand', 'AsrOfficeChildProcessBlocked'],
    json: ['PipeName', 'DriveLetter', 'Command'],
  },
  DeviceLogonEvents: {
    names: ['InitiatingProcessFileName'],
    texts: ['RemoteDeviceName', 'InitiatingProcessCommandLine', 'FailureReason'],
    keys: ['AccountName', 'AccountDomain', 'RemoteIP', 'LogonType'],
    actions: ['LogonSuccess', 'LogonFailed'],
    json: ['IsLocalLogon', 'TargetName', 'Reason'],
  },
  DeviceImageLoadEvents: {
    names: ['FileName', 'InitiatingProcessFileName'],
    texts: ['FolderPath', 'InitiatingProcessCommandLine', 'InitiatingProcessFolderPath'],
    keys: ['SHA1', 'SHA256', 'InitiatingProcessAccountName'],
    actions: ['ImageLoaded'],
  },
};
const OTHERS = {
  EmailEvents: {
    texts: ['Subject', 'SenderFromAddress', 'SenderDisplayName', 'AuthenticationDetails'],
    keys: ['RecipientEmailAddress', 'SenderFromDomain', 'SenderIPv4'],
    where: [
      'EmailDirection == "Inbound"',
      'DeliveryAction == "Delivered"',
      'isnotempty(ThreatTypes)',
      'AttachmentCount > 0',
    ],
    id: 'NetworkMessageId',
  },
  CloudAppEvents: {
    texts: ['ObjectName', 'UserAgent', 'AccountDisplayName'],
    keys: ['AccountObjectId', 'IPAddress', 'CountryCode'],
    where: ['Application == "Microsoft Exchange Online"', 'IsAdminOperation == true', 'isnotempty(IPAddress)'],
    id: 'AccountObjectId',
  },
  IdentityLogonEvents: {
    texts: ['AccountUpn', 'DeviceName', 'FailureReason'],
    keys: ['AccountSid', 'IPAddress', 'Protocol'],
    where: ['ActionType == "LogonFailed"', 'Protocol == "Ntlm"', 'isnotempty(AccountUpn)'],
    id: 'AccountUpn',
  },
  EntraIdSignInEvents: {
    texts: ['AccountUpn', 'Application', 'UserAgent'],
    keys: ['AccountObjectId', 'IPAddress', 'Country'],
    where: ['ErrorCode != 0', 'IsExternalUser == 0', 'isnotempty(Country)'],
    id: 'AccountObjectId',
  },
};
const PROGRAMS =
  'powershell pwsh cmd wscript cscript mshta rundll32 regsvr32 certutil bitsadmin msbuild installutil wmic net nltest psexec rclone anydesk teamviewer curl python schtasks vssadmin winword excel outlook explorer svchost lsass'.split(
    ' ',
  );
const WORDS =
  'encoded download bypass hidden delete shadows export domain trusts token relay dump minidump comsvcs sekurlsa invoice payment urgent password reset archive backup mirror payload stage beacon tunnel proxy forward inbox rule consent grant secret vault kerberos ticket spray brute lateral remote service task startup autorun policy exclusion defender amsi logging audit clear wevtutil bcdedit recovery ransom note locker crypt wallet miner pool stratum'.split(
    ' ',
  );

/** A sequence of numbers below 1 for one rule (mulberry32). */
function createDice(seed) {
  let state = (seed + 1) * 0x9e3779b1;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count) => Math.floor(next() * count);
  const pick = (list) => list[below(list.length)];
  const chance = (share) => next() < share;
  const some = (list, count) => [...list].sort(() => next() - 0.5).slice(0, count);
  return { below, pick, chance, some };
}

const quoted = (words) => words.map((word) => `"${word}"`).join(', ');
const programs = (dice, count) => dice.some(PROGRAMS, count).map((name) => `${name}.exe`);
const words = (dice, n, count) =>
  dice.some(WORDS, count).map((word, at) => (dice.chance(0.3) ? `${word}${(n * 7 + at) % 997}` : word));

/** One condition on a text. */
function textCondition(dice, n, column) {
  const made = [
    () => `${column} has_any (${quoted(words(dice, n, 2 + dice.below(5)))})`,
    () => `${column} has "${words(dice, n, 1)}" and ${column} has "${words(dice, n, 1)}"`,
    () => `${column} contains "-${words(dice, n, 1)}${n}"`,
    () => `${column} matches regex @"(?i)\\b(${words(dice, n, 3).join('|')})\\s+[a-z0-9]{${4 + (n % 9)},}"`,
    () => `(${column} startswith "${words(dice, n, 1)}" or ${column} endswith ".${words(dice, n, 1)}${n % 100}")`,
    () => `${column} has_all (${quoted(words(dice, n, 2))}) and not(${column} has "${words(dice, n, 1)}")`,
    () => `strlen(${column}) > ${40 + (n % 300)} and ${column} !contains "${words(dice, n, 1)}"`,
  ];
  return dice.pick(made)();
}

function nameCondition(dice, column) {
  return dice.chance(0.3)
    ? `${column} =~ "${programs(dice, 1)}"`
    : `${column} in~ (${quoted(programs(dice, 2 + dice.below(6)))})`;
}

/** A table with its first filters: `lines` without the lets, which come before. */
function deviceSource(dice, n, filters) {
  const table = dice.pick(Object.keys(TABLES));
  const about = TABLES[table];
  const lines = [
    table,
    `| where ActionType ${dice.chance(0.5) ? `== "${about.actions[0]}"` : `in (${quoted(about.actions)})`}`,
  ];
  for (let at = 0; at < filters; at += 1)
    lines.push(
      `| where ${dice.chance(0.45) ? nameCondition(dice, dice.pick(about.names)) : textCondition(dice, n + at, dice.pick(about.texts))}`,
    );
  if (dice.chance(0.3)) lines.splice(1, 0, `| where Timestamp > ago(${dice.pick(['1h', '6h'])})`);
  if (about.json && dice.chance(0.6))
    lines.push(
      `| extend Extra = tostring(parse_json(AdditionalFields).${dice.pick(about.json)})`,
      '| where isnotempty(Extra)',
    );
  return { table, about, lines };
}

function derived(dice, n, column) {
  return dice.pick([
    `| extend Folder = tostring(split(${column}, "\\\\")[-1]), Length = strlen(${column})`,
    `| extend Word = extract(@"(${words(dice, n, 1)}\\w*)", 1, ${column}), Lower = tolower(${column})`,
    `| extend Risk = case(${column} has "${words(dice, n, 1)}", "high", ${column} has "${words(dice, n, 1)}", "medium", "low")`,
    `| extend Kind = iff(${column} contains "http", "network", "local"), Hour = hourofday(Timestamp)`,
    `| extend Parts = array_length(split(${column}, " "))\n| where Parts between (${2 + (n % 4)} .. ${20 + (n % 30)})`,
  ]);
}

/** Every row a hit. */
function streamQuery(dice, n) {
  const { about, lines } = deviceSource(dice, n, 1 + dice.below(3));
  if (dice.chance(0.4)) lines.push(derived(dice, n, dice.pick(about.texts)));
  if (dice.chance(0.6))
    lines.push(
      `| project Timestamp, DeviceId, DeviceName, ReportId, ActionType, ${[...about.keys, ...about.texts.slice(0, 2)].join(', ')}`,
    );
  return { lines, set: false };
}

function listQuery(dice, n) {
  const { about, lines } = deviceSource(dice, n, 1 + dice.below(2));
  const long = dice.chance(0.3) ? 30 + dice.below(90) : 4 + dice.below(10);
  const hosts = Array.from({ length: long }, (_, at) => `${dice.pick(WORDS)}${n}-${at}.example`);
  const head = [`let watched = dynamic([${quoted(hosts)}]);`, `let allowed = dynamic([${quoted(programs(dice, 3))}]);`];
  lines.splice(1, 0, `| where ${about.texts[0]} has_any (watched) and ${about.names[0]} !in~ (allowed)`);
  return { lines: [...head, ...lines], set: false };
}

function aggregate(dice, n, about) {
  const keys = ['DeviceId', 'DeviceName', ...dice.some(about.keys, 1)];
  const measures = [
    `Events = count()`,
    `Texts = make_set(${about.texts[0]}, ${10 + (n % 90)})`,
    `Different = dcount(${dice.pick(about.texts)})`,
    'First = min(Timestamp), Timestamp = max(Timestamp)',
  ];
  return [
    `| summarize ${measures.join(', ')} by ${keys.join(', ')}`,
    `| where Events > ${3 + (n % 40)} or Different >= ${2 + (n % 5)}`,
  ];
}

function groupQuery(dice, n) {
  const { about, lines } = deviceSource(dice, n, 1 + dice.below(3));
  if (dice.chance(0.4)) lines.push(derived(dice, n, dice.pick(about.texts)));
  return { lines: [...lines, ...aggregate(dice, n, about)], set: true };
}

function joinQuery(dice, n) {
  const left = deviceSource(dice, n, 1 + dice.below(2));
  const right = deviceSource(dice, n + 1, 1 + dice.below(2));
  const kind = dice.pick(['inner', 'inner', 'leftouter', 'leftanti', 'leftsemi']);
  const filled = kind === 'inner' || kind === 'leftouter';
  return {
    lines: [
      `let later = ${5 + (n % 55)}m;`,
      `let begun = ${left.lines.join('\n')}`,
      `| project Timestamp, DeviceId, DeviceName, ReportId, ${left.about.keys[0]}, ${left.about.texts[0]};`,
      'begun',
      `| join kind=${kind} (`,
      ...right.lines.map((line) => `    ${line}`),
      `    | project OtherTime = Timestamp, DeviceId, Other = ${right.about.texts[0]}`,
      '  ) on DeviceId',
      ...(filled
        ? [
            '| where OtherTime between (Timestamp .. (Timestamp + later))',
            '| extend Minutes = datetime_diff("minute", OtherTime, Timestamp)',
          ]
        : ['| where Timestamp > datetime(2020-01-01) + later']),
      `| summarize Timestamp = max(Timestamp), Hits = count(), ${filled ? 'Others = make_set(Other, 20)' : `Seen = make_set(${left.about.texts[0]}, 20)`} by DeviceId, DeviceName`,
    ],
    set: true,
  };
}

function unionQuery(dice, n) {
  const parts = [0, 1, ...(dice.chance(0.4) ? [2] : [])].map((at) => deviceSource(dice, n + at, 1 + dice.below(2)));
  const legs = parts.map(({ about, lines }, at) => [
    `let leg${at} = ${lines.join('\n')}`,
    `| project Timestamp, DeviceId, DeviceName, ReportId, Text = ${about.texts[0]}, Source = "${at}";`,
  ]);
  const tail = dice.chance(0.5)
    ? [
        '| summarize Timestamp = max(Timestamp), Sources = dcount(Source), Texts = make_set(Text, 50) by DeviceId, DeviceName',
        '| where Sources > 1',
      ]
    : [`| where Text !has "${words(dice, n, 1)}"`, '| summarize arg_max(Timestamp, *) by DeviceId'];
  return { lines: [...legs.flat(), `union ${parts.map((_, at) => `leg${at}`).join(', ')}`, ...tail], set: true };
}

function functionQuery(dice, n) {
  const { about, lines } = deviceSource(dice, n, 1 + dice.below(2));
  const head = [
    `let isOdd = (value: string) { value matches regex @"[^\\x20-\\x7e]{${1 + (n % 5)},}" or countof(value, "^") > ${2 + (n % 6)} };`,
    `let servers = DeviceInfo | where OSPlatform startswith "WindowsServer" and isnotempty(DeviceId) | summarize arg_max(Timestamp, *) by DeviceId | project DeviceId, OSPlatform;`,
  ];
  const tail = [
    `| where isOdd(${about.texts[1]})`,
    '| join kind=inner servers on DeviceId',
    `| project-away DeviceId1`,
  ];
  return { lines: [...head, ...lines, ...tail], set: true };
}

/** Mail, apps and identities. */
function otherQuery(dice, n) {
  const table = dice.pick(Object.keys(OTHERS));
  const { texts, keys, where, id } = OTHERS[table];
  const lines = [
    table,
    ...dice.some(where, 1 + dice.below(2)).map((one) => `| where ${one}`),
    `| where ${textCondition(dice, n, dice.pick(texts))}`,
  ];
  if (dice.chance(0.5))
    return { lines: [...lines, `| extend Domain = tostring(split(${texts[1]}, "@")[1]), Number = ${n}`], set: false };
  const by = [...new Set([id, ...dice.some(keys, 1)])];
  return {
    lines: [
      ...lines,
      `| summarize Timestamp = max(Timestamp), Events = count(), Texts = make_set(${texts[0]}, 25), Places = dcount(${keys[1]}) by ${by.join(', ')}`,
      `| where Events > ${5 + (n % 60)} and Places > 1`,
    ],
    set: true,
    dedup: id,
  };
}

/** How many of twenty rules are of a kind. */
const KINDS = [
  [streamQuery, 6],
  [listQuery, 3],
  [groupQuery, 4],
  [joinQuery, 2],
  [unionQuery, 1],
  [functionQuery, 1],
  [otherQuery, 3],
].flatMap(([kind, share]) => Array.from({ length: share }, () => kind));

/** The text of the n-th rule. */
export function huntingRule(n) {
  const dice = createDice(n);
  const { lines, set, dedup = 'DeviceId' } = KINDS[n % KINDS.length](dice, n);
  const subject = dice.some(WORDS, 3).join(' ');
  return [
    `id: hunting-${n}`,
    `name: "Hunting rule ${n}: ${subject}"`,
    'description: >-',
    `  Looks for ${subject} as rule ${n} knows them. Administrators do this rarely, and from few machines;`,
    '  a hit on a workstation is worth a look at what was started before.',
    `severity: ${dice.pick(['low', 'medium', 'high'])}`,
    `attack: [${dice.pick(['T1059.001', 'T1021.002', 'T1547.001', 'T1566.001'])}]`,
    `tags: [hunting, ${dice.pick(WORDS)}]`,
    ...(dice.chance(0.4) ? ['falsePositives:', `  - Software distribution that uses ${programs(dice, 1)}.`] : []),
    'query: |',
    ...lines.flatMap((line) => line.split('\n')).map((line) => `  ${line}`),
    set
      ? `schedule: {every: 6h, lookback: ${dice.pick(['12h', '1d', '2d'])}}`
      : `schedule: {every: ${dice.pick(['1h', '2h', '4h'])}}`,
    'alert:',
    `  title: "${subject} (${n})"`,
    ...(set ? [`  dedup: {columns: [${dedup}]}`] : []),
    'tests:',
    '  - name: a row is told',
    `    rows: [{Timestamp: 2026-01-01T11:00:00Z, ${dedup}: a${n}, DeviceName: pc-${n}}]`,
    '    alerts: [{rowCount: 1}]',
    '  - name: a device that does nothing is left alone',
    `    tables: {DeviceInfo: [{DeviceName: pc-${n}, OSPlatform: Windows11}]}`,
    '    alerts: []',
    '',
  ].join('\n');
}

/** Writes rules into a folder, forty to a folder below it as teams sort them. */
export function writeHuntingRules(folder, count) {
  for (let n = 0; n < count; n += 1) {
    const place = join(folder, `set-${Math.floor(n / 40)}`);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, `hunting-${n}.yaml`), huntingRule(n));
  }
}
