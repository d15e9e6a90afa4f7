import { describe, expect, it } from '@jest/globals';
import { graphRuleReader } from '../../../src/rules/readers/detection-rule.ts';
import { describeReader, documentOf } from '../../contract/reader.ts';
import { BETA, DETECTION_SAMPLES, DUAL, LEGACY, QUERY, RELEASED } from './detection-samples.ts';

describeReader(graphRuleReader, DETECTION_SAMPLES);

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

  it('reads two shapes at once as one rule that says each thing once', () => {
    const { rule, verdict } = read(DUAL);
    expect(rule).toMatchObject({
      status: 'enabled',
      schedule: { everyMs: 3_600_000 },
      attack: ['TA0010', 'T1560', 'T1560.001'],
      alert: {
        entities: [
          { type: 'account', fields: { sid: 'AccountSid' } },
          { type: 'host', fields: { id: 'DeviceId' } },
        ],
        dedupColumns: ['AccountSid', 'DeviceId'],
      },
      origin: { data: { incidentConfiguration: { isExcludedFromIncidentCorrelation: true }, automatedActions: {} } },
    });
    expect(verdict.warnings.map(({ message }) => message)).toEqual([
      '"automatedActions" is never executed; alerts carry it as data.',
    ]);
    expect(verdict.ignored).toEqual(expect.arrayContaining(['schedule.period', 'detectionAction.responseActions']));
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
