import { describe, expect, it } from '@jest/globals';
import { armReader } from '../../../src/rules/readers/arm.ts';
import { describeReader, documentOf } from '../../contract/reader.ts';

const SCHEMA = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#';
const ID = '11111111-2222-4333-8444-555555555555';

function properties(more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return {
    displayName: 'Many failed sign-ins',
    description: 'A password is guessed.',
    severity: 'High',
    enabled: true,
    query: 'AADSignInEventsBeta\r\n| where ErrorCode == 50126\r\n| summarize n = count() by AccountUpn',
    queryFrequency: 'PT1H',
    queryPeriod: 'P1D',
    triggerOperator: 'GreaterThan',
    triggerThreshold: 3,
    suppressionDuration: 'PT5H',
    suppressionEnabled: false,
    tactics: ['CredentialAccess'],
    techniques: ['T1110'],
    alertRuleTemplateName: null,
    incidentConfiguration: {
      createIncident: true,
      groupingConfiguration: { enabled: false, reopenClosedIncident: false, lookbackDuration: 'PT5H' },
    },
    eventGroupingSettings: { aggregationKind: 'SingleAlert' },
    entityMappings: [{ entityType: 'Account', fieldMappings: [{ identifier: 'FullName', columnName: 'AccountUpn' }] }],
    customDetails: { Failures: 'n' },
    ...more,
  };
}

function resource(more: Readonly<Record<string, unknown>> = {}, own: Readonly<Record<string, unknown>> = {}) {
  return {
    id: `[concat(resourceId('Microsoft.OperationalInsights/workspaces/providers', parameters('workspace'), 'Microsoft.SecurityInsights'),'/alertRules/${ID}')]`,
    name: `[concat(parameters('workspace'),'/Microsoft.SecurityInsights/${ID}')]`,
    type: 'Microsoft.OperationalInsights/workspaces/providers/alertRules',
    kind: 'Scheduled',
    apiVersion: '2022-11-01-preview',
    properties: properties(more),
    ...own,
  };
}

function template(resources: unknown, more: Readonly<Record<string, unknown>> = {}): string {
  const all = { $schema: SCHEMA, contentVersion: '1.0.0.0', parameters: { workspace: { type: 'String' } }, ...more };
  return JSON.stringify({ ...all, resources }, null, 2);
}

const NESTED = template([
  {
    type: 'Microsoft.OperationalInsights/workspaces/providers/contentTemplates',
    properties: {
      contentKind: 'AnalyticsRule',
      mainTemplate: {
        variables: { id: ID },
        resources: [
          {
            type: 'Microsoft.SecurityInsights/AlertRuleTemplates',
            name: "[variables('id')]",
            kind: 'Scheduled',
            properties: properties(),
          },
        ],
      },
    },
  },
  {
    type: 'Microsoft.OperationalInsights/workspaces/savedSearches',
    name: 'hunt/one',
    properties: {
      category: 'Hunting Queries',
      displayName: 'Rare tools',
      query: 'DeviceProcessEvents | take 10',
      version: 2,
      tags: [
        { name: 'description', value: 'Looks for rare tools.' },
        { name: 'tactics', value: 'Execution,Persistence' },
        { name: 'techniques', value: 'T1059,T1543' },
      ],
    },
  },
  { type: 'Microsoft.Insights/workbooks', properties: { displayName: 'w' } },
]);

describeReader(armReader, [
  { name: 'a template', file: 'rule.json', text: template([resource()]), loaded: 1, refused: 0 },
  { name: 'resources by name', file: 'named.json', text: template({ one: resource() }), loaded: 1, refused: 0 },
  { name: 'a packaged solution', file: 'main.json', text: NESTED, loaded: 2, refused: 0 },
  {
    name: 'one that can and one that cannot be read',
    file: 'two.json',
    text: template([resource(), resource({ triggerThreshold: "[parameters('n')]" }, { name: 'b', id: 'b' })]),
    loaded: 1,
    refused: 1,
  },
  {
    name: 'an export',
    file: 'export.json',
    text: JSON.stringify({ value: [{ name: ID, kind: 'Scheduled', properties: properties() }] }),
    loaded: 1,
    refused: 0,
  },
  {
    name: 'a template without a rule',
    file: 'none.json',
    text: template([{ type: 'a/workbooks' }]),
    loaded: 0,
    refused: 1,
  },
]);

