/** Made-up rows of DeviceProcessEvents and DeviceInfo as arrays of engine values by column, the same ones every time. */

/** Ticks of 100 ns from 2014, the engine's origin of datetimes, to 2026. */
const TICKS_TO_2026 = (Date.UTC(2026, 0, 1) - Date.UTC(2014, 0, 1)) * 10_000;
const TICKS_PER_SECOND = 10_000_000;
export const DEVICES = 200_000;

const PROGRAMS = [
  'svchost.exe',
  'chrome.exe',
  'msedge.exe',
  'cmd.exe',
  'conhost.exe',
  'powershell.exe',
  'explorer.exe',
  'RuntimeBroker.exe',
  'Teams.exe',
  'SearchHost.exe',
  'wmiprvse.exe',
  'taskhostw.exe',
  'OUTLOOK.EXE',
  'WINWORD.EXE',
  'msiexec.exe',
  'rundll32.exe',
];
const COMMANDS = [
  (index) => `svchost.exe -k netsvcs -p -s Service${index % 300}`,
  (index) => `"C:\\Program Files\\App ${index % 97}\\app.exe" --type=renderer --id=${index}`,
  (index) => `powershell.exe -NoProfile -ExecutionPolicy Bypass -File C:\\scripts\\run-${index % 5000}.ps1`,
  (index) => `powershell.exe -w hidden -enc SQBFAFgAIAAoAE4AZQB3AC0${index % 999}`,
];

/** A whole number from 0 to 2^32 - 1 that looks random: the finalizer of MurmurHash3 over index and salt. */
function mixed(index, salt) {
  let hash = Math.imul(index ^ (salt * 0x9e3779b1), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A device has few users. */
const deviceOf = (index) => mixed(index, 1) % 500;
const userOf = (index) => (deviceOf(index) * 7 + (mixed(index, 6) % 3)) % 300;

const pick = (list, number) => list[number % list.length];
const hex = (number, length) => number.toString(16).padStart(length, '0');

const EVENT_COLUMNS = {
  Timestamp: ['datetime', (index) => TICKS_TO_2026 + index * TICKS_PER_SECOND],
  DeviceId: ['string', (index) => hex(mixed(index, 1) % DEVICES, 40)],
  DeviceName: ['string', (index) => `pc-${deviceOf(index)}.contoso.example`],
  ActionType: ['string', (index) => (index % 50 === 0 ? 'ProcessPrimaryTokenModified' : 'ProcessCreated')],
  FileName: ['string', (index) => pick(PROGRAMS, mixed(index, 2))],
  FolderPath: ['string', (index) => `C:\\Windows\\System32\\${pick(PROGRAMS, mixed(index, 2))}`],
  SHA1: ['string', (index) => hex(mixed(index, 3) % 4000, 40)],
  ProcessId: ['long', (index) => 1000 + (mixed(index, 4) % 60_000)],
  ProcessCommandLine: ['string', (index) => pick(COMMANDS, mixed(index, 5))(index)],
  AccountDomain: ['string', () => 'contoso'],
  AccountName: ['string', (index) => `user${userOf(index)}`],
  AccountSid: ['string', (index) => `S-1-5-21-1004336348-1177238915-682003330-${1000 + userOf(index)}`],
  InitiatingProcessFileName: ['string', (index) => pick(PROGRAMS, mixed(index, 7))],
  InitiatingProcessCommandLine: ['string', (index) => pick(COMMANDS, mixed(index, 8))(index)],
  InitiatingProcessId: ['long', (index) => 1000 + (mixed(index, 9) % 60_000)],
  ReportId: ['long', (index) => index],
};

const DEVICE_COLUMNS = {
  Timestamp: ['datetime', (index) => TICKS_TO_2026 + index],
  DeviceId: ['string', (index) => hex(index, 40)],
  DeviceName: ['string', (index) => `pc-${index}.contoso.example`],
  OSPlatform: ['string', (index) => pick(['Windows11', 'Windows10', 'WindowsServer2022'], index)],
  MachineGroup: ['string', (index) => `group-${index % 40}`],
};

/** A table source of the engine with the arrays beside it, for a loop by hand over the same values. */
function tableOf(made, rowCount) {
  const arrays = {};
  for (const [name, [, valueAt]] of Object.entries(made)) {
    const values = [];
    // A cut text keeps its whole alive and a joined one is flattened at its first use: neither is what is measured.
    for (let index = 0; index < rowCount; index += 1) values.push(valueAt(index));
    arrays[name] = values;
  }
  const columns = Object.entries(made).map(([name, [type]]) => ({ name, type }));
  return { arrays, rowCount, columns, load: async () => ({ rowCount, column: (name) => arrays[name] ?? null }) };
}

export const processEvents = (rowCount) => tableOf(EVENT_COLUMNS, rowCount);
export const deviceInfo = (rowCount) => tableOf(DEVICE_COLUMNS, rowCount);
