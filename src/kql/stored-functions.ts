import type { StoredFunction } from './parser/globals.ts';

/** How rows pass through a function that the service stores: `rows` keeps them, `fan-out` may repeat them, `source` makes its own. */
export type StoredFunctionFlow = 'rows' | 'fan-out' | 'source';

export interface DefenderFunction extends StoredFunction {
  readonly flow: StoredFunctionFlow;
}

const FILE_PROFILE_COLUMNS =
  'SHA1="", SHA256="", MD5="", FileSize=int(null), GlobalPrevalence=int(null), GlobalFirstSeen=datetime(null), ' +
  'GlobalLastSeen=datetime(null), Signer="", Issuer="", SignerHash="", IsCertificateValid=bool(null), ' +
  'IsRootSignerMicrosoft=bool(null), SignatureState="", IsExecutable=bool(null), ThreatName="", Publisher="", ' +
  'SoftwareName="", ProfileAvailability=""';

const IP_COLUMNS =
  'Timestamp=datetime(null), IPAddress="", IPType="", NetworkAdapterType=int(null), ConnectedNetworks=int(null)';

/** Columns that clash with those of the input get the suffix 1, as after a join; so the body is one. */
function enriched(columns: string): string {
  return `{ T | extend HuntwireJoin_=1 | join kind=leftouter (print ${columns}, HuntwireJoin_=1) on HuntwireJoin_ | project-away HuntwireJoin_, HuntwireJoin_1 }`;
}

const BEHAVIOR_FILTERS = [
  'GetAnomalousBehaviorsAbout',
  'GetAnomalousBehaviorsByKind',
  'GetAnomalousBehaviorsByValue',
  'GetFirstSeenBehaviors',
  'GetHighVolumeAnomalyBehaviors',
  'GetUncommonValueBehaviors',
];

/**
 * The functions of Defender advanced hunting, from their pages in the public reference (state 2026-08). The bodies have the
 * documented columns and no knowledge: enrichment is empty, sources have no rows.
 */
export const DEFENDER_FUNCTIONS: readonly DefenderFunction[] = [
  {
    name: 'FileProfile',
    parameters: '(T:(*), x:string="SHA1", y:long=100)',
    body: enriched(FILE_PROFILE_COLUMNS),
    flow: 'rows',
  },
  {
    name: 'DeviceFromIP',
    parameters: '(T:(*), x:string="", y:datetime=datetime(null))',
    body: enriched('IP="", DeviceId=""'),
    flow: 'fan-out',
  },
  { name: 'SeenBy', parameters: '(T:(*), x:string="")', body: '{ T | extend SeenBy=dynamic(null) }', flow: 'rows' },
  {
    name: 'AssignedIPAddresses',
    parameters: '(x:string, y:datetime=datetime(null))',
    body: `{ print ${IP_COLUMNS} | where 1 == 2 }`,
    flow: 'source',
  },
  ...BEHAVIOR_FILTERS.map(
    (name): DefenderFunction => ({
      name,
      parameters: '(T:(*), filters:dynamic=dynamic(null))',
      body: '{ T }',
      flow: 'rows',
    }),
  ),
];
