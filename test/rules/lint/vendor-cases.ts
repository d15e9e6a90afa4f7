import type { LintSettings } from '../../../src/rules/lint/lint-rules.ts';

/** A file of another product in which a check finds what stands between `«»`; where a finding has no end, it begins there. */
export interface VendorCase {
  readonly file: string;
  readonly text: string;
  readonly settings?: Partial<LintSettings>;
  /** A file beside it, of which the check says nothing unless the marks stand there. */
  readonly beside?: { readonly file: string; readonly text: string };
  /** The two are read apart, as files of two tenants are. */
  readonly apart?: true;
}

const KEYS: Readonly<Record<string, string>> = {
  id: '6d3f9a0e-0f3a-4a5b-8a65-2f1f3f0a1b2c',
  name: 'Vendor rule',
  kind: 'Scheduled',
  severity: 'High',
  query: '|\n  DeviceProcessEvents\n  | where FileName =~ "x.exe"',
  queryFrequency: '1h',
  queryPeriod: '1h',
  triggerOperator: 'gt',
  triggerThreshold: '0',
  tactics: '[Execution]',
  relevantTechniques: '[T1059]',
};

/** A Sentinel rule; `more` replaces keys of the same name or is added. A mark before a key marks the key. */
export function sentinelFile(more: Readonly<Record<string, string>> = {}, head = ''): string {
  const named = Object.keys(more).map((key) => key.replaceAll(/[«»]/g, ''));
  const entries = Object.entries(KEYS).map(([key, value]): [string, string] => {
    const at = named.indexOf(key);
    return at < 0 ? [key, value] : (Object.entries(more)[at] ?? [key, value]);
  });
  const added = Object.entries(more).filter((_, at) => KEYS[named[at] ?? ''] === undefined);
  return head + [...entries, ...added].map(([key, value]) => `${key}: ${value}\n`).join('');
}

const block = (query: string): string => `|\n${query.replaceAll(/^/gm, '  ')}`;

/** One with that query; `more` as above. */
function withQuery(query: string, more: Readonly<Record<string, string>> = {}): VendorCase {
  return { file: 's.yaml', text: sentinelFile({ query: block(query), ...more }) };
}

function withKeys(more: Readonly<Record<string, string>>, settings: Partial<LintSettings> = {}): VendorCase {
  return { file: 's.yaml', text: sentinelFile(more), settings };
}

/** Sources that lack something. */
const LAKE = {
  api: 'lake',
  retentionMs: 4000 * 86_400_000,
  devicesOnly: false,
  isUnstamped: true,
  lacksDefenderFunctions: true,
};
const MDE = { ...LAKE, api: 'mde', devicesOnly: true, isUnstamped: false, lacksDefenderFunctions: false };

const BY_DEVICE = 'DeviceProcessEvents | summarize count() by DeviceId';

