import { deviceColumns, initiatingColumns, type Program } from '../columns.ts';
import type { Device } from '../devices.ts';
import { ONEDRIVE, SETUP } from '../programs.ts';
import { momentsOf, record, type Scene } from '../scene.ts';

interface Write {
  readonly key: string;
  readonly name: string;
  readonly data: string;
  readonly by: Program;
}

const PER_DEVICE = 3;
const RUN = 'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run';

/** Installers and synchronization write settings; some of it below Run keys, where it belongs. */
export function writeRegistry(scene: Scene): void {
  for (const device of scene.staff.devices) {
    for (const at of momentsOf(scene, PER_DEVICE)) recordWrite(scene, device, at, scene.random.pick(writesOf(device)));
  }
}

export function recordWrite(scene: Scene, device: Device, at: number, write: Write): void {
  const { random } = scene;
  record(scene, 'DeviceRegistryEvents', at, {
    ...deviceColumns(device, random),
    ...valueColumns(write),
    ...initiatingColumns(write.by, device.owner, random),
  });
}

export function valueColumns({ key, name, data }: Write) {
  return {
    ActionType: 'RegistryValueSet',
    RegistryKey: key,
    RegistryValueType: 'String',
    RegistryValueName: name,
    RegistryValueData: data,
  };
}

function writesOf(device: Device): readonly Write[] {
  const hive = `HKEY_CURRENT_USER\\${device.owner?.sid ?? 'S-1-5-18'}`;
  const machine = 'HKEY_LOCAL_MACHINE';
  return [
    { key: `${hive}\\${RUN}`, name: 'OneDrive', data: ONEDRIVE.commandLine, by: ONEDRIVE },
    {
      key: `${machine}\\${RUN}`,
      name: 'ScanTray',
      data: 'rundll32.exe "C:\\Program Files\\ScanTray\\tray.dll",Start',
      by: SETUP,
    },
    { key: `${machine}\\SOFTWARE\\Stockbook`, name: 'Version', data: '8.2.1', by: SETUP },
    {
      key: `${hive}\\SOFTWARE\\Microsoft\\Office\\16.0\\Common`,
      name: 'LastOpened',
      data: 'forecast.xlsx',
      by: ONEDRIVE,
    },
  ];
}
