import type { Device } from '../devices.ts';
import { CMD, EXPLORER, office, powershell, profileOf, SERVICES, system } from '../programs.ts';
import { momentsOf, type Scene } from '../scene.ts';
import { recordStart } from './processes.ts';

/** What looks like an attack at a glance and is everyday work. A rule that fires here is too wide. */
export function lookLikeAttacks(scene: Scene): void {
  for (const device of scene.staff.devices) {
    const starts = device.kind === 'server' ? serverWork() : clientWork(device);
    for (const at of momentsOf(scene, 0.2)) recordStart(scene, device, at, scene.random.pick(starts));
  }
}

type Start = Parameters<typeof recordStart>[3];

/** Backups are listed, not deleted, and the boot entries are read, not changed. */
function serverWork(): readonly Start[] {
  const byCommand = (file: string, commandLine: string): Start => ({
    parent: CMD,
    child: system(file, commandLine),
    byPerson: false,
  });
  return [
    byCommand('vssadmin.exe', 'vssadmin.exe list shadows'),
    byCommand('wbadmin.exe', 'wbadmin get versions'),
    byCommand('bcdedit.exe', 'bcdedit /enum all'),
    byCommand('wmic.exe', 'wmic shadowcopy list brief'),
    {
      parent: SERVICES,
      child: powershell('powershell.exe -NonInteractive -EncodedCommand RwBlAHQALQBIAG8AdABGAGkAeAA='),
      byPerson: false,
    },
  ];
}

/** An add-in runs its signed script, and an administrator pastes an encoded command, both without a macro. */
function clientWork(device: Device): readonly Start[] {
  const book = office('EXCEL.EXE', `${profileOf(device)}\\Documents\\stock.xlsx`);
  const addIn = powershell('powershell.exe -File "C:\\Program Files\\Stockbook\\refresh.ps1"');
  return [
    { parent: book, child: addIn, byPerson: true },
    { parent: EXPLORER, child: powershell('powershell.exe -enc RwBlAHQALQBQAHIAbwBjAGUAcwBzAA=='), byPerson: true },
  ];
}
