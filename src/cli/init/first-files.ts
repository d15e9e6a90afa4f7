/** A file to start from. */
export interface FirstFile {
  /** Path below the folder. */
  readonly name: string;
  readonly text: string;
  /** Whether it is a program. */
  readonly executable?: true;
}

const FIRST_CONFIG = `# Huntwire configuration; every key is in docs/configuration.md.
# What stands in "\${env:…}" is read from the environment: set one after the other, "huntwire doctor" names the next.
source:
  api: graph                  # graph | xdr | mde; the application needs ThreatHunting.Read.All for graph
  cloud: public
auth:
  tenantId: "\${env:HUNTWIRE_TENANT_ID}"           # Entra, "Overview": the tenant ID
  clientId: "\${env:HUNTWIRE_CLIENT_ID}"           # Entra, "App registrations": the application (client) ID
  clientSecret: "\${env:HUNTWIRE_CLIENT_SECRET}"   # there, "Certificates & secrets": the value, not the secret's ID
rules: [rules/]
targets:
  soar:
    type: webhook
    url: "\${env:HUNTWIRE_WEBHOOK_URL}"            # where alerts are posted
defaultTargets: [soar]
state: {path: data/huntwire.db}
`;

const FIRST_RULE = `id: encoded-powershell
name: PowerShell started with an encoded command
description: A process starts PowerShell with an encoded command line, which hides what it does.
severity: medium
version: 1.0.0
status: enabled
attack: [T1059.001, T1027]
tags: [powershell]
falsePositives:
  - Management tools that pass scripts in encoded form; add an exception for their devices.
query: |
  DeviceProcessEvents
  | where FileName in~ ("powershell.exe", "pwsh.exe")
  | where ProcessCommandLine has_any ("-enc", "-encodedcommand", "-ec")
  | project Timestamp, DeviceId, DeviceName, ReportId, AccountName, FileName, ProcessCommandLine, InitiatingProcessFileName
schedule: {every: 15m}
threshold: "> 0"
alert:
  title: "Encoded PowerShell on {{DeviceName}}"
  description: "{{ProcessCommandLine}}"
  dedup: {columns: [DeviceId, ProcessCommandLine]}
  suppress: 4h
tests:
  - name: an encoded command is told
    rows:
      - {DeviceName: pc1, DeviceId: d1, ReportId: 1, AccountName: kim, FileName: powershell.exe, ProcessCommandLine: "powershell.exe -enc SQBFAFgA", InitiatingProcessFileName: winword.exe}
    alerts:
      - {title: Encoded PowerShell on pc1, severity: medium}
  - name: a script by its name is left alone
    tables:
      DeviceProcessEvents:
        - {DeviceName: pc1, FileName: powershell.exe, ProcessCommandLine: "powershell.exe -File inventory.ps1"}
    alerts: []
`;

/** What `init` writes: a configuration that says what to fill in, and a rule that passes lint and its own tests. */
export const FIRST_FILES: readonly FirstFile[] = [
  { name: 'huntwire.yaml', text: FIRST_CONFIG },
  { name: 'rules/encoded-powershell.yaml', text: FIRST_RULE },
];

/** What does not belong into a repository: the state, and keys. */
export const IGNORED: readonly string[] = ['data/', '*.pem', '*.key'];
