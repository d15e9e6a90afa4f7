import type { RawRow } from '../../engine/data/row-table.ts';
import type { Device } from './devices.ts';
import { COMPANY, type Person } from './people.ts';
import { createRandom, type Random } from './random.ts';

/** A program as process columns show it. */
export interface Program {
  readonly file: string;
  readonly folder: string;
  readonly commandLine: string;
}

/** The columns that every row of a device has. `ReportId` is a counter that comes round, so that it is unique with device and time only. */
export function deviceColumns(device: Device, random: Random): RawRow {
  return { DeviceId: device.id, DeviceName: device.name, ReportId: random.integer(1, 99_999) };
}

const SYSTEM = { domain: 'nt authority', name: 'system', sid: 'S-1-5-18' } as const;

export function accountColumns(person: Person | null): RawRow {
  const { domain, name, sid } = accountOf(person);
  return {
    AccountDomain: domain,
    AccountName: name,
    AccountSid: sid,
    ...(person && { AccountUpn: person.upn, AccountObjectId: person.objectId }),
  };
}

export function initiatingColumns(program: Program, person: Person | null, random: Random): RawRow {
  const { domain, name, sid } = accountOf(person);
  return {
    InitiatingProcessAccountDomain: domain,
    InitiatingProcessAccountName: name,
    InitiatingProcessAccountSid: sid,
    ...(person && {
      InitiatingProcessAccountUpn: person.upn,
      InitiatingProcessAccountObjectId: person.objectId,
    }),
    InitiatingProcessFileName: program.file,
    InitiatingProcessFolderPath: `${program.folder}\\${program.file}`.toLowerCase(),
    InitiatingProcessCommandLine: program.commandLine,
    InitiatingProcessId: random.integer(400, 30_000),
    InitiatingProcessIntegrityLevel: person ? 'Medium' : 'System',
  };
}

/** Columns of a process that was made. */
export function processColumns(program: Program, person: Person | null, random: Random): RawRow {
  return {
    ActionType: 'ProcessCreated',
    FileName: program.file,
    FolderPath: `${program.folder}\\${program.file}`,
    SHA256: sha256Of(program),
    ProcessId: random.integer(400, 30_000),
    ProcessCommandLine: program.commandLine,
    ProcessIntegrityLevel: person ? 'Medium' : 'System',
    ...accountColumns(person),
  };
}

function accountOf(person: Person | null): { readonly domain: string; readonly name: string; readonly sid: string } {
  return person ? { domain: COMPANY.netbios.toLowerCase(), name: person.account, sid: person.sid } : SYSTEM;
}

const HASHES = new Map<string, string>();

/** The same program has the same hash everywhere; these 64 digits only look like one. */
function sha256Of({ file }: Program): string {
  const known = HASHES.get(file);
  if (known !== undefined) return known;
  const made = createRandom(0, file).hex(64);
  HASHES.set(file, made);
  return made;
}
