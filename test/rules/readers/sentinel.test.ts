import { describe, expect, it } from '@jest/globals';
import { sentinelReader } from '../../../src/rules/readers/sentinel.ts';
import type { Rule } from '../../../src/rules/rule.ts';
import { describeReader, documentOf } from '../../contract/reader.ts';
import { HUNTING, SENTINEL_SAMPLES } from './sentinel-samples.ts';
import { sentinelText } from './sentinel-text.ts';

describeReader(sentinelReader, SENTINEL_SAMPLES);

function read(text: string) {
  const [one] = sentinelReader.read(documentOf('a/rule.yaml', text));
  if (!one) throw new Error('no rule');
  return one;
}

function ruleOf(more: Readonly<Record<string, string>> = {}): Rule {
  const { rule, verdict } = read(sentinelText(more));
  if (!rule) throw new Error(verdict.reason ?? '');
  return rule;
}

function warningsOf(more: Readonly<Record<string, string>>): readonly string[] {
  return read(sentinelText(more)).verdict.warnings.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

describe('the sentinel reader', () => {
  it('keeps the meaning of a scheduled rule', () => {
    expect(ruleOf()).toMatchObject({
      id: '4f2a1c9e-7a3b-4c55-9d10-0d6c8d2f9a11',
      name: 'Archive tool started from a share',
      description: 'Somebody packs files on a share.',
      severity: 'medium',
      version: '1.0.3',
      status: 'enabled',
      attack: ['TA0009', 'T1560.001'],
      query: 'DeviceProcessEvents\n| where FileName =~ "7z.exe"\n',
      schedule: { kind: 'every', everyMs: 3_600_000, lookbackMs: 3_600_000 },
      window: { basis: 'ingestion', sets: 'event', keepFilters: 'sets' },
      threshold: { measure: 'rows', operator: '>', value: 0 },
      alert: { per: 'run', suppressMs: 0, entities: [{ type: 'host', fields: { name: 'DeviceName' } }] },
      origin: { format: 'sentinel', data: {} },
    });
  });

  it('keeps the full name of a host beside its name', () => {
    const fields = ['FullName\n        columnName: DeviceName', 'HostName\n        columnName: Host'];
    const mapped = fields.map((field) => `\n      - identifier: ${field}`).join('');
    expect(ruleOf({ entityMappings: `\n  - entityType: Host\n    fieldMappings:${mapped}` }).alert.entities).toEqual([
      { type: 'host', fields: { fullName: 'DeviceName', name: 'Host' } },
    ]);
  });

  it('counts rows in exactly the window of a run where the threshold is more than none', () => {
    expect(ruleOf({ triggerThreshold: '5' })).toMatchObject({ shape: 'set', threshold: { operator: '>', value: 5 } });
    expect(ruleOf({ triggerOperator: 'LessThan', triggerThreshold: '1' })).toMatchObject({
      shape: 'set',
      threshold: { operator: '<', value: 1 },
    });
    expect(ruleOf().shape).toBeNull();
  });

  it('makes an alert a row where the rule says so, and one a run where a missing row is what is told', () => {
    const perRow = { eventGroupingSettings: '{aggregationKind: AlertPerResult}' };
    expect(ruleOf(perRow).alert.per).toBe('row');
    const { rule, verdict } = read(sentinelText({ ...perRow, triggerOperator: 'eq' }));
    expect(rule?.alert.per).toBe('run');
    expect(verdict.approximated.join()).toContain('eventGroupingSettings.aggregationKind');
  });

  it('holds back for as long as the rule says, and only where it is switched on', () => {
    const given = { suppressionDuration: '5h' };
    expect(ruleOf({ ...given, suppressionEnabled: 'false' }).alert.suppressMs).toBe(0);
    expect(ruleOf({ ...given, suppressionEnabled: 'true' }).alert.suppressMs).toBe(5 * 3_600_000);
  });

  it('takes titles, severity and details from the row', () => {
    const { alert } = ruleOf({
      customDetails: '{Tool: FileName}',
      alertDetailsOverride:
        '{alertDisplaynameFormat: "Packed by {{ AccountName }}", alertDescriptionFormat: d, alertSeverityColumnName: Level, alertTacticsColumnName: Tactics, alertDynamicProperties: [{alertProperty: AlertLink, value: Link}]}',
    });
    expect(alert).toMatchObject({
      title: 'Packed by {{ AccountName }}',
      description: 'd',
      severityColumn: 'Level',
      details: { Tool: 'FileName', AlertTactics: 'Tactics', AlertLink: 'Link' },
    });
  });

  it('keeps the grouping of incidents as data and nothing else of it', () => {
    const { rule, verdict } = read(sentinelText({ incidentConfiguration: '{createIncident: false}' }));
    expect(rule?.origin?.data).toEqual({ incidentConfiguration: { createIncident: false } });
    expect(verdict.approximated).toEqual(['incidentConfiguration: alerts carry it as data in rule.origin']);
  });

  it('runs an NRT rule each minute by arrival', () => {
    const text = sentinelText({ kind: 'NRT' }).replace(/query(Frequency|Period): .*\n/g, '');
    expect(read(text).rule).toMatchObject({
      schedule: { everyMs: 60_000, lookbackMs: 60_000 },
      window: { basis: 'ingestion' },
    });
  });

  it('leaves a hunting query disabled and says so', () => {
    const { rule, verdict } = read(HUNTING);
    expect(rule).toMatchObject({ status: 'disabled', severity: 'medium', attack: ['TA0002', 'T1059'] });
    expect(rule?.tags).toEqual(['hunting', 'SchemaName: ProcessEvent']);
    expect(verdict.verdict).toBe('warnings');
    expect(verdict.warnings[0]?.message).toContain('disabled until somebody enables it');
  });

  it('maps every type of entity, and gives those without one of ours as details', () => {
    const mapping = (type: string, ...fields: (readonly [string, string])[]) =>
      `\n  - entityType: ${type}\n    fieldMappings:${fields.map(([id, column]) => `\n      - {identifier: ${id}, columnName: ${column}}`).join('')}`;
    const { alert } = ruleOf({
      entityMappings: [
        mapping('Account', ['Name', 'A'], ['UPNSuffix', 'B']),
        mapping('Account', ['Sid', 'C']),
        mapping('IP', ['Address', 'D']),
        mapping('File hash', ['Value', 'SHA256'], ['Algorithm', 'E']),
        mapping('AzureResource', ['ResourceId', 'F']),
        mapping('RegistryKey', ['Hive', 'G'], ['Key', 'H']),
        mapping('MailMessage', ['NetworkMessageId', 'I'], ['Language', 'J']),
      ].join(''),
    });
    expect(alert.entities).toEqual([
      { type: 'account', fields: { name: 'A', upnSuffix: 'B' } },
      { type: 'account', fields: { sid: 'C' } },
      { type: 'ip', fields: { name: 'D' } },
      { type: 'file', fields: { sha256: 'SHA256', algorithm: 'E' } },
      { type: 'registry', fields: { hive: 'G', name: 'H' } },
      { type: 'mail', fields: { id: 'I' } },
    ]);
    expect(alert.details).toEqual({ 'AzureResource ResourceId': 'F', 'MailMessage Language': 'J' });
  });
});

describe('files of Sentinel that are no whole rule', () => {
  it('a rule of the kind Scheduled without a schedule is a query for people', () => {
    const text = sentinelText({ 'description-detailed': 'x' }).replace(
      /(query(Frequency|Period)|trigger\w+): .*\n/g,
      '',
    );
    const { rule, verdict } = read(text);
    expect(rule?.status).toBe('disabled');
    expect(verdict.warnings).toHaveLength(1);
  });

  it('a page that says where a rule has gone is refused, as what it is', () => {
    const moved = 'id: 4f2a1c9e-7a3b-4c55-9d10-0d6c8d2f9a11\nname: A rule\nversion: 1.0.0\nkind: Scheduled\n';
    expect(sentinelReader.recognizes(documentOf('a.yaml', moved).value)).toBe(true);
    expect(read(moved).verdict.reason).toBe('The rule has no query.');
  });
});

describe('functions of a workspace', () => {
  it('get the period of the rule as their own, unless the query makes them', () => {
    const query =
      '|\n  let imOwn = () { DeviceEvents };\n  union _Im_Dns(), imOwn(), DeviceNetworkEvents // _Im_WebSession()\n';
    expect(ruleOf({ query, queryPeriod: '1d' }).window.tables).toEqual({ _Im_Dns: 86_400_000 });
  });
});

describe('dirt in files of Sentinel', () => {
  it.each([
    ['High', 'high', null],
    ['high', 'high', null],
    ['Hight', 'high', '"Hight" is no severity; it counts as high.'],
    ['Test', 'medium', '"Test" is no severity; it counts as medium.'],
    ['', 'medium', 'The rule has no severity; it counts as medium.'],
  ])('severity %p', (severity, read, warning) => {
    expect(ruleOf({ severity }).severity).toBe(read);
    const told = warningsOf({ severity }).map((text) => text.replace(/^\S+ /, ''));
    expect(told).toEqual(warning === null ? [] : [warning]);
  });

  it.each([
    ['execution', ['TA0002'], []],
    ['CommandandControl', ['TA0011'], []],
    ['Privilege Escalation', ['TA0004'], []],
    ['CommanAndControl', ['TA0011'], []],
    ['InitialAcces', ['TA0001'], []],
    ['Ransomware', [], ['Ransomware']],
    ['[Malware, Persistence]', ['TA0003'], ['Malware']],
    ['', [], []],
    ['TA0004', ['TA0004'], []],
  ])('tactics %p', (tactics, attack, tags) => {
    expect(ruleOf({ tactics, relevantTechniques: '' })).toMatchObject({ attack, tags });
  });

  it.each([
    ['1.0.0', '1.0.0'],
    ['1.1', '1.1.0'],
    ['2', '2.0.0'],
    ['v1.2.3', '1.2.3'],
    ['draft', '1.0.0'],
  ])('version %p', (version, read) => {
    expect(ruleOf({ version }).version).toBe(read);
  });

  it('keys in any case, an empty list, a slip in a field, and unknown keys where they stand', () => {
    const text = sentinelText({
      entityMappings:
        '\n  - entityType: Host\n    fieldMappings:\n      - identifies: HostName\n        columnName: DeviceName',
    })
      .replace('queryFrequency', 'QueryFrequency')
      .replace('severity', 'Severity');
    const { rule, verdict } = read(`${text}customDetails:\nquerry: x\n`);
    expect(rule?.alert.entities).toEqual([{ type: 'host', fields: { name: 'DeviceName' } }]);
    expect(verdict.honoured).toContain('QueryFrequency');
    expect(verdict.ignored).toContain('querry');
    const line = text.split('\n').length + 1;
    expect(verdict.warnings).toEqual([
      { line, column: 1, message: 'The key "querry" is not known and changes nothing.' },
    ]);
  });

  it('an id that is no UUID, or none', () => {
    expect(ruleOf({ id: 'My Rule/1' }).id).toBe('my-rule-1');
    expect(ruleOf({ id: '' }).id).toBe('archive-tool-started-from-a-share');
    expect(ruleOf({ id: '', name: '' }).id).toBe('rule');
  });

  it.each([
    ['queryFrequency', '7', '"7" does not say of what'],
    ['queryFrequency', '"24:00:00"', 'more than 23 hours'],
    ['queryPeriod', 'soon', '"soon" is no duration'],
    ['triggerOperator', 'above', '"above" is no operator'],
    ['triggerThreshold', 'many', 'must be a whole number'],
    ['query', '', 'The rule has no query.'],
    ['kind', 'MicrosoftSecurityIncidentCreation', 'cannot run here'],
  ])('%s: %s is refused, at its place', (key, value, reason) => {
    const text = sentinelText({ [key]: value });
    const { rule, problems, verdict } = read(text);
    expect(rule).toBeNull();
    expect(verdict.reason).toContain(reason);
    const line = text.split('\n').findIndex((one) => one.startsWith(`${key}:`)) + 1;
    if (key !== 'query') expect(problems[0]).toMatchObject({ file: 'a/rule.yaml', line });
  });

  it('a column that a title names is told where the file has it', () => {
    const text = sentinelText({ alertDetailsOverride: '\n  alertDisplayNameFormat: "By {{Nobody}}"' });
    const place = read(text).rule?.map.textPlace(['alert', 'title'], 5);
    const line = text.split('\n').findIndex((one) => one.includes('alertDisplayNameFormat')) + 1;
    expect(place).toEqual({ line, column: '  alertDisplayNameFormat: "By {{'.length + 1 });
  });
});
