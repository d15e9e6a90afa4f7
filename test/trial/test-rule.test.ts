import { describe, expect, it } from '@jest/globals';
import { createAnalyst } from '../../src/kql/analyst.ts';
import { parseRules } from '../../src/rules/load-rules.ts';
import { prepareRules } from '../../src/rules/prepare-rules.ts';
import { openMemoryStore } from '../../src/state/sqlite-store.ts';
import { type RuleTestResult, testRule } from '../../src/trial/test-rule.ts';

const RULE = (tests: string, over = '') => `
id: office-powershell
name: PowerShell from Office
description: An Office program starts PowerShell.
severity: high
version: 1.0.0
status: enabled
attack: [T1059.001]
query: |
  DeviceProcessEvents
  | where InitiatingProcessFileName in~ ("winword.exe", "excel.exe")
  | where FileName =~ "powershell.exe"
  | project Timestamp, DeviceId, DeviceName, ReportId, FileName, ProcessCommandLine
schedule: {every: 15m}
alert: {title: "{{FileName}} on {{DeviceName}}"}
${over}
tests:
${tests}
`;

async function run(text: string): Promise<readonly RuleTestResult[]> {
  const { rules, problems } = parseRules('rule.yaml', text);
  expect(problems).toEqual([]);
  const prepared = await prepareRules(rules, createAnalyst({ form: 'in-process' }));
  expect(prepared.problems).toEqual([]);
  const results = [];
  for (const rule of prepared.rules) {
    for (const test of rule.tests)
      results.push(await testRule(rule, test, { openStore: (clock) => openMemoryStore({ clock }) }));
  }
  return results;
}

describe('testRule with tables', () => {
  it('runs the query over the events and fills in what a test leaves out', async () => {
    const [result] = await run(
      RULE(`
  - name: told
    tables:
      DeviceProcessEvents:
        - {FileName: powershell.exe, InitiatingProcessFileName: WINWORD.EXE, DeviceName: pc1}
        - {FileName: cmd.exe, InitiatingProcessFileName: WINWORD.EXE, DeviceName: pc2}
    alerts:
      - {title: powershell.exe on pc1, severity: high, firstSeen: "2026-01-01T11:59:00Z", entities: [{type: host, name: pc1}]}
`),
    );
    expect(result?.differences).toEqual([]);
  });

  it('shows which line dropped the expected event', async () => {
    const [result] = await run(
      RULE(`
  - name: told
    tables:
      DeviceProcessEvents:
        - {FileName: powershell.exe, InitiatingProcessFileName: outlook.exe, DeviceName: pc1}
    alerts: [{severity: high}]
`),
    );
    expect(result?.ok).toBe(false);
    expect(result?.differences[0]).toEqual({ path: 'alerts.length', expected: 1, actual: 0 });
    const dropping = result?.trace?.steps.find((step) => step.rowsIn > 0 && step.rowsOut === 0);
    expect(result?.trace?.query.slice(dropping?.start, dropping?.end)).toContain('InitiatingProcessFileName in~');
  });

  it('fails a test whose event lies outside the window, and says by how much', async () => {
    const [result] = await run(
      RULE(`
  - name: too old
    tables:
      DeviceProcessEvents:
        - {FileName: powershell.exe, InitiatingProcessFileName: winword.exe, DeviceName: pc1, Timestamp: "2026-01-01T10:00:00Z"}
    alerts: []
`),
    );
    expect(result?.differences).toMatchObject([
      { path: 'tables.DeviceProcessEvents[0]', actual: expect.stringContaining('1h35m before the window') },
    ]);
  });

  it('names an unknown column and the nearest one', async () => {
    const [result] = await run(
      RULE(`
  - name: typo
    tables: {DeviceProcessEvents: [{FileNam: powershell.exe}]}
    alerts: []
`),
    );
    expect(result?.ok).toBe(false);
    expect(String(result?.differences[0]?.actual)).toMatch(/no column "FileNam".*FileName/);
  });

  it('answers FileProfile from a fixture and holds now() still', async () => {
    const text = RULE(`
  - name: unsigned
    now: 2026-03-01T00:00:00Z
    tables:
      DeviceProcessEvents:
        - {FileName: powershell.exe, InitiatingProcessFileName: winword.exe, DeviceName: pc1, SHA1: aa}
    functions: {FileProfile: [{SHA1: aa, GlobalPrevalence: 3, Signer: Nobody}]}
    alerts: [{title: powershell.exe on pc1}]
`).replace(
      '| project Timestamp, DeviceId',
      '| invoke FileProfile(SHA1)\n  | where GlobalPrevalence < 10 and now() < datetime(2026-03-02)\n  | project Timestamp, DeviceId',
    );
    const [result] = await run(text);
    expect(result?.differences).toEqual([]);
  });
});

describe('testRule with rows', () => {
  it('maps result rows as they are', async () => {
    const [told, quiet] = await run(
      RULE(`
  - name: told
    rows: [{FileName: powershell.exe, DeviceName: pc1}, {FileName: pwsh.exe, DeviceName: pc2}]
    alerts: [{title: pwsh.exe on pc2}, {title: powershell.exe on pc1}]
  - name: quiet
    rows: []
    alerts: []
`),
    );
    expect([told?.differences, quiet?.differences]).toEqual([[], []]);
  });
});
