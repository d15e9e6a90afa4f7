import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const SCRIPT = resolve(import.meta.dirname, '../../scripts/corpus.mjs');

const MARKDOWN = `# Two queries
\`\`\`kql
// an encoded command, then a connection
let Tools = dynamic(['powershell.exe', "pwsh.exe"]);
DeviceProcessEvents
| where Timestamp > ago(1d)
| where FileName in~ (Tools) and ProcessCommandLine matches regex @"(?i)-enc\\s+[a-z]{4,}"
| extend Parent = tostring(split(InitiatingProcessFolderPath, @"\\")[-1])
| where Parent =~ "winword.exe"
| join kind=inner (DeviceNetworkEvents | where RemotePort in (443, 8443)) on DeviceId
| summarize Connections = count(), Targets = dcount(RemoteIP) by DeviceName
| where Connections > 5 and Targets >= 3
\`\`\`

\`\`\`kql
DeviceEvents
| where parse_json(AdditionalFields).Target.Name startswith "lsass"
| invoke FileProfile("SHA1")
| where GlobalPrevalence <= 10 and IsCertificateValid == false
\`\`\`

Not a query:

\`\`\`powershell
Get-Process | Where-Object Name -eq lsass
\`\`\`
`;

const YAML = `name: the first one again, in other clothes
query: |
  DeviceEvents | where parse_json(AdditionalFields).Target.Name startswith "lsass" | invoke FileProfile("SHA1")
    | where GlobalPrevalence <= 10 and IsCertificateValid == false // the same tokens
`;

const SEVERAL = `DeviceInfo | where OSPlatform == "a" and OSPlatform == "b"

DeviceFileEvents
| assert-schema (FileName: string)

print "no table"
`;

const scratch = { folder: '', table: '', result: { counts: {}, results: [] as { set: string; outcome: string }[] } };

beforeAll(async () => {
  scratch.folder = mkdtempSync(join(tmpdir(), 'huntwire-corpus-'));
  const sets = join(scratch.folder, 'sets');
  for (const set of ['first', 'second']) mkdirSync(join(sets, set), { recursive: true });
  writeFileSync(join(sets, 'first', 'two.md'), MARKDOWN);
  writeFileSync(join(sets, 'second', 'again.yaml'), YAML);
  writeFileSync(join(sets, 'second', 'several.kql'), SEVERAL);
  const json = join(scratch.folder, 'result.json');
  const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, sets, '--json', json]);
  scratch.table = stdout;
  scratch.result = JSON.parse(readFileSync(json, 'utf8'));
});

afterAll(() => rmSync(scratch.folder, { recursive: true, force: true }));

describe('the corpus check', () => {
  it('tells what became of every text', () => {
    expect(scratch.result.counts).toEqual({ texts: 5, bound: 4, repeated: 1, refused: 1, foreign: 1 });
  });

  it('makes rows that queries answer, and names what the engine refuses', () => {
    expect(scratch.result.results.map(({ set, outcome }) => [set, outcome])).toEqual([
      ['first', 'rows'],
      ['first', 'rows'],
      ['second', 'empty'],
      ['second', 'unsupported'],
    ]);
    expect(scratch.table).toContain('1  unsupported: The local engine does not support the operator assert-schema.');
  });
});
