import { SECOND_MS } from '../../../lib/duration.ts';
import { recordFile } from '../activity/files.ts';
import { valueColumns } from '../activity/registry.ts';
import { type Attack, clientOf, markedDevice } from '../attack.ts';
import { initiatingColumns } from '../columns.ts';
import { CMD, profileOf, system } from '../programs.ts';
import { record } from '../scene.ts';

export const runKey: Attack = {
  name: 'Script at every logon',
  story: 'A dropped script writes itself into a Run key, so that it starts again whenever its owner logs on.',
  atMinute: 5,
  play(scene, at) {
    const { device, person } = clientOf(scene, 13);
    const folder = `${profileOf(device)}\\AppData\\Local\\Temp`;
    const script = `${folder}\\printer-update.hta`;
    recordFile(scene, device, at - 4 * SECOND_MS, {
      action: 'FileCreated',
      file: 'printer-update.hta',
      folder,
      by: CMD,
    });
    const { columns, mark } = markedDevice(scene, device);
    const key = `HKEY_CURRENT_USER\\${person.sid}\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run`;
    const by = system('reg.exe', 'reg add HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run /v PrinterUpdate /f');
    record(
      scene,
      'DeviceRegistryEvents',
      at,
      {
        ...columns,
        ...valueColumns({ key, name: 'PrinterUpdate', data: `mshta.exe "${script}"`, by }),
        ...initiatingColumns(by, person, scene.random),
      },
      { delayMs: 100 * SECOND_MS },
    );
    return [mark];
  },
};
