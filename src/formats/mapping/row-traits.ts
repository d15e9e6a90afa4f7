import type { Alert, AlertEntity } from '../../alerts/alert.ts';
import type { RowTraits } from './mapping.ts';

/** A row as an alert carries it. */
export type EvidenceRow = Alert['evidence'][number];

/** What each table of devices but DeviceProcessEvents and DeviceEvents calls its rows. */
const OF_OTHER_TABLES =
  /^(?:File(?:Created|Modified|Deleted|Renamed)$|ImageLoaded$|Registry(?:Key|Value)|(?:Inbound|Listening)?Connection|NetworkSignature|Logon)/;
const INBOUND_ACTION = /^(?:Logon|Inbound)/;
const INBOUND_FIELD = /"direction"\s*:\s*"In"/;
const LONGEST_FIELDS = 65_536;

/**
 * How to read a row whose table nobody names any more: what it calls its action decides; else how its alert's entities, which were made
 * with the query's tables at hand, took the same cells; else whether it has a process id or command line of its own.
 */
export function traitsOf(row: EvidenceRow, entities: readonly AlertEntity[]): RowTraits {
  const action = textIn(row, 'ActionType');
  return { ofProcess: tellsOfProcess(row, action, entities), inbound: comesIn(row, action, entities) };
}

function tellsOfProcess(row: EvidenceRow, action: string, entities: readonly AlertEntity[]): boolean {
  if (action === 'ProcessCreated') return true;
  if (OF_OTHER_TABLES.test(action)) return false;
  const name = textIn(row, 'FileName');
  const taken = name === '' ? undefined : entities.find((one) => one.name === name && isOwn(one));
  if (taken) return taken.type === 'process';
  return has(row, 'ProcessId') || has(row, 'ProcessCommandLine');
}

/** Not the process that acted on the row's file, which may bear the same name. */
function isOwn({ type, role }: AlertEntity): boolean {
  return type === 'file' || (type === 'process' && role !== 'parent');
}

function comesIn(row: EvidenceRow, action: string, entities: readonly AlertEntity[]): boolean {
  if (INBOUND_ACTION.test(action)) return true;
  const remote = textIn(row, 'RemoteIP');
  if (remote !== '' && entities.some((one) => one.type === 'ip' && one.role === 'source' && one.name === remote)) {
    return textIn(row, 'LocalIP') !== remote;
  }
  const fields = row.AdditionalFields;
  if (fields === undefined || fields === null) return false;
  const text = typeof fields === 'string' ? fields : JSON.stringify(fields);
  return text.length <= LONGEST_FIELDS && INBOUND_FIELD.test(text);
}

function textIn(row: EvidenceRow, column: string): string {
  const cell = row[column];
  return typeof cell === 'string' ? cell : '';
}

function has(row: EvidenceRow, column: string): boolean {
  const cell = row[column];
  return cell !== undefined && cell !== null && cell !== '';
}
