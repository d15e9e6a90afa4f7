/** A small analytics rule as published ones look; keys are replaced or added. */
export function sentinelText(more: Readonly<Record<string, string>> = {}): string {
  const keys: Readonly<Record<string, string>> = {
    id: '4f2a1c9e-7a3b-4c55-9d10-0d6c8d2f9a11',
    name: 'Archive tool started from a share',
    description: "|\n  'Somebody packs files on a share.'",
    severity: 'Medium',
    status: 'Available',
    requiredDataConnectors: '\n  - connectorId: MicrosoftThreatProtection\n    dataTypes:\n      - DeviceProcessEvents',
    queryFrequency: '1h',
    queryPeriod: '1h',
    triggerOperator: 'gt',
    triggerThreshold: '0',
    tactics: '\n  - Collection',
    relevantTechniques: '\n  - T1560.001',
    query: '|\n  DeviceProcessEvents\n  | where FileName =~ "7z.exe"\n',
    entityMappings:
      '\n  - entityType: Host\n    fieldMappings:\n      - identifier: FullName\n        columnName: DeviceName',
    version: '1.0.3',
    kind: 'Scheduled',
    ...more,
  };
  return Object.entries(keys)
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('');
}
