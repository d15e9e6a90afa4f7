import { MINUTE_MS } from '../../../lib/duration.ts';
import type { Device } from '../devices.ts';
import { COMPANY, type Person } from '../people.ts';
import { record, type Scene } from '../scene.ts';

/** Snapshots of what there is: every device once an hour, every person once a day. */
export function describeEntities(scene: Scene): void {
  const at = scene.from + 5 * MINUTE_MS;
  for (const device of scene.staff.devices) describeDevice(scene, device, at);
  if (new Date(scene.from).getUTCHours() !== 2) return;
  for (const person of scene.staff.people) describePerson(scene, person, at);
}

function describeDevice(scene: Scene, device: Device, at: number): void {
  const users = device.owner
    ? [{ UserName: device.owner.account, DomainName: COMPANY.netbios, Sid: device.owner.sid }]
    : [];
  record(scene, 'DeviceInfo', at, {
    DeviceId: device.id,
    DeviceName: device.name,
    ClientVersion: '10.8760.19041.5965',
    PublicIP: device.publicIp,
    OSArchitecture: '64-bit',
    OSPlatform: device.platform,
    OSBuild: device.build,
    OSVersion: '10.0',
    IsAzureADJoined: device.kind !== 'server',
    JoinType: device.kind === 'server' ? 'AD Joined' : 'Hybrid Azure AD Join',
    LoggedOnUsers: JSON.stringify(users),
    MachineGroup: device.group,
    ReportId: bigReportId(scene),
    OnboardingStatus: 'Onboarded',
    DeviceType: device.kind === 'server' ? 'Server' : 'Workstation',
    SensorHealthState: 'Active',
    ExposureLevel: 'Low',
    AssetValue: device.kind === 'server' ? 'High' : 'Normal',
  });
}

/** Entity tables count in 18 digits, more than a double holds; digits as text keep them all. */
function bigReportId({ random }: Scene): string {
  return `6391${Array.from({ length: 14 }, () => random.integer(0, 9)).join('')}`;
}

function describePerson(scene: Scene, person: Person, at: number): void {
  const [given, surname] = person.displayName.split(' ');
  record(scene, 'IdentityInfo', at, {
    ReportId: scene.random.guid(),
    AccountObjectId: person.objectId,
    AccountUpn: person.upn,
    OnPremSid: person.sid,
    AccountDisplayName: person.displayName,
    AccountName: person.account,
    AccountDomain: COMPANY.domain,
    GivenName: given,
    Surname: surname,
    Department: person.department,
    EmailAddress: person.upn,
    City: person.city,
    CompanyName: COMPANY.name,
    IsAccountEnabled: true,
  });
}