function read(text: string) {
  return armReader.read(documentOf('t.json', text));
}

function verdictOf(more: Readonly<Record<string, unknown>>, rest: Readonly<Record<string, unknown>> = {}) {
  const [one] = read(template([resource(more)], rest));
  if (!one) throw new Error('no rule');
  return one;
}

describe('the arm reader', () => {
  it('reads a resource as Sentinel means it', () => {
    const [one] = read(template([resource()]));
    expect(one?.rule).toMatchObject({
      id: ID,
      name: 'Many failed sign-ins',
      severity: 'high',
      attack: ['TA0006', 'T1110'],
      query: 'AADSignInEventsBeta\n| where ErrorCode == 50126\n| summarize n = count() by AccountUpn',
      schedule: { everyMs: 3_600_000, lookbackMs: 86_400_000 },
      threshold: { operator: '>', value: 3 },
      alert: { per: 'run', suppressMs: 0, details: { Failures: 'n' } },
      origin: { format: 'arm' },
    });
    expect(one?.verdict).toMatchObject({ verdict: 'loaded', format: 'arm' });
    expect(one?.verdict.honoured).toContain('queryPeriod');
  });

  it('finds the query where it stands, line ends and escapes included', () => {
    const [one] = read(template([resource()]));
    const text = template([resource()]);
    const offset = (one?.rule?.query ?? '').indexOf('summarize');
    const line = text.split('\n').findIndex((each) => each.includes('summarize')) + 1;
    expect(one?.rule?.map.place(offset)).toEqual({
      line,
      column: (text.split('\n')[line - 1] ?? '').indexOf('summarize') + 1,
    });
  });

  it('reads what solutions and hunting queries nest', () => {
    const [rule, hunt] = read(NESTED);
    expect(rule?.rule?.id).toBe(ID);
    expect(hunt?.rule).toMatchObject({
      name: 'Rare tools',
      description: 'Looks for rare tools.',
      status: 'disabled',
      attack: ['TA0002', 'TA0003', 'T1059', 'T1543'],
    });
  });

  it.each([
    ["[parameters('p')]", { parameters: { p: { defaultValue: 'Low' } } }, 'low'],
    ["[variables('v')]", { variables: { v: "[concat('Lo', toLower('W'))]" } }, 'low'],
    ["[variables('v').inner['x']]", { variables: { v: { inner: { x: 'High' } } } }, 'high'],
    ["[format('{0}{1}', 'Hi', 'gh')]", {}, 'high'],
  ])('works out %s', (severity, rest, expected) => {
    expect(verdictOf({ severity }, rest).rule?.severity).toBe(expected);
  });

  it.each([
    ['triggerThreshold', "[parameters('n')]"],
    ['query', '[newGuid()]'],
    ['queryPeriod', "[variables('loop')]"],
    ['severity', "[concat('a', resourceId('x'))]"],
  ])('refuses %s: %s, which only a deployment knows', (key, expression) => {
    const { rule, verdict } = verdictOf({ [key]: expression }, { variables: { loop: "[variables('loop')]" } });
    expect(rule).toBeNull();
    expect(verdict.reason).toBe(`ARM expression in ${key}: only a deployment can work it out.`);
  });

  it('takes a name in brackets, and an escaped one, as they are', () => {
    expect(verdictOf({ displayName: '[Entra ID] Sign-ins' }).rule?.name).toBe('[Entra ID] Sign-ins');
    expect(verdictOf({ displayName: '[[x()]' }).rule?.name).toBe('[x()]');
  });

  it('takes the name for an id where the template makes one anew', () => {
    const [one] = read(template([resource({}, { id: '[newGuid()]', name: '[newGuid()]' })]));
    expect(one?.rule?.id).toBe('many-failed-sign-ins');
  });

  it('reads five thousand resources and keeps their order', () => {
    const many = Array.from({ length: 5000 }, (_, index) => {
      const id = `${String(index).padStart(8, '0')}-2222-4333-8444-555555555555`;
      return resource({ displayName: `Rule ${index}` }, { id, name: id });
    });
    const found = read(template(many));
    expect(found).toHaveLength(5000);
    expect(found.every(({ verdict }) => verdict.verdict === 'loaded')).toBe(true);
    expect(found.at(-1)?.rule?.name).toBe('Rule 4999');
  });
});