/** By check one file of Sentinel in which it finds what stands between the marks, and nothing else. */
const SENTINEL: Readonly<Record<string, VendorCase>> = {
  'attack-missing': withKeys({ '«tactics': '[]', relevantTechniques: '[]»' }),
  'attack-unknown': withKeys({ relevantTechniques: '[T1059, «T1086»]' }),
  'beyond-retention': withKeys({ '«queryFrequency': '1h»', queryPeriod: '30d', query: block(BY_DEVICE) }),
  'call-not-offered': {
    ...withQuery('DeviceProcessEvents\n| where FileName =~ "x" and «ingestion_time» () > datetime(2026-01-01)'),
    settings: { offerOf: () => LAKE },
  },
  'case-unreached': withQuery(
    'DeviceProcessEvents\n| extend S = case(ProcessId > 1, "High", «ProcessId > 5», "Low", "x")',
  ),
  'compare-never': withQuery('DeviceFileEvents\n| where SHA256 =~ «"d41d8cd98f00b204e9800998ecf8427e"»'),
  'column-missing': withKeys({ alertDetailsOverride: '\n  alertDisplayNameFormat: "On {{«DeviceNam»}}"' }),
  'column-unknown': withQuery('DeviceProcessEvents\n| where «FileNam» == "x"'),
  'contains-word': withQuery('DeviceProcessEvents\n| where ProcessCommandLine «contains» " -encoded "'),
  'custom-detection': withKeys({ '«queryFrequency': '2h»' }, { purpose: 'custom-detection' }),
  'dedup-missing': withQuery('DeviceProcessEvents\n| summarize count() by DeviceId, bin(Timestamp, 1h)', {
    eventGroupingSettings: '{«aggregationKind: AlertPerResult»}',
  }),
  'disable-unclear': { file: 's.yaml', text: sentinelFile({}, '«# huntwire-disable attack-missing»\n') },
  'disable-unused': { file: 's.yaml', text: sentinelFile({}, '«# huntwire-disable attack-missing: none»\n') },
  'duplicate-id': {
    file: 's.yaml',
    text: sentinelFile(),
    beside: { file: 't.yaml', text: sentinelFile({ '«id': `${KEYS.id}»`, name: 'Another' }) },
    apart: true,
  },
  'entity-unidentified': withKeys({
    entityMappings:
      '\n  - «entityType: Account»\n    fieldMappings:\n      - {identifier: Name, columnName: AccountName}',
  }),
  'filter-late': withQuery(
    'DeviceProcessEvents\n| summarize n = count() by DeviceName\n| where «DeviceName startswith "srv"»',
  ),
  'filter-missing': withQuery('«DeviceProcessEvents»'),
  'folded-comment': withKeys({ query: '>\n  DeviceProcessEvents\n  // none\n  «| where FileName =~ "x"»' }),
  'folded-query': withKeys({ '«query': '>\n  DeviceProcessEvents\n  | where FileName =~ "x"»' }),
  'join-key-types': withQuery(
    'DeviceProcessEvents\n| join kind=inner DeviceNetworkEvents on DeviceId, «$left.FileName == $right.RemotePort»',
  ),
  'join-kind-missing': withQuery('DeviceProcessEvents\n| «join» DeviceNetworkEvents on DeviceId'),
  'limited-rows': withQuery('DeviceProcessEvents\n| «take» 5'),
  'literal-refused': withQuery('DeviceProcessEvents\n| where Timestamp > «datetime(Dummy)»'),
  'lookback-below-schedule': withQuery(BY_DEVICE, { queryFrequency: '5h', '«queryPeriod': '1h»' }),
  'lookback-below-twice-schedule': withQuery(BY_DEVICE, { '«queryPeriod': '1h»' }),
  'lookup-unclear': withQuery(
    'DeviceProcessEvents\n| join kind=inner (IdentityInfo | where «Timestamp > datetime(2026-01-01)») on AccountUpn',
  ),
  'name-case': withQuery('DeviceProcessEvents\n| where FileName «==» "cmd.exe"'),
  'name-letter-case': withQuery('«deviceProcessEvents»\n| where FileName =~ "x"'),
  'name-retired': withQuery('«DeviceTvmSoftwareInventoryVulnerabilities»\n| where DeviceName =~ "x"'),
  'newest-needless': withQuery('DeviceProcessEvents\n| summarize «arg_max(DeviceId, *)» by DeviceId'),
  'not-repeatable': withQuery('DeviceProcessEvents\n| extend r = «rand()»'),
  'own-filter': withQuery('DeviceProcessEvents\n| where «Timestamp > ago(1h)»'),
  'query-finding': withQuery('DeviceProcessEvents\n| where FileName «>» 5'),
  'query-repeated': {
    file: 's.yaml',
    text: sentinelFile(),
    beside: {
      file: 't.yaml',
      text: sentinelFile({ id: '7d3f9a0e-0f3a-4a5b-8a65-2f1f3f0a1b2c', '«query': `${KEYS.query}»` }),
    },
  },
  'quota-exceeded': {
    file: 's.yaml',
    text: Array.from({ length: 140 }, (_, at) => {
      const id = `6d3f9a0e-0f3a-4a5b-8a65-${String(at).padStart(12, '0')}`;
      return sentinelFile({ id, [at === 0 ? '«queryFrequency' : 'queryFrequency']: at === 0 ? '5m»' : '5m' });
    }).join('---\n'),
  },
  'reach-beyond-lookback': withQuery(
    'DeviceProcessEvents\n| where Timestamp > ago(14d)\n| summarize count() by DeviceId',
    {
      '«queryPeriod': '1h»',
    },
  ),
  'reach-not-constant': withQuery('DeviceProcessEvents\n| where Timestamp > «ago(1h * ProcessId)»'),
  'regex-plain': withQuery('DeviceProcessEvents\n| where FileName «matches regex "cmd"»'),
  'result-time-missing': withKeys({ '«query': `${block(BY_DEVICE)}»` }),
  'row-changes': withKeys({
    '«query': `${block('DeviceProcessEvents\n| extend age = now() - Timestamp\n| project-away Timestamp, ReportId')}»`,
    eventGroupingSettings: '{aggregationKind: AlertPerResult}',
  }),
  'row-identity': withQuery('DeviceProcessEvents | summarize count()', {
    eventGroupingSettings: '{«aggregationKind: AlertPerResult»}',
  }),
  'schedule-below-minute': withKeys({ '«queryFrequency': '30s»' }),
  'search-unbounded': withQuery('«union» *\n| where DeviceName =~ "x"'),
  'sentinel-function': withQuery('«imProcessCreate»()\n| where DvcHostname =~ "x"'),
  'severity-unreached': withQuery('DeviceProcessEvents\n| extend Risk = iff(ProcessId > 1, "Severe", "Low")', {
    alertDetailsOverride: '{«alertSeverityColumnName: Risk»}',
  }),
  'table-not-offered': { ...withQuery('«EmailEvents»\n| where Subject has "x"'), settings: { offerOf: () => MDE } },
  'table-unknown': withQuery('«DeviceProcesEvents»\n| where FileName =~ "x"'),
  'template-braces': withKeys({ alertDetailsOverride: '{«alertDisplayNameFormat: "On {DeviceName}"»}' }),
  'test-missing': withKeys({ '«id': `${KEYS.id}»` }),
  'test-toothless': {
    file: 's.yaml',
    text: sentinelFile(),
    beside: { file: 's.test.yaml', text: 'tests:\n  - «{name: quiet, rows: [], alerts: []}»\n' },
  },
  'time-dialect': withQuery('DeviceProcessEvents\n| where «TimeGenerated» > ago(1h)'),
  'time-unbinned': withQuery('DeviceProcessEvents\n| summarize count() by DeviceId, «Timestamp»'),
  'unclear-filter': withQuery('DeviceProcessEvents\n| where «Timestamp < now() - (ProcessId * 1h)»'),
  'watchlist-unknown': withQuery("DeviceProcessEvents\n| where DeviceName in («_GetWatchlist('vip')»)"),
};

