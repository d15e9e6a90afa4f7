import { accountColumns, deviceColumns, initiatingColumns } from '../columns.ts';
import type { Device } from '../devices.ts';
import type { Person } from '../people.ts';
import { system } from '../programs.ts';
import { momentsOf, record, type Scene } from '../scene.ts';

const WINLOGON = system('winlogon.exe', 'winlogon.exe');

/** People unlock their own device; everybody's device reaches for the servers. */
export function logOn(scene: Scene): void {
  const { random, staff } = scene;
  for (const device of staff.devices) {
    const guests = device.owner ? [device.owner] : staff.people;
    for (const at of momentsOf(scene, device.owner ? 1.5 : 12)) recordLogon(scene, device, random.pick(guests), at);
  }
}

function recordLogon(scene: Scene, device: Device, person: Person, at: number): void {
  const { random } = scene;
  const failed = random.chance(0.03);
  const { AccountDomain, AccountName, AccountSid } = accountColumns(person);
  record(scene, 'DeviceLogonEvents', at, {
    ...deviceColumns(device, random),
    ActionType: failed ? 'LogonFailed' : 'LogonSuccess',
    AccountDomain,
    AccountName,
    AccountSid,
    FailureReason: failed ? 'InvalidUserNameOrPassword' : '',
    IsLocalAdmin: false,
    LogonId: random.integer(10_000, 90_000_000),
    ...(device.owner ? LOCAL : remoteColumns(scene, person)),
    ...initiatingColumns(WINLOGON, null, random),
  });
}

const LOCAL = { LogonType: 'Interactive', Protocol: 'Negotiate' } as const;

/** A logon over the network comes from the person's own device. */
function remoteColumns({ staff }: Scene, person: Person): Readonly<Record<string, unknown>> {
  const client = staff.devices.find((device) => device.owner === person);
  const from = client && { RemoteDeviceName: client.name, RemoteIP: client.localIp, RemoteIPType: 'Private' };
  return { LogonType: 'Network', Protocol: 'Kerberos', ...from };
}
