import { describe, expect, it } from '@jest/globals';
import { graphRuleReader } from '../../../src/rules/readers/detection-rule.ts';
import { describeReader, documentOf } from '../../contract/reader.ts';

const QUERY =
  'DeviceProcessEvents\n| where FileName =~ "rar.exe"\n| project Timestamp, DeviceId, ReportId, AccountSid, FileName, SHA1';

const LEGACY = {
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

const BETA = {
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

const RELEASED = {
  ...BETA,
  id: 'archive-tool-2',
  status: 'disabled',
  schedule: { frequency: 'P1D' },
};

describeReader(graphRuleReader, [
  { name: 'the oldest shape', file: 'legacy.json', text: JSON.stringify(LEGACY, null, 2), loaded: 1, refused: 0 },
  { name: 'the beta shape', file: 'beta.json', text: JSON.stringify(BETA), loaded: 1, refused: 0 },
  { name: 'the released shape', file: 'v1.json', text: JSON.stringify(RELEASED), loaded: 1, refused: 0 },
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
]);

function read(value: unknown) {
  const [one] = graphRuleReader.read(documentOf('d.json', JSON.stringify(value, null, 2)));
  if (!one?.rule) throw new Error(one?.verdict.reason ?? 'no rule');
  return { rule: one.rule, verdict: one.verdict };
}

describe('the detection-rule reader', () => {
  it('reads the oldest shape', () => {
    const { rule, verdict } = read(LEGACY);
    expect(rule).toMatchObject({
      id: '7506',
      name: 'Archive tool',
      status: 'enabled',
      severity: 'medium',
      attack: ['TA0010', 'T1560.001'],
      runbook: 'Ask the owner.',
      query: QUERY,
      schedule: { everyMs: 3_600_000, lookbackMs: 4 * 3_600_000 },
      window: { basis: 'ingestion', keepFilters: 'sets' },
      threshold: { operator: '>', value: 0 },
      alert: {
        per: 'row',
        title: 'Archive tool on {{DeviceId}}',
        entities: [
          { type: 'host', fields: { id: 'DeviceId' } },
          { type: 'account', fields: { sid: 'AccountSid' } },
        ],
        dedupColumns: ['DeviceId', 'AccountSid'],
        suppressMs: 0,
      },
    });
    expect(verdict.ignored).toEqual(expect.arrayContaining(['lastRunDetails', 'detectionAction.responseActions']));
    expect(verdict.warnings.map(({ message }) => message)).toEqual([
      '"responseActions" is never executed; alerts carry it as data.',
    ]);
  });

  it('carries response actions as data, whichever shape they have', () => {
    expect(read(LEGACY).rule.origin?.data).toMatchObject({ responseActions: [{ identifier: 'deviceId' }] });
    expect(read(BETA).rule.origin?.data).toMatchObject({
      automatedActions: { isolateDevices: [{ deviceIdColumn: 'DeviceId' }] },
      organizationalScope: { scopeNames: ['servers'] },
    });
  });

  it('reads the newer shapes', () => {
    const { rule } = read(BETA);
    expect(rule).toMatchObject({
      id: 'archive-tool-1',
      description: 'Packs files.',
      attack: ['TA0010', 'T1560', 'T1560.001'],
      schedule: { everyMs: 3 * 3_600_000, lookbackMs: 86_400_000 },
      alert: {
        description: 'By {{AccountSid}}',
        entities: [
          { type: 'host', fields: { id: 'DeviceId' } },
          { type: 'account', fields: { sid: 'AccountSid' } },
          { type: 'file', fields: { sha1: 'SHA1', name: 'FileName' } },
        ],
        details: { Tool: 'FileName', 'azureResources resourceId': 'ResourceId' },
      },
    });
    expect(read(RELEASED).rule).toMatchObject({ status: 'disabled', schedule: { lookbackMs: 28 * 86_400_000 } });
  });

  it('makes one alert a run where the rule groups its events', () => {
    const template = { ...BETA.detectionAction.alertTemplate, eventGroupingKind: 'singleAlert' };
    const { rule } = read({ ...BETA, detectionAction: { alertTemplate: template } });
    expect(rule.alert).toMatchObject({ per: 'run', dedupColumns: null });
  });

  it.each([
    [{ period: '0' }, 60_000, 60_000],
    [{ period: '12H' }, 12 * 3_600_000, 48 * 3_600_000],
    [{ period: '24H' }, 86_400_000, 28 * 86_400_000],
    [{ frequency: 'PT0S' }, 60_000, 60_000],
    [{ frequency: '0' }, 60_000, 60_000],
    [{ frequency: 'PT30M' }, 1_800_000, 7_200_000],
  ])('schedule %j', (schedule, everyMs, lookbackMs) => {
    expect(read({ ...BETA, schedule }).rule.schedule).toMatchObject({ everyMs, lookbackMs });
  });

  it('knows its keys in any case', () => {
    const { queryCondition, ...rest } = LEGACY;
    const { rule } = read({ ...rest, QueryCondition: { QueryText: queryCondition.queryText } });
    expect(rule.query).toBe(QUERY);
  });

  it('refuses a rule that does not say when it runs, and one without a query', () => {
    const reasons = [
      { ...BETA, schedule: {} },
      { ...BETA, queryCondition: { queryText: ' ' } },
    ].map((value) => graphRuleReader.read(documentOf('d.json', JSON.stringify(value)))[0]?.verdict.reason);
    expect(reasons).toEqual([
      'The rule does not say when it runs: "schedule.frequency" is missing.',
      'The rule has no query ("queryCondition.queryText").',
    ]);
  });
});
