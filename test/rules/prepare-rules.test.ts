import { describe, expect, it } from '@jest/globals';
import { createAnalyst } from '../../src/kql/analyst.ts';
import { lintRules } from '../../src/rules/lint/lint-rules.ts';
import { parseRules } from '../../src/rules/load-rules.ts';
import { prepareRules } from '../../src/rules/prepare-rules.ts';
import { ruleText } from './rule-text.ts';

const SETTINGS = { now: 0, retentionMs: 30 * 86_400_000 };
const TESTED = {
  attack: '[TA0002]',
  tests: '[{name: a, rows: [{A: 0}], alerts: []}, {name: b, rows: [{A: 1}], alerts: [{}]}]',
};

async function prepare(more: Readonly<Record<string, string>>) {
  const { rules, problems } = parseRules('some.yaml', ruleText({ ...TESTED, ...more }));
  expect(problems).toEqual([]);
  return prepareRules(rules, createAnalyst({ form: 'in-process' }));
}

async function findings(more: Readonly<Record<string, string>>): Promise<string[]> {
  const { subjects } = await prepare(more);
  return lintRules(subjects, SETTINGS).map(
    ({ check, severity, line, column }) => `${check} ${severity} ${line}:${column}`,
  );
}

const FIRST_SEEN = `|
  let baseline = DeviceProcessEvents | where Timestamp between (ago(14d) .. ago(1h)) | distinct SHA1;
  DeviceProcessEvents
  | where SHA1 !in (baseline)
  | summarize Devices = dcount(DeviceId) by SHA1
`;

describe('rules and their real analysis', () => {
  it('tell a syntax error at its place in the file, in a folded scalar too', async () => {
    const { rules, problems } = await prepare({ query: '>-\n  DeviceEvents\n  | where ActionType ==\n  | take 1' });
    expect(rules).toEqual([]);
    expect(problems.map((one) => [one.code, one.line])).toContainEqual(['KQL_SYNTAX', expect.any(Number)]);
    expect(problems.every((one) => (one.line ?? 0) >= 5 && (one.line ?? 0) <= 7)).toBe(true);
  });

  it('tell what cannot be searched window by window', async () => {
    const { problems } = await prepare({ query: 'search "mimikatz"' });
    expect(problems).toEqual([expect.objectContaining({ code: 'KQL_WINDOW_REFUSED', line: 4, column: 8 })]);
  });

  it('say nothing of shape and lookback where the query was refused', async () => {
    expect(await findings({ query: 'search "mimikatz"' })).toEqual(['query-finding error 4:8']);
  });

  it('refuse a first-seen rule whose baseline would be empty', async () => {
    const schedule = '{every: 1h, lookback: 2h}';
    const { rules, problems } = await prepare({ query: FIRST_SEEN, schedule });
    expect([rules.length, problems.map((one) => one.message)]).toEqual([
      0,
      [expect.stringContaining('reaches back 14d, the lookback is 2h')],
    ]);
    expect((await prepare({ query: FIRST_SEEN, schedule: '{every: 1h, lookback: 14d}' })).problems).toEqual([]);
  });

  it('take the word of a rule about its shape, and warn', async () => {
    const query = 'DeviceEvents | where FileName has "x" | summarize count() by DeviceId';
    expect(await findings({ query, shape: 'stream' })).toEqual(['shape-contradicted warning 8:1']);
    expect(await findings({ query: 'DeviceEvents', shape: 'set', schedule: '{every: 1h, lookback: 2h}' })).toContain(
      'shape-contradicted warning 8:1',
    );
    expect(await findings({ query, shape: 'set', schedule: '{every: 1h, lookback: 2h}' })).toEqual([
      'result-time-missing info 4:1',
    ]);
  });

  it('warn of names that the schema does not know and of wildcards', async () => {
    expect(await findings({ query: 'DeviceEvents | where Nope == 1' })).toEqual(['column-unknown warning 4:29']);
    expect(await findings({ query: 'union Device*' })).toContain('query-finding warning 4:14');
  });
});
