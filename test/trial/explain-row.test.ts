import { describe, expect, it } from '@jest/globals';
import { parseMatcher } from '../../src/alerts/matchers.ts';
import type { Silence } from '../../src/alerts/silences.ts';
import { createAnalyst } from '../../src/kql/analyst.ts';
import { createManualClock } from '../../src/lib/clock.ts';
import { MINUTE_MS } from '../../src/lib/duration.ts';
import { parseRules } from '../../src/rules/load-rules.ts';
import { prepareRules } from '../../src/rules/prepare-rules.ts';
import type { RunnableRule } from '../../src/rules/rule.ts';
import { openMemoryStore } from '../../src/state/sqlite-store.ts';
import type { Store } from '../../src/state/store.ts';
import { explainRow, type RowQuestion } from '../../src/trial/explain/row/explain-row.ts';
import { type GivenRow, LONGEST_ROW, parseGivenRow } from '../../src/trial/explain/row/given-row.ts';
import { fixtureSource } from '../../src/trial/fixture-source.ts';
import { rehearse } from '../../src/trial/test-stage.ts';

const AT = Date.parse('2026-01-01T12:00:00Z');
const ROW = { Timestamp: '2026-01-01T12:00:00Z', FileName: 'powershell.exe', DeviceName: 'web1', AccountName: 'bob' };

const RULE = (over = '') => `
id: shells
name: Shells
severity: high
query: |
  DeviceProcessEvents
  | where FileName =~ "powershell.exe"
  | project Timestamp, ReportId, DeviceId, DeviceName, AccountName
schedule: {every: 15m, lookback: 1h}
exceptions:
  - {where: {DeviceName: [ci-*]}, reason: CI, owner: build, expires: 2027-01-01}
${over}
`;

const analyst = createAnalyst({ form: 'in-process' });

async function ruleOf(text: string): Promise<RunnableRule> {
  const { rules } = parseRules('rule.yaml', text);
  const { rules: prepared, problems } = await prepareRules(rules, analyst);
  expect(problems).toEqual([]);
  return prepared[0] as RunnableRule;
}

const openStore: RowQuestion['openStore'] = (clock) => openMemoryStore({ clock });

async function told(text: string, row: GivenRow, more: Partial<RowQuestion> = {}) {
  const asked = { tenant: 'contoso', row, table: null, now: AT, memory: null, silences: [], openStore };
  return explainRow(await ruleOf(text), { ...asked, ...more });
}

/** A store of a tenant whose run has told this row. */
async function afterTold(text: string, row: GivenRow): Promise<Store> {
  const clock = createManualClock(AT + MINUTE_MS);
  const store = openMemoryStore({ clock });
  const rule = await ruleOf(text);
  const tables = { DeviceProcessEvents: [row] };
  const test = { name: 't', line: 1, column: 1, now: AT + MINUTE_MS, rows: null, tables };
  const source = fixtureSource(rule, { ...test, functions: {}, externaldata: {}, alerts: [] }, clock);
  const report = await rehearse(rule, { source, clock, store, tenant: 'contoso' });
  if (report) await store.commit(report.commit);
  return store;
}

