import type { ReaderSample } from '../../contract/reader.ts';

export const QUERY =
  'DeviceProcessEvents\n| where FileName =~ "rar.exe"\n| project Timestamp, DeviceId, ReportId, AccountSid, FileName, SHA1';

export const LEGACY = {
  '@odata.context': 'https://graph.microsoft.com/beta/$metadata#security/rules/detectionRules/$entity',
  id: '7506',
  displayName: 'Archive tool',
  isEnabled: true,
  createdBy: 'a@example.com',
  detectorId: '67895317-b2a8-4ac3-8f8b-fa6b7765f2fe',
  queryCondition: { queryText: QUERY, lastModifiedDateTime: '2026-01-01T00:00:00Z' },
  schedule: { period: '1H', nextRunDateTime: '2026-01-01T01:00:00Z' },
  lastRunDetails: { status: 'completed' },
  detectionAction: {
    alertTemplate: {
      title: 'Archive tool on {{DeviceId}}',
      description: 'Somebody packs files.',
      severity: 'medium',
      category: 'Exfiltration',
      recommendedActions: 'Ask the owner.',
      mitreTechniques: ['T1560.001'],
      impactedAssets: [
        { '@odata.type': '#microsoft.graph.security.impactedDeviceAsset', identifier: 'deviceId' },
        { '@odata.type': '#microsoft.graph.security.impactedUserAsset', identifier: 'accountSid' },
      ],
    },
    organizationalScope: null,
    responseActions: [
      {
        '@odata.type': '#microsoft.graph.security.isolateDeviceResponseAction',
        identifier: 'deviceId',
        isolationType: 'full',
      },
    ],
  },
};

export const BETA = {
  id: 'archive_tool-1',
  displayName: 'Archive tool',
  description: 'Packs files.',
  status: 'enabled',
  queryCondition: { queryText: QUERY },
  schedule: { frequency: 'PT3H', lookback: 'P1D' },
  detectionAction: {
    alertTemplate: {
      title: 'Archive tool',
      description: 'By {{AccountSid}}',
      severity: 'high',
      tactics: [
        {
          tactic: 'Exfiltration',
          techniques: [{ technique: 'T1560', subTechniques: ['T1560.001'] }],
        },
      ],
      entityMappings: {
        hosts: [{ deviceIdColumn: 'DeviceId' }],
        accounts: [{ sidColumn: 'AccountSid', upnColumn: null }],
        files: [{ sha1Column: 'SHA1', nameColumn: 'FileName' }],
        azureResources: [{ resourceIdColumn: 'ResourceId' }],
      },
      customDetails: { Tool: 'FileName' },
      eventGroupingKind: 'alertPerEvent',
    },
    automatedActions: { isolateDevices: [{ deviceIdColumn: 'DeviceId' }] },
    organizationalScope: { scopeType: 'deviceGroup', scopeNames: ['servers'] },
  },
};

export const RELEASED = {
  ...BETA,
  id: 'archive-tool-2',
  status: 'disabled',
  schedule: { frequency: 'P1D' },
};

/** Old and new keys side by side, empty ones among them: how Graph answers today. */
export const DUAL = {
  ...LEGACY,
  id: '48',
  status: 'enabled',
  schedule: { period: '1H', frequency: 'PT1H', nextRunDateTime: '2026-01-01T00:00:00Z' },
  detectionAction: {
    alertTemplate: {
      ...LEGACY.detectionAction.alertTemplate,
      tactics: [{ tactic: 'Exfiltration', techniques: [{ technique: 'T1560', subTechniques: ['T1560.001'] }] }],
      entityMappings: {
        accounts: [{ aadUserIdColumn: '', nameColumn: '', sidColumn: 'AccountSid', upnColumn: '' }],
        hosts: [{ deviceIdColumn: 'DeviceId', nameColumn: '' }],
        files: null,
      },
      customDetails: null,
    },
    responseActions: LEGACY.detectionAction.responseActions,
    automatedActions: { allowFiles: null, isolateDevices: [{ deviceIdColumn: 'DeviceId', isolationType: 'full' }] },
    organizationalScope: null,
    incidentConfiguration: { isExcludedFromIncidentCorrelation: true },
  },
};

export const DETECTION_SAMPLES: readonly ReaderSample[] = [
  { name: 'the oldest shape', file: 'legacy.json', text: JSON.stringify(LEGACY, null, 2), loaded: 1, refused: 0 },
  { name: 'the beta shape', file: 'beta.json', text: JSON.stringify(BETA), loaded: 1, refused: 0 },
  { name: 'the released shape', file: 'v1.json', text: JSON.stringify(RELEASED), loaded: 1, refused: 0 },
  { name: 'two shapes at once', file: 'dual.json', text: JSON.stringify(DUAL), loaded: 1, refused: 0 },
  {
    name: 'a list of all',
    file: 'all.json',
    text: JSON.stringify({ value: [LEGACY, BETA, RELEASED] }),
    loaded: 3,
    refused: 0,
  },
  {
    name: 'a bare list',
    file: 'list.json',
    text: JSON.stringify([BETA, { detectionAction: {} }]),
    loaded: 1,
    refused: 1,
  },
  {
    name: 'one in properties',
    file: 'wrapped.json',
    text: JSON.stringify({ properties: BETA }),
    loaded: 1,
    refused: 0,
  },
];