const ARM = (query: string): string => `{
  "resources": [
    {
      "type": "Microsoft.SecurityInsights/alertRules",
      "name": "6d3f9a0e-0f3a-4a5b-8a65-2f1f3f0a1b2c",
      "kind": "Scheduled",
      "properties": {
        "displayName": "R", "severity": "High", "enabled": true,
        "query": "${query}",
        "queryFrequency": "PT1H", "queryPeriod": "PT1H", "triggerOperator": "GreaterThan", "triggerThreshold": 0,
        "tactics": ["Execution"], "techniques": ["T1059", «"T1086"»]
      }
    }
  ]
}
`;

const DETECTION = (query: string): string => `{
  "displayName": "R",
  "isEnabled": true,
  "detectorId": "6d3f9a0e-0f3a-4a5b-8a65-2f1f3f0a1b2c",
  "queryCondition": {"queryText": "${query}"},
  "schedule": {"period": "1H"},
  "detectionAction": {"alertTemplate": {"title": "t", "description": "d", "severity": "high", "category": "Execution",
    "mitreTechniques": ["T1059", «"T1086"»]}}
}
`;

const unmarked = (text: string): string => text.replaceAll(/[«»]/g, '');
const json = (check: string, text: string): readonly [string, VendorCase] => [check, { file: 'r.json', text }];
const QUERY = 'DeviceProcessEvents\\n| where «FileNam» =~ \\"x\\"\\n| «take» 5';
const only = (word: string): string => QUERY.replaceAll(/«([^»]+)»/g, (all, one: string) => (one === word ? all : one));

/** All files with marks, by the check that looks at them. */
export const VENDOR_CASES: readonly (readonly [string, VendorCase])[] = [
  ...Object.entries(SENTINEL),
  ...[ARM, DETECTION].flatMap((made) => [
    json('column-unknown', made(only('FileNam')).replaceAll('«"T1086"»', '"T1086"')),
    json('limited-rows', made(only('take')).replaceAll('«"T1086"»', '"T1086"')),
    json('attack-unknown', made(unmarked(QUERY))),
  ]),
];

/** Checks that find nothing in a file of another product, and why. */
export const NOT_OF_VENDORS: Readonly<Record<string, string>> = {
  'exception-expired': 'no such file has exceptions; those of overlays are told where the overlay says them',
  'lookback-missing': 'every product says how far back a rule looks, or its reader does',
  'overlay-twice': 'about what overlays say',
  'overlay-unmatched': 'about what overlays name',
  'param-unused': 'no such file has parameters of ours',
  'shape-contradicted': 'no such file states a shape',
  'snapshot-dedup': 'every such rule has a window',
  'table-window-short': 'no such file says how far back tables are looked up',
};
