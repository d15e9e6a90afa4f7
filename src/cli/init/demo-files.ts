import { EMULATED_APPLICATION, RECEIVER_PATH } from '../../emulator/application.ts';
import type { FirstFile } from './first-files.ts';

/** Where the stand-in of `init --demo` listens. */
export const DEMO_PORT = 8480;

/** What `init --demo` writes: it works as it is, against a stand-in on this machine. */
export function demoFiles(port: number): readonly FirstFile[] {
  return [
    { name: 'huntwire.yaml', text: demoText(`http://127.0.0.1:${port}`) },
    { name: 'rules/powershell-argument.yaml', text: DEMO_RULE },
  ];
}

function demoText(baseUrl: string): string {
  const { tenantId, clientId, clientSecret } = EMULATED_APPLICATION;
  return `# For a stand-in on this machine: huntwire emulate --port ${new URL(baseUrl).port}
# For a tenant, take "baseUrl" and "authority" out and fill in "auth" (docs/configuration.md).
source:
  api: graph
  baseUrl: ${baseUrl}
auth:
  tenantId: ${tenantId}
  clientId: ${clientId}
  clientSecret: ${clientSecret}     # opens nothing but the stand-in
  authority: ${baseUrl}/${tenantId}
rules: [rules/]
targets:
  receiver:
    type: webhook
    url: ${baseUrl}${RECEIVER_PATH}     # the stand-in takes alerts, too, and says so
defaultTargets: [receiver]
state: {path: data/huntwire.db}
`;
}

const DEMO_RULE = `id: powershell-argument
name: PowerShell with an argument that tells something
description: PowerShell is started with an argument that we want to know about.
severity: medium
version: 1.0.0
status: enabled
attack: [T1059.001]
query: |
  DeviceProcessEvents
  | where FileName =~ "powershell.exe"
  | where ProcessCommandLine has "-enc"
  | project Timestamp, DeviceId, DeviceName, ReportId, AccountName, FileName, ProcessCommandLine, InitiatingProcessFileName
schedule: {every: 15m, lookback: 6h}
alert:
  title: "PowerShell on {{DeviceName}}"
  description: "{{ProcessCommandLine}}"
  dedup: {columns: [DeviceName]}
  suppress: 1d
tests:
  - name: a script with an encoded command before it is told
    tables:
      DeviceProcessEvents:
        - {DeviceName: srv1, AccountName: system, FileName: powershell.exe, ProcessCommandLine: "powershell.exe -enc SQBFAFgA -File check-disk-space.ps1", InitiatingProcessFileName: svchost.exe}
    alerts:
      - {title: PowerShell on srv1, severity: medium}
  - name: another program is left alone
    tables:
      DeviceProcessEvents:
        - {DeviceName: srv1, AccountName: system, FileName: cmd.exe, ProcessCommandLine: "cmd.exe -enc -File check-disk-space.ps1", InitiatingProcessFileName: svchost.exe}
    alerts: []
`;
