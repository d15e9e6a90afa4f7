/** The queries of bench/engine.mjs, each in KQL, in SQL for DuckDB, and as a loop by hand over the same arrays that gives the number of rows. */

const COLUMNS = ['Timestamp', 'DeviceName', 'AccountName', 'ProcessCommandLine', 'ReportId'];
const SECRET = String.raw`run-\d*77\.ps1`;

/** Rows that are kept, then the wanted columns of them. */
function filterByHand({ events }) {
  const { FileName, ProcessId, ProcessCommandLine } = events.arrays;
  const kept = [];
  for (let row = 0; row < events.rowCount; row += 1) {
    if (FileName[row].toLowerCase() !== 'powershell.exe' || ProcessId[row] <= 2000) continue;
    if (/(?<![\p{L}\p{N}])hidden(?![\p{L}\p{N}])/iu.test(ProcessCommandLine[row])) kept.push(row);
  }
  return columnsOf(events, COLUMNS, kept)[0].length;
}

function columnsOf({ arrays }, names, rows) {
  return names.map((name) => rows.map((row) => arrays[name][row]));
}

function regexByHand({ events }) {
  const { ProcessCommandLine } = events.arrays;
  const pattern = new RegExp(SECRET);
  const kept = [];
  for (let row = 0; row < events.rowCount; row += 1) if (pattern.test(ProcessCommandLine[row])) kept.push(row);
  return columnsOf(events, COLUMNS, kept)[0].length;
}

/** A set for each combination of the three keys. */
function dcountByHand({ events }) {
  const { DeviceName, FileName, AccountName, ProcessId } = events.arrays;
  const groups = new Map();
  for (let row = 0; row < events.rowCount; row += 1) {
    const key = `${DeviceName[row]}\n${FileName[row]}\n${AccountName[row]}`;
    let group = groups.get(key);
    if (group === undefined) {
      group = { DeviceName: DeviceName[row], FileName: FileName[row], AccountName: AccountName[row], seen: new Set() };
      groups.set(key, group);
    }
    group.seen.add(ProcessId[row]);
  }
  const rows = [...groups.values()].map((group) => [
    group.DeviceName,
    group.FileName,
    group.AccountName,
    group.seen.size,
  ]);
  return rows.length;
}

/** A map from id to row, then the columns of both sides. */
function joinByHand({ events, devices }) {
  const byId = new Map();
  const ids = devices.arrays.DeviceId;
  for (let row = 0; row < devices.rowCount; row += 1) byId.set(ids[row], row);
  const left = [];
  const right = [];
  const wanted = events.arrays.DeviceId;
  for (let row = 0; row < events.rowCount; row += 1) {
    const found = byId.get(wanted[row]);
    if (found === undefined) continue;
    left.push(row);
    right.push(found);
  }
  const ours = columnsOf(events, ['Timestamp', 'FileName', 'AccountName'], left);
  return [...ours, ...columnsOf(devices, ['OSPlatform', 'MachineGroup'], right)][0].length;
}

const SORTED = ['DeviceName', 'Timestamp', 'ProcessId'];

function sortByHand({ events }) {
  const { DeviceName, Timestamp } = events.arrays;
  const rows = Array.from({ length: events.rowCount }, (_, row) => row);
  rows.sort((a, b) =>
    DeviceName[a] === DeviceName[b] ? Timestamp[b] - Timestamp[a] : DeviceName[a] < DeviceName[b] ? -1 : 1,
  );
  return columnsOf(events, SORTED, rows)[0].length;
}

function topByHand({ events }) {
  const { ProcessId } = events.arrays;
  const best = [];
  for (let row = 0; row < events.rowCount; row += 1) {
    if (best.length === 100 && ProcessId[row] <= ProcessId[best[99]]) continue;
    let at = best.length;
    while (at > 0 && ProcessId[best[at - 1]] < ProcessId[row]) at -= 1;
    best.splice(at, 0, row);
    if (best.length > 100) best.pop();
  }
  return columnsOf(events, SORTED, best)[0].length;
}

/** `beforeMs`: what was asked before DuckDB was the yardstick, at 1 M rows. */
export const CASES = [
  {
    name: 'filter',
    beforeMs: 500,
    query: `DeviceProcessEvents | where FileName =~ 'powershell.exe' and ProcessId > 2000 and ProcessCommandLine has 'hidden' | project ${COLUMNS.join(', ')}`,
    sql: String.raw`select ${COLUMNS.join(', ')} from DeviceProcessEvents where lower(FileName) = 'powershell.exe' and ProcessId > 2000 and regexp_matches(ProcessCommandLine, '(?i)(^|[^\pL\pN])hidden([^\pL\pN]|$)')`,
    byHand: filterByHand,
  },
  {
    name: 'dcount',
    beforeMs: 1000,
    query: 'DeviceProcessEvents | summarize dcount(ProcessId) by DeviceName, FileName, AccountName',
    sql: 'select DeviceName, FileName, AccountName, count(distinct ProcessId) from DeviceProcessEvents group by all',
    byHand: dcountByHand,
  },
  {
    name: 'join',
    beforeMs: 600,
    query:
      'DeviceProcessEvents | join kind=inner (DeviceInfo | project DeviceId, OSPlatform, MachineGroup) on DeviceId | project Timestamp, FileName, AccountName, OSPlatform, MachineGroup',
    sql: 'select e.Timestamp, FileName, AccountName, OSPlatform, MachineGroup from DeviceProcessEvents e join DeviceInfo d on e.DeviceId = d.DeviceId',
    byHand: joinByHand,
  },
  {
    name: 'sort',
    beforeMs: null,
    query: `DeviceProcessEvents | sort by DeviceName asc, Timestamp desc | project ${SORTED.join(', ')}`,
    sql: `select ${SORTED.join(', ')} from DeviceProcessEvents order by DeviceName asc, Timestamp desc`,
    byHand: sortByHand,
  },
  {
    name: 'top',
    beforeMs: null,
    query: `DeviceProcessEvents | top 100 by ProcessId desc | project ${SORTED.join(', ')}`,
    sql: `select ${SORTED.join(', ')} from DeviceProcessEvents order by ProcessId desc limit 100`,
    byHand: topByHand,
  },
  {
    name: 'regex',
    beforeMs: null,
    query: `DeviceProcessEvents | where ProcessCommandLine matches regex @'${SECRET}' | project ${COLUMNS.join(', ')}`,
    sql: `select ${COLUMNS.join(', ')} from DeviceProcessEvents where regexp_matches(ProcessCommandLine, '${SECRET}')`,
    byHand: regexByHand,
  },
];
