import type { TableReference } from '../../kql/prepared.ts';
import type { Row } from '../../sources/source.ts';
import { cellOf, cellText, isEmptyCell } from '../cell.ts';
import type { RowKind } from './entity-shapes.ts';

/** In these tables the file columns describe the process, and `InitiatingProcess*` its parent; in all others it is the other way. */
const PROCESS_TABLES: readonly string[] = ['DeviceProcessEvents', 'DeviceEvents'];
const LOGON_TABLE = 'DeviceLogonEvents';
const INBOUND = /"direction"\s*:\s*"In"/;
const LONGEST_FIELDS = 65_536;

/** The tables whose rows the result is made of, as far as the query tells. */
export function drivingTables(tables: readonly TableReference[]): readonly string[] {
  return [...new Set(tables.filter((one) => one.role === 'driving').map((one) => one.table))];
}

/**
 * Which kind of row this is. The query's tables decide where they agree; where they do not, or are unknown, a process id or
 * command line of the row's own makes it a process row.
 */
export function rowKind(row: Row, tables: readonly string[]): RowKind {
  const ofProcesses = tables.filter((table) => PROCESS_TABLES.includes(table)).length;
  if (tables.length > 0 && ofProcesses === tables.length) return 'process';
  if (tables.length > 0 && ofProcesses === 0) return 'file';
  const hasProcess = !isEmptyCell(cellOf(row, 'ProcessId')) || !isEmptyCell(cellOf(row, 'ProcessCommandLine'));
  return hasProcess ? 'process' : 'file';
}

/** A remote address is where a logon or an inbound connection comes from, and where every other one goes to. */
export function remoteEnd(row: Row, tables: readonly string[]): 'source' | 'destination' {
  if (tables.length === 1 && tables[0] === LOGON_TABLE) return 'source';
  const action = cellText(cellOf(row, 'ActionType'));
  if (action.startsWith('Logon') || action.startsWith('Inbound')) return 'source';
  const fields = cellText(cellOf(row, 'AdditionalFields'));
  return fields.length <= LONGEST_FIELDS && INBOUND.test(fields) ? 'source' : 'destination';
}
