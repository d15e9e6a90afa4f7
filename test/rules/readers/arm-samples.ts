import type { ReaderSample } from '../../contract/reader.ts';

export const SCHEMA = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#';
export const ID = '11111111-2222-4333-8444-555555555555';

export function properties(more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
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

export function resource(more: Readonly<Record<string, unknown>> = {}, own: Readonly<Record<string, unknown>> = {}) {
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

export function template(resources: unknown, more: Readonly<Record<string, unknown>> = {}): string {
  const all = { $schema: SCHEMA, contentVersion: '1.0.0.0', parameters: { workspace: { type: 'String' } }, ...more };
  return JSON.stringify({ ...all, resources }, null, 2);
}

export const NESTED = template([
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

const PROCESSES = 'DeviceProcessEvents | where Timestamp > ago(1h)';

/** A resource of its own id, at most eight of them. */
function numbered(at: number, more: Readonly<Record<string, unknown>>, own: Readonly<Record<string, unknown>> = {}) {
  const id = ID.replace(/^./, String(at));
  return resource(more, { name: `[concat(parameters('workspace'),'/Microsoft.SecurityInsights/${id}')]`, id, ...own });
}

/** What a team exports of its workspace: every kind of rule that a template can say, and values that it works out. */
export const MANY = template(
  [
    numbered(2, { query: PROCESSES, triggerThreshold: 0, queryPeriod: 'PT1H' }),
    numbered(3, {
      query: PROCESSES,
      triggerThreshold: 1,
      eventGroupingSettings: { aggregationKind: 'AlertPerResult' },
      entityMappings: [{ entityType: 'Host', fieldMappings: [{ identifier: 'HostName', columnName: 'DeviceName' }] }],
      customDetails: { Command: 'ProcessCommandLine' },
      alertDetailsOverride: { alertDisplayNameFormat: '{{FileName}} on {{DeviceName}}' },
    }),
    numbered(
      4,
      { query: PROCESSES, entityMappings: undefined, customDetails: undefined, queryFrequency: undefined },
      { kind: 'NRT' },
    ),
    numbered(5, {
      query: `${PROCESSES} | summarize n = dcount(DeviceName) by FileName`,
      triggerOperator: 'LessThan',
      triggerThreshold: "[parameters('most')]",
      entityMappings: undefined,
      suppressionEnabled: true,
    }),
    numbered(6, {
      displayName: "[concat('Tools of ', variables('team'))]",
      query: "[concat('DeviceProcessEvents | where FileName in~ (\"', variables('tool'), '\")')]",
      triggerThreshold: 0,
      severity: "[parameters('severity')]",
      entityMappings: undefined,
      customDetails: undefined,
    }),
  ],
  {
    parameters: {
      workspace: { type: 'String' },
      most: { type: 'int', defaultValue: 5 },
      severity: { type: 'string', defaultValue: 'Low' },
    },
    variables: { team: 'the red team', tool: '7z.exe' },
  },
);

export const ARM_SAMPLES: readonly ReaderSample[] = [
  { name: 'a template of many kinds', file: 'many.json', text: MANY, loaded: 5, refused: 0 },
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
];
