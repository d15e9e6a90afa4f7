import { deviceColumns, initiatingColumns, type Program, processColumns } from '../columns.ts';
import type { Device } from '../devices.ts';
import type { Person } from '../people.ts';
import { EDGE, EXPLORER, ONEDRIVE, office, powershell, profileOf, SERVICES, system } from '../programs.ts';
import { momentsOf, record, type Scene } from '../scene.ts';

const PER_DEVICE = 14;

/** A pair of parent and child, and whether the person started it. */
interface Start {
  readonly parent: Program;
  readonly child: Program;
  readonly byPerson: boolean;
}

/** Programs start on every device: what people open, and what Windows does by itself. */
export function startProcesses(scene: Scene): void {
  for (const device of scene.staff.devices) {
    const starts = device.kind === 'server' ? SERVER_STARTS : clientStarts(device);
    for (const at of momentsOf(scene, PER_DEVICE)) recordStart(scene, device, at, scene.random.pick(starts));
  }
}

export function recordStart(scene: Scene, device: Device, at: number, { parent, child, byPerson }: Start): void {
  const { random } = scene;
  const person: Person | null = byPerson ? device.owner : null;
  record(scene, 'DeviceProcessEvents', at, {
    ...deviceColumns(device, random),
    ...processColumns(child, person, random),
    ...initiatingColumns(parent, person, random),
  });
}

const serviceHost = system('svchost.exe', 'C:\\Windows\\System32\\svchost.exe -k netsvcs -p');

const SERVER_STARTS: readonly Start[] = [
  { parent: SERVICES, child: serviceHost, byPerson: false },
  { parent: serviceHost, child: system('taskhostw.exe', 'taskhostw.exe Install'), byPerson: false },
  { parent: serviceHost, child: system('wsqmcons.exe', 'C:\\Windows\\System32\\wsqmcons.exe'), byPerson: false },
  { parent: SERVICES, child: system('msiexec.exe', 'C:\\Windows\\System32\\msiexec.exe /V'), byPerson: false },
  {
    parent: serviceHost,
    child: powershell('powershell.exe -NoProfile -File C:\\Scripts\\check-disk-space.ps1'),
    byPerson: false,
  },
];

function clientStarts(device: Device): readonly Start[] {
  const documents = `${profileOf(device)}\\Documents`;
  const opened = (child: Program): Start => ({ parent: EXPLORER, child, byPerson: true });
  return [
    opened(office('WINWORD.EXE', `${documents}\\offer.docx`)),
    opened(office('EXCEL.EXE', `${documents}\\forecast.xlsx`)),
    opened(office('OUTLOOK.EXE', `${documents}\\archive.pst`)),
    opened(EDGE),
    opened(EDGE),
    opened(ONEDRIVE),
    opened(system('notepad.exe', `notepad.exe ${documents}\\todo.txt`)),
    { parent: EDGE, child: EDGE, byPerson: true },
    { parent: SERVICES, child: serviceHost, byPerson: false },
    {
      parent: serviceHost,
      child: system('backgroundTaskHost.exe', 'backgroundTaskHost.exe -ServerName:App'),
      byPerson: false,
    },
    { parent: serviceHost, child: system('taskhostw.exe', 'taskhostw.exe'), byPerson: false },
  ];
}
