import { deviceColumns, initiatingColumns, type Program } from '../columns.ts';
import type { Device } from '../devices.ts';
import { EDGE, ONEDRIVE, profileOf } from '../programs.ts';
import { momentsOf, record, type Scene } from '../scene.ts';

export interface FileAct {
  readonly action: 'FileCreated' | 'FileModified' | 'FileRenamed';
  readonly file: string;
  readonly folder: string;
  readonly by: Program;
  readonly originUrl?: string;
}

/** Downloads arrive and synchronized documents change. */
export function changeFiles(scene: Scene): void {
  const { random, staff } = scene;
  for (const device of staff.devices.filter((one) => one.owner !== null)) {
    for (const at of momentsOf(scene, 3)) {
      recordFile(scene, device, at, random.chance(0.3) ? download(device) : edit(device));
    }
  }
}

function download(device: Device): FileAct {
  const folder = `${profileOf(device)}\\Downloads`;
  return {
    action: 'FileCreated',
    file: 'price-list.pdf',
    folder,
    by: EDGE,
    originUrl: 'https://shop.parts-supply.example/price-list.pdf',
  };
}

function edit(device: Device): FileAct {
  return { action: 'FileModified', file: 'forecast.xlsx', folder: `${profileOf(device)}\\Documents`, by: ONEDRIVE };
}

export function recordFile(scene: Scene, device: Device, at: number, act: FileAct): void {
  const { random } = scene;
  record(scene, 'DeviceFileEvents', at, {
    ...deviceColumns(device, random),
    ActionType: act.action,
    FileName: act.file,
    FolderPath: `${act.folder}\\${act.file}`,
    FileSize: random.integer(2000, 4_000_000),
    ...(act.originUrl !== undefined && { FileOriginUrl: act.originUrl }),
    ...initiatingColumns(act.by, device.owner, random),
  });
}
