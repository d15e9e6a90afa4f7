import type { ReaderSample } from '../../contract/reader.ts';
import { sentinelText } from './sentinel-text.ts';

export const HUNTING = `id: 0b1c2d3e-1111-4222-8333-444455556666
name: Rare parent of a shell
description: Looks for rare parents.
requiredDataConnectors: []
tactics: Execution
relevantTechniques: T1059
query: |
  DeviceProcessEvents | where Timestamp > ago(7d)
  | summarize count() by InitiatingProcessFileName
tags: [hunting, {SchemaName: ProcessEvent}]
`;

export const SENTINEL_SAMPLES: readonly ReaderSample[] = [
  { name: 'an analytics rule', file: 'rule.yaml', text: sentinelText(), loaded: 1, refused: 0 },
  { name: 'a hunting query', file: 'hunt.yaml', text: HUNTING, loaded: 1, refused: 0 },
  { name: 'one of another kind', file: 'fusion.yaml', text: sentinelText({ kind: 'Fusion' }), loaded: 0, refused: 1 },
  {
    name: 'one with everything',
    file: 'full.yaml',
    text: sentinelText({
      suppressionEnabled: 'true',
      suppressionDuration: 'PT5H',
      eventGroupingSettings: '{aggregationKind: AlertPerResult}',
      customDetails: '{Tool: FileName}',
      alertDetailsOverride: '{alertDisplayNameFormat: "Packed by {{ AccountName }}", alertSeverityColumnName: Level}',
      incidentConfiguration: '{createIncident: true, groupingConfiguration: {enabled: true, lookbackDuration: PT5H}}',
    }),
    loaded: 1,
    refused: 0,
  },
];
