// @ts-check
/** A program that uses the package as its own dependency: test/index.test.ts runs and type-checks it against dist. */
import {
  createAnalyst,
  createKqlEngine,
  createMemoryCache,
  defenderSchema,
  ERROR_CODES,
  FORMATS,
  HuntwireError,
  lintRules,
  openMemoryStore,
  parseRules,
  prepareRules,
  refuseProblems,
  rowTable,
  systemClock,
  testRule,
} from 'huntwire';

const columns = /** @type {const} */ ([
  { name: 'DeviceName', type: 'string' },
  { name: 'Logons', type: 'long' },
]);
const engine = createKqlEngine({
  schema: defenderSchema(),
  tables: {
    Logons: rowTable(columns, [
      { DeviceName: 'pc1', Logons: 3 },
      { DeviceName: 'pc2', Logons: 9 },
    ]),
  },
  now: Date.UTC(2026, 0, 1),
  elapsed: systemClock.monotonic,
});
const { signal } = new AbortController();
const result = await engine.run('Logons | where Logons > 5 | extend At = now()', { signal });
const failure = await engine.run('Logons | explode', { signal }).catch((/** @type {unknown} */ thrown) => thrown);

const yaml = `
id: many-logons
name: Many logons
severity: low
query: DeviceLogonEvents | where ActionType == "LogonFailed" | summarize Failed = count() by DeviceId, DeviceName | where Failed > 1
schedule: {every: 10m, lookback: 30m}
tests:
  - name: two are many
    tables: {DeviceLogonEvents: [{ActionType: LogonFailed, DeviceName: pc1}, {ActionType: LogonFailed, DeviceName: pc1}]}
    alerts: [{rowCount: 1}]
`;
const analyst = createAnalyst({ form: 'in-process', cache: createMemoryCache() });
const prepared = await prepareRules(parseRules('rule.yaml', yaml).rules, analyst, () => undefined);
await analyst.close();
refuseProblems(prepared.problems);
const findings = lintRules(prepared.subjects, { now: systemClock.now(), retentionMs: 30 * 86_400_000 });
const [rule] = prepared.rules;
const [test] = rule?.tests ?? [];
if (!rule || !test) throw new Error('The rule or its test is missing.');
const tested = await testRule(rule, test, { openStore: (clock) => openMemoryStore({ clock }) });

process.stdout.write(
  JSON.stringify({
    rows: [...result.rows()],
    failure: failure instanceof HuntwireError ? failure.code : String(failure),
    known: failure instanceof HuntwireError && ERROR_CODES.includes(failure.code),
    shape: rule.prepared.shape,
    findings: findings.map((finding) => finding.check),
    tested,
    formats: [...FORMATS.keys()],
    schema: import.meta.resolve('huntwire/schemas/alert.schema.json').endsWith('/schemas/alert.schema.json'),
  }),
);
