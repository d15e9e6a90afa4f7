import { version } from '../version.ts';
import { FIRST_FILES, type FirstFile } from './first-files.ts';
import { WORKFLOW } from './workflow.ts';

const PACKAGE = `${JSON.stringify(
  {
    name: 'detection-rules',
    private: true,
    scripts: { lint: 'huntwire lint', test: 'huntwire test', plan: 'huntwire plan' },
    devDependencies: { huntwire: `^${version}` },
  },
  null,
  2,
)}\n`;

const SECOND_RULE = `id: failed-logons-from-one-address
name: Many accounts fail to log on from one address
description: One address fails to log on with many accounts within an hour, as somebody does who tries passwords.
severity: medium
version: 1.0.0
status: testing               # runs and records, delivers nothing: look at what it finds before you say "enabled"
attack: [T1110.003]
tags: [identity]
falsePositives:
  - An office that many people share behind one address, on the morning after passwords expired.
params: {leastAccounts: 3}
query: |
  IdentityLogonEvents
  | where ActionType == "LogonFailed" and isnotempty(IPAddress)
  | summarize Accounts = dcount(AccountUpn), Timestamp = max(Timestamp) by IPAddress
  | where Accounts >= leastAccounts
schedule: {every: 15m, lookback: 1h}
alert:
  title: "{{Accounts}} accounts failed to log on from {{IPAddress}}"
  entities:
    - {type: ip, name: IPAddress}
  suppress: 4h
tests:
  - name: three accounts from one address are told
    tables:
      IdentityLogonEvents:
        - {ActionType: LogonFailed, IPAddress: 203.0.113.7, AccountUpn: kim@contoso.example}
        - {ActionType: LogonFailed, IPAddress: 203.0.113.7, AccountUpn: sam@contoso.example}
        - {ActionType: LogonFailed, IPAddress: 203.0.113.7, AccountUpn: alex@contoso.example}
        - {ActionType: LogonSuccess, IPAddress: 203.0.113.7, AccountUpn: robin@contoso.example}
    alerts:
      - {title: 3 accounts failed to log on from 203.0.113.7, severity: medium}
  - name: one account that fails often is left alone
    tables:
      IdentityLogonEvents:
        - {ActionType: LogonFailed, IPAddress: 203.0.113.7, AccountUpn: kim@contoso.example}
        - {ActionType: LogonFailed, IPAddress: 203.0.113.7, AccountUpn: kim@contoso.example}
        - {ActionType: LogonFailed, IPAddress: 203.0.113.7, AccountUpn: kim@contoso.example}
    alerts: []
`;

/** All files below rules/ but tests, defaults, and those of other products, which lie in rules/vendor/. */
const OWN_RULES = 'rules/!(*.test|defaults|**/defaults|vendor/**).yaml';

const EDITOR_SETTINGS = `${JSON.stringify(
  {
    'yaml.schemas': {
      './node_modules/huntwire/schemas/config.schema.json': ['huntwire.yaml'],
      './node_modules/huntwire/schemas/overlay.schema.json': ['overlays/**/*.yaml'],
      './node_modules/huntwire/schemas/defaults.schema.json': ['rules/**/defaults.yaml'],
      './node_modules/huntwire/schemas/test.schema.json': ['rules/**/*.test.yaml'],
      './node_modules/huntwire/schemas/rule.schema.json': [OWN_RULES],
    },
    'files.eol': '\n',
  },
  null,
  2,
)}\n`;

const EDITOR_EXTENSIONS = `${JSON.stringify({ recommendations: ['redhat.vscode-yaml'] }, null, 2)}\n`;

const HOOK = `#!/bin/sh
# Runs before each commit, once "git config core.hooksPath .githooks" was said.
set -e
npx --no-install huntwire lint
npx --no-install huntwire test
`;

const README = `# Detection rules

Rules for [Huntwire](https://www.npmjs.com/package/huntwire): \`rules/\` holds one YAML file each, with its tests.

    npm install                              # once
    git config core.hooksPath .githooks      # once: lint and test before each commit
    npx huntwire lint
    npx huntwire test
    npx huntwire plan                        # what the schedules ask of the quota
    npx huntwire explain encoded-powershell  # what the next run of a rule will do

\`.github/workflows/rules.yml\` lints, tests and plans every pull request.
`;

/** What `init --repository` writes: a repository of rules in which everything passes as it is. */
export const REPOSITORY_FILES: readonly FirstFile[] = [
  ...FIRST_FILES,
  { name: 'rules/failed-logons-from-one-address.yaml', text: SECOND_RULE },
  { name: 'package.json', text: PACKAGE },
  { name: 'README.md', text: README },
  { name: '.github/workflows/rules.yml', text: WORKFLOW },
  { name: '.vscode/settings.json', text: EDITOR_SETTINGS },
  { name: '.vscode/extensions.json', text: EDITOR_EXTENSIONS },
  { name: '.githooks/pre-commit', text: HOOK, executable: true },
];

/** Beside what is no part of any repository, what npm and the workflow write. */
export const REPOSITORY_IGNORED: readonly string[] = ['node_modules/', 'huntwire.sarif', 'plan.txt', 'comment.md'];
