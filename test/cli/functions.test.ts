import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCli, type Verb } from '../../src/cli/cli.ts';
import { convert } from '../../src/cli/convert.ts';
import { explain } from '../../src/cli/explain.ts';
import { lint } from '../../src/cli/lint.ts';
import { query } from '../../src/cli/query.ts';
import { test } from '../../src/cli/test.ts';
import { loadRules, parseRules } from '../../src/rules/load-rules.ts';
import { createFakeWorld } from './fake-world.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'functions-'));
  for (const name of ['rules', 'functions', 'data']) mkdirSync(join(folder, name));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FILES = {
  'huntwire.yaml': `source: {api: local, path: data}
rules: [rules/]
functions: [functions/]
targets: {out: {type: stdout}}
defaultTargets: [out]
`,
  'functions/OfficeChildren.kql': `let OfficeChildren = (what: string) {
  DeviceProcessEvents
  | where InitiatingProcessFileName =~ "winword.exe" and FileName has what
};
`,
  'rules/a.yaml': `id: office
name: Office starts a shell
severity: high
attack: [T1059.001]
query: OfficeChildren("powershell") | where DeviceName != "lab"
schedule: {every: 1h}
tests:
  - name: told
    tables: {DeviceProcessEvents: [{InitiatingProcessFileName: WINWORD.EXE, FileName: powershell.exe, DeviceName: pc1}]}
    alerts: [{severity: high}]
`,
  'data/DeviceProcessEvents.jsonl': `${JSON.stringify({ InitiatingProcessFileName: 'winword.exe', FileName: 'powershell.exe', DeviceName: 'pc2', Timestamp: '2026-01-01T00:00:00Z' })}\n`,
};

async function run(verb: Verb, ...args: readonly string[]) {
  const world = createFakeWorld(folder);
  const exitCode = await runCli(args, world, [verb]);
  return { exitCode, out: world.out(), err: world.err() };
}

describe('saved functions of a configuration', () => {
  it('are seen by lint and by tests of rules', async () => {
    expect(await run(lint, 'lint')).toMatchObject({ exitCode: 0 });
    expect(JSON.parse((await run(test, 'test', '--format', 'json')).out)).toMatchObject({ passed: 1, failed: 0 });
  });

  it('are there for a query over local data, where the configuration is named', async () => {
    const asked = ['query', 'OfficeChildren("powershell")\n| project DeviceName', '--data', 'data'];
    const { out } = await run(query, ...asked, '--config', 'huntwire.yaml', '--format', 'json');
    expect(JSON.parse(out).rows).toEqual([{ DeviceName: 'pc2' }]);
    expect(await run(query, ...asked)).toMatchObject({
      exitCode: expect.any(Number),
      err: expect.stringContaining('OfficeChildren'),
    });
    const wrong = ['query', 'OfficeChildren("a")\n| where Nothing == 1', '--data', 'data', '--config', 'huntwire.yaml'];
    expect((await run(query, ...wrong)).err).toMatch(/line 2\b/i);
  });

  it('are shown by explain, in the query and by name', async () => {
    const { out } = await run(explain, 'explain', 'office', '--format', 'json');
    expect(JSON.parse(out)).toMatchObject({
      functions: [{ name: 'OfficeChildren', file: join(folder, 'functions/OfficeChildren.kql') }],
      tables: [{ name: 'DeviceProcessEvents', role: 'driving' }],
      query: expect.stringMatching(
        /let OfficeChildren = \(what: string\) \{[\s\S]*ingestion_time\(\)[\s\S]*\};\nOfficeChildren\("powershell"\)/,
      ),
    });
    expect((await run(explain, 'explain', 'office')).out).toMatch(/OfficeChildren +functions\/OfficeChildren\.kql/);
  });

  it('are written into what convert writes, which is the same rule', async () => {
    const { out } = await run(convert, 'convert', 'rules/a.yaml');
    const places = {
      paths: [join(folder, 'rules')],
      overlays: [],
      functions: [join(folder, 'functions')],
      roots: [],
      folder,
    };
    const { rules } = await loadRules(places);
    expect(parseRules('a.yaml', out).rules).toMatchObject([{ hash: rules[0]?.hash, query: rules[0]?.query }]);
  });

  it('are there for a query, whose lines stay its own', async () => {
    const { out } = await run(query, 'query', 'OfficeChildren("powershell") | project DeviceName', '--format', 'json');
    expect(JSON.parse(out)).toMatchObject({ rows: [{ DeviceName: 'pc2' }] });
    const { err } = await run(query, 'query', 'OfficeChildren("powershell")\n| where');
    expect(err).toContain('(line 2, column');
  });
});
