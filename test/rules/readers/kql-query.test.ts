import { describe, expect, it } from '@jest/globals';
import { createAnalyst } from '../../../src/kql/analyst.ts';
import { parseRules } from '../../../src/rules/load-rules.ts';
import { prepareRules } from '../../../src/rules/prepare-rules.ts';
import { readKqlQueries } from '../../../src/rules/readers/kql-query.ts';
import { writeRule } from '../../../src/rules/write/write-rule.ts';

/** As pySigma's Kusto backend writes rules for Defender's tables: a table, a pipe, one condition. */
const SIGMA = {
  process:
    'DeviceProcessEvents\n| where ((FolderPath endswith "\\\\powershell.exe" or FolderPath endswith "\\\\pwsh.exe") and ProcessCommandLine contains " -enc ") and (not(InitiatingProcessFolderPath startswith "C:\\\\Program Files\\\\"))',
  network: 'DeviceNetworkEvents\n| where ipv4_is_in_range(RemoteIP, "203.0.113.0/24") and RemotePort == 4444',
  registry:
    'DeviceRegistryEvents\n| where RegistryKey in~ ("HKEY_LOCAL_MACHINE\\\\A", "HKEY_LOCAL_MACHINE\\\\B") or RegistryValueName matches regex "run.*once"',
  image: 'DeviceImageLoadEvents\n| where FolderPath has_all ("a", "b") and isnotempty(SHA1)',
};

const HEAD = `// title: Encoded command
// id: 7a1b2c3d-0000-4000-8000-000000000001
// level: SigmaLevel.HIGH
// author: Blue team
// tags: [SigmaRuleTag(namespace='attack', name='t1059.001', source=None), SigmaRuleTag(namespace='attack', name='defense-evasion', source=None)]
`;

describe('a file of pySigma', () => {
  it('is a rule with the query as it stands, on probation', () => {
    const [read] = readKqlQueries('/queries/proc_creation_win_enc.kql', `${SIGMA.process}\n`);
    expect(read?.problems).toEqual([]);
    expect(read?.rule).toMatchObject({
      id: 'proc-creation-win-enc',
      name: 'proc_creation_win_enc',
      severity: 'medium',
      status: 'testing',
      attack: [],
      query: `${SIGMA.process}\n`,
      schedule: { kind: 'every', everyMs: 3_600_000, lookbackMs: null },
    });
    expect(read?.verdict).toMatchObject({
      verdict: 'warnings',
      honoured: ['query'],
      warnings: [{ line: 1, column: 1 }],
    });
  });

  it('says more in comments at its head, which are no part of the query', () => {
    const [read] = readKqlQueries('/queries/a.kql', `${HEAD}${SIGMA.process}`);
    expect(read?.rule).toMatchObject({
      id: '7a1b2c3d-0000-4000-8000-000000000001',
      name: 'Encoded command',
      severity: 'high',
      author: 'Blue team',
      attack: ['T1059.001', 'TA0005'],
      query: `${SIGMA.process}\n`,
    });
  });

  it('holds several queries with empty lines between: a rule each', () => {
    const text = `${HEAD}${SIGMA.process}\r\n\r\n${SIGMA.network}\n\n\n${SIGMA.registry}\n`;
    const read = readKqlQueries('/queries/all.kql', text);
    expect(read.map(({ rule }) => rule?.id)).toEqual(['7a1b2c3d-0000-4000-8000-000000000001', 'all-2', 'all-3']);
    expect(read[1]?.rule?.query).toBe(`${SIGMA.network}\n`);
    expect(read[1]?.rule?.map.place(SIGMA.network.indexOf('RemotePort'))).toEqual({ line: 10, column: 58 });
  });

  it('reads back from our format as the same rule, and its query is analyzed without a complaint', async () => {
    const read = Object.entries(SIGMA).flatMap(([name, query]) => readKqlQueries(`/queries/${name}.kql`, query));
    const rules = read.flatMap(({ rule }) => rule ?? []);
    expect(rules.length).toBe(4);
    for (const rule of rules)
      expect(parseRules('a.yaml', writeRule(rule)).rules).toMatchObject([{ hash: rule.hash, query: rule.query }]);
    const analyst = createAnalyst({ form: 'in-process' });
    const { problems, subjects } = await prepareRules(rules, analyst);
    await analyst.close();
    expect(problems).toEqual([]);
    expect(subjects.map(({ prepared }) => [prepared.shape, prepared.findings])).toEqual(
      rules.map(() => ['stream', []]),
    );
  });
});

describe('any other file of KQL', () => {
  it.each([
    ['lets and empty lines', 'let a = 1;\n\nDeviceEvents\n| where x == a\n'],
    ['an empty line in a pipe', 'DeviceEvents\n\n| take 1\n'],
    ['a query and what is none', 'DeviceEvents\n| take 1\n\nsome words\n'],
    ['comments of its own', '// what it is for\nDeviceEvents\n'],
  ])('is one query: %s', (_, text) => {
    expect(readKqlQueries('/a.kql', text).map(({ rule }) => rule?.query)).toEqual([text]);
  });

  it('without a query is refused', () => {
    const [read] = readKqlQueries('/a.kql', '\n\n');
    expect(read).toMatchObject({ rule: null, verdict: { verdict: 'refused' } });
    expect(read?.problems.length).toBeGreaterThan(0);
  });

  it('that is large is read in time that grows with it', () => {
    const text = `${SIGMA.network}\n\n`.repeat(3000);
    expect(readKqlQueries('/a.kql', text).length).toBe(3000);
  });
});
