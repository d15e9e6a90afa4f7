/** What a name that is no longer there is called now, and since when. Queries through the API are not changed with it. */
export interface Renamed {
  readonly name: string;
  /** A month or a day as one says it; null where Microsoft's reference gives none. */
  readonly since: string | null;
  /** Whether the rows are the same under the new name, so that a query may just name it. */
  readonly same: boolean;
}

const table = (name: string, since: string | null): Renamed => ({ name, since, same: true });
const column = (name: string, since: string): Renamed => ({ name, since, same: false });

/** From the naming changes that Microsoft's reference lists (advanced-hunting-schema-changes), and what its table pages say. */
export const RENAMED: ReadonlyMap<string, Renamed> = new Map([
  ['ProcessCreationEvents', table('DeviceProcessEvents', null)],
  ['NetworkCommunicationEvents', table('DeviceNetworkEvents', null)],
  ['FileCreationEvents', table('DeviceFileEvents', null)],
  ['RegistryEvents', table('DeviceRegistryEvents', null)],
  ['LogonEvents', table('DeviceLogonEvents', null)],
  ['ImageLoadEvents', table('DeviceImageLoadEvents', null)],
  ['MachineInfo', table('DeviceInfo', null)],
  ['MachineNetworkInfo', table('DeviceNetworkInfo', null)],
  ['MiscEvents', table('DeviceEvents', null)],
  ['AppFileEvents', column('CloudAppEvents', 'May 2021')],
  ['FinalEmailAction', column('EmailAction', 'December 2020')],
  ['FinalEmailActionPolicy', column('EmailActionPolicy', 'December 2020')],
  ['FinalEmailActionPolicyGuid', column('EmailActionPolicyGuid', 'December 2020')],
  ['MalwareFilterVerdict', column('ThreatTypes', 'February 2021')],
  ['PhishFilterVerdict', column('ThreatTypes', 'February 2021')],
  ['MalwareDetectionMethod', column('DetectionMethods', 'February 2021')],
  ['PhishDetectionMethod', column('DetectionMethods', 'February 2021')],
  ['DeviceObjectId', column('AadDeviceId', 'February 2021')],
  ['DeviceTvmSoftwareInventoryVulnerabilities', column('DeviceTvmSoftwareVulnerabilities', 'March 2021')],
  ['AADSignInEventsBeta', column('EntraIdSignInEvents', '2025-12-09')],
  ['AADSpnSignInEventsBeta', column('EntraIdSpnSignInEvents', '2025-12-09')],
  ['AIAgentsInfo', column('AgentsInfo', '2026-07-01')],
]);