describe('what becomes of a row', () => {
  it('is told from the query to its alert', async () => {
    const { says, steps, alert, table, logicalTime } = await told(RULE(), { ...ROW, Foo: 1 });
    expect([table, logicalTime]).toEqual(['DeviceProcessEvents', '2026-01-01T12:01:00.000Z']);
    expect(says).toEqual([
      'It is taken for an event of DeviceProcessEvents.',
      'No column there: Foo.',
      'The query keeps it: 1 row of the result.',
      'It passes the threshold, rows > 0.',
      'Nothing like it was told before: it is told.',
      expect.stringMatching(/^Its alert: high, “.+”, dedup key /),
      expect.stringContaining('web1'),
    ]);
    expect(steps.map(({ line, rowsOut }) => [line, rowsOut])).toEqual([
      [null, 1],
      [7, 1],
      [8, 1],
    ]);
    expect(alert).toMatchObject({ severity: 'high', isTold: false });
  });

  it.each<[string, string, GivenRow, string]>([
    [
      'the operator that drops it',
      RULE(),
      { ...ROW, FileName: 'cmd.exe' },
      'The query drops it, on line 7 of the file: where FileName =~ "powershell.exe"',
    ],
    [
      'the exception that takes it out',
      RULE(),
      { ...ROW, DeviceName: 'ci-7' },
      'An exception of build (CI) takes 1 row out until 2027-01-01T00:00:00.000Z.',
    ],
    [
      'the threshold that it does not pass alone',
      RULE('threshold: {measure: rows, operator: ">=", value: 5}'),
      ROW,
      'Alone it does not pass the threshold, rows >= 5: with others of its run it may.',
    ],
    [
      'that the rule is in testing',
      RULE('status: testing'),
      ROW,
      'The rule is in testing: what it finds is counted and told to nobody.',
    ],
    [
      'a cell that nobody can read',
      RULE(),
      { ...ROW, ProcessId: 'many' },
      'tables.DeviceProcessEvents[0].ProcessId is not a value of type long: "many" cannot be read. Nothing was run.',
    ],
  ])('names %s', async (_, text, row, sentence) => {
    expect((await told(text, row)).says).toContain(sentence);
  });

  it('names the silence that hides it, and what its alert would be', async () => {
    const found = parseMatcher('entity.host="web1"');
    const match = found.kind === 'matcher' ? [found.matcher] : [];
    const silence: Silence = {
      ...{ counts: 'silenced', id: 's1', match, owner: 'o', reason: 'r' },
      spanAt: () => ({ since: AT, until: AT + MINUTE_MS }),
    };
    const { says } = await told(RULE(), ROW, { silences: [silence] });
    expect(says).toContain('The silence s1 hides it until 2026-01-01T12:01:00.000Z.');
    expect(says).toContainEqual(expect.stringMatching(/^Its alert, were it told: high/));
  });

  it('knows by the state what was told before, and whom it is quiet about', async () => {
    const text = RULE('alert: {suppress: 4h, dedup: {columns: [DeviceName]}}');
    const memory = await afterTold(text, ROW);
    const again = await told(text, ROW, { memory });
    expect(again.says).toContainEqual(expect.stringMatching(/^It was told before/));
    expect(again.alert?.isTold).toBe(true);
    const other = await told(text, { ...ROW, AccountName: 'eve', ReportId: 9 }, { memory });
    expect(other.says).toContainEqual(expect.stringMatching(/the rule is quiet for the time of `suppress`/));
    expect((await told(text, ROW, { memory, tenant: 'fabrikam' })).says).toContainEqual(
      expect.stringMatching(/^Nothing like it/),
    );
    await memory.close();
  });

  it('takes columns of the result for a row of it, and refuses what the rule does not read', async () => {
    const text = RULE().replace('project Timestamp', 'project Shell = FileName, Timestamp');
    expect((await told(text, { Shell: 'x', AccountName: 'bob' })).table).toBeNull();
    await expect(told(text, ROW, { table: 'EmailEvents' })).rejects.toMatchObject({ code: 'USAGE' });
    await expect(told(text, { Foo: 1 })).rejects.toMatchObject({ code: 'USAGE' });
  });
});

describe('a row that is given', () => {
  it.each([
    ['JSON', ' {"A": 1, "B": {"c": [true]}} ', { A: 1, B: { c: [true] } }],
    ['a list with one object', '[{"A": "x"}]', { A: 'x' }],
    ['CSV', '\uFEFFA,B\r\n"x, ""y""",2\r\n', { A: 'x, "y"', B: '2' }],
    ['lines with tabs', 'A\tB\nx\ty', { A: 'x', B: 'y' }],
    ['JSON with a name of the language', '{"__proto__": 1}', JSON.parse('{"__proto__": 1}')],
  ])('may be %s', (_, text, row) => {
    expect(parseGivenRow(text)).toEqual(row);
  });

  it.each([
    ['nothing', ' ', 'it is empty'],
    ['two objects', '[{}, {}]', 'not one object of columns'],
    ['broken JSON', '{"A": ', 'it is no JSON'],
    ['a header alone', 'A,B', 'has no line below a header'],
    ['two lines', 'A\n1\n2', 'there are several rows'],
    ['a line that is too short', 'A,B\n1', 'its header has 2 columns, and its line 1'],
    ['an open quote', 'A,B\n"1,2', 'a quote is not closed'],
    ['JSON that is nested without end', `{"A":${'['.repeat(5000)}${']'.repeat(5000)}}`, 'nested more than 32 deep'],
    ['a text without end', `{"A":"${'x'.repeat(LONGEST_ROW)}"}`, 'more than 262144 characters'],
    [
      'columns without end',
      JSON.stringify(
        Object.fromEntries(
          Array(1001)
            .fill(0)
            .map((_, at) => [`c${at}`, at]),
        ),
      ),
      '1001 columns',
    ],
  ])('is refused where it is %s', (_, text, why) => {
    expect(() => parseGivenRow(text)).toThrow(why);
  });
});
