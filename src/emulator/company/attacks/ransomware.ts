import { SECOND_MS } from '../../../lib/duration.ts';
import { type Attack, type Mark, markedDevice, serverFor } from '../attack.ts';
import { initiatingColumns, type Program, processColumns } from '../columns.ts';
import { CMD, system } from '../programs.ts';
import { record, type Scene } from '../scene.ts';

const COMMANDS: readonly Program[] = [
  system('vssadmin.exe', 'vssadmin.exe delete shadows /all /quiet'),
  system('wbadmin.exe', 'wbadmin delete catalog -quiet'),
  system('bcdedit.exe', 'bcdedit /set {default} recoveryenabled No'),
];
const RENAMED = 40;

export const ransomware: Attack = {
  name: 'Ransomware on the file server',
  story: 'On the file server the shadow copies go, then the backup catalogue, and then every file gets a new name.',
  atMinute: 14,
  play(scene, at) {
    const marks = COMMANDS.map((command, index) => destroy(scene, command, at + index * 2 * SECOND_MS));
    for (let index = 0; index < RENAMED; index += 1) rename(scene, index, at + 10 * SECOND_MS + index * 200);
    return marks;
  },
};

function destroy(scene: Scene, command: Program, at: number): Mark {
  const { columns, mark } = markedDevice(scene, serverFor(scene, 'file'));
  const { random } = scene;
  const row = { ...columns, ...processColumns(command, null, random), ...initiatingColumns(CMD, null, random) };
  record(scene, 'DeviceProcessEvents', at, row, { delayMs: 45 * SECOND_MS });
  return mark;
}

function rename(scene: Scene, index: number, at: number): void {
  const { columns } = markedDevice(scene, serverFor(scene, 'file'));
  const name = `order-${1000 + index}.xlsx`;
  record(scene, 'DeviceFileEvents', at, {
    ...columns,
    ActionType: 'FileRenamed',
    FileName: `${name}.locked`,
    PreviousFileName: name,
    FolderPath: `D:\\Shares\\Orders\\${name}.locked`,
    ...initiatingColumns(system('lsacc.exe', 'C:\\ProgramData\\lsacc.exe -p D:\\Shares'), null, scene.random),
  });
}
