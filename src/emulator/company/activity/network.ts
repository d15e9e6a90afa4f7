import { deviceColumns, initiatingColumns } from '../columns.ts';
import { EDGE, ONEDRIVE, office, profileOf } from '../programs.ts';
import { momentsOf, record, type Scene } from '../scene.ts';

const SITES: readonly (readonly [host: string, address: string])[] = [
  ['www.larkspur.example', '198.51.100.80'],
  ['shop.parts-supply.example', '198.51.100.101'],
  ['login.microsoftonline.com', '198.51.100.110'],
  ['outlook.office365.com', '198.51.100.111'],
  ['larkspur.sharepoint.com', '198.51.100.112'],
  ['news.daily-post.example', '198.51.100.120'],
  ['maps.roadbook.example', '198.51.100.121'],
];
const PER_DEVICE = 9;

/** Browsers, mail and file synchronization reach out. */
export function connect(scene: Scene): void {
  const { random } = scene;
  for (const device of scene.staff.devices) {
    const programs = [EDGE, ONEDRIVE, office('OUTLOOK.EXE', `${profileOf(device)}\\archive.pst`)];
    for (const at of momentsOf(scene, PER_DEVICE)) {
      const [host, address] = random.pick(SITES);
      record(scene, 'DeviceNetworkEvents', at, {
        ...deviceColumns(device, random),
        ActionType: random.chance(0.02) ? 'ConnectionFailed' : 'ConnectionSuccess',
        RemoteIP: address,
        RemotePort: 443,
        RemoteUrl: host,
        RemoteIPType: 'Public',
        LocalIP: device.localIp,
        LocalPort: random.integer(49_152, 65_535),
        LocalIPType: 'Private',
        Protocol: 'Tcp',
        ...initiatingColumns(random.pick(programs), device.owner, random),
      });
    }
  }
}
