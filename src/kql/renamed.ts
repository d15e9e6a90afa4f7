/** What a name that is no longer there is called now, and since when. Queries through the API are not changed with it. */
export interface Renamed {
  readonly name: string;
  /** A year, or a day. */
  readonly since: string;
  /** Whether the rows are the same under the new name, so that a query may just name it. */
  readonly same: boolean;
}

const table = (name: string, since: string): Renamed => ({ name, since, same: true });
const column = (name: string, since: string): Renamed => ({ name, since, same: false });

/** From the schema changes that Microsoft's reference lists. */
export const RENAMED: ReadonlyMap<string, Renamed> = new Map([
  ['ProcessCreationEvents', table('DeviceProcessEvents', '2019')],
  ['NetworkCommunicationEvents', table('DeviceNetworkEvents', '2019')],
  ['FileCreationEvents', table('DeviceFileEvents', '2019')],
  ['RegistryEvents', table('DeviceRegistryEvents', '2019')],
  ['LogonEvents', table('DeviceLogonEvents', '2019')],
  ['ImageLoadEvents', table('DeviceImageLoadEvents', '2019')],
  ['MachineInfo', table('DeviceInfo', '2019')],
  ['MachineNetworkInfo', table('DeviceNetworkInfo', '2019')],
  ['MiscEvents', table('DeviceEvents', '2019')],
  ['AppFileEvents', column('CloudAppEvents', '2021')],
  ['FinalEmailAction', column('EmailAction', '2021')],
  ['MalwareFilterVerdict', column('ThreatTypes', '2021')],
  ['PhishFilterVerdict', column('ThreatTypes', '2021')],
  ['AADSignInEventsBeta', column('EntraIdSignInEvents', '2025-12-09')],
  ['AADSpnSignInEventsBeta', column('EntraIdSpnSignInEvents', '2025-12-09')],
]);
