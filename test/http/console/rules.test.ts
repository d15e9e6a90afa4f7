import { describe, expect, it } from '@jest/globals';
import type { FindingsSeen } from '../../../src/actions/pages/findings.ts';
import { templateOf } from '../../../src/kql/query-template.ts';
import { HOUR_MS } from '../../../src/lib/duration.ts';
import { HuntwireError } from '../../../src/lib/errors.ts';
import { makeRule } from '../../run/make-rule.ts';
import { SAMPLE_STATE, START, sampleAlert, sampleCommit, sampleMessage, sampleRun } from '../../state/samples.ts';
import { openBusyConsole } from './busy-console.ts';
import { NO_TRIES, openConsole, READER } from './open-console.ts';
import { words } from './words.ts';

const RULES = [
  makeRule({ id: 'rule-a', name: 'Office & shells', severity: 'high', tags: ['office'], attack: ['T1059.001'] }),
  makeRule({ id: 'rule-b', severity: 'low', tags: ['cloud'], attack: ['TA0008'] }),
  makeRule({ id: 'rule-c', status: 'disabled' }),
];

function listed(html: string): readonly string[] {
  return [...html.matchAll(/<th scope="row"><a href="\/console\/rules\/contoso\/([^"]+)"/g)].map(([, id = '']) => id);
}

describe('the rules', () => {
  it.each([
    ['', ['rule-b', 'rule-a', 'rule-c']],
    ['?state=failing', ['rule-b']],
    ['?severity=high', ['rule-a']],
    ['?tag=office', ['rule-a']],
    ['?tactic=execution', ['rule-a']],
    ['?tactic=lateral-movement', ['rule-b']],
    ['?technique=T1059.001', ['rule-a']],
    ['?tenant=fabrikam', []],
    ['?text=SHELLS', ['rule-a']],
    ['?first=2', ['rule-c']],
    ['?first=-7&state=', ['rule-b', 'rule-a', 'rule-c']],
  ])('stand worst first, and are filtered by %s of the address', async (query, ids) => {
    const { page, store } = openConsole({ rules: RULES });
    await store.commit(sampleCommit(store));
    const failing = { ...SAMPLE_STATE, standing: 'failing', failingSince: START } as const;
    await store.commit(
      sampleCommit(store, {
        ruleId: 'rule-b',
        rule: failing,
        run: sampleRun('r2', { ruleId: 'rule-b', outcome: 'failed' }),
      }),
    );
    expect(listed((await page(`/rules${query}`)).text)).toEqual(ids);
  });

  it('show what each found in seven days, what was held back, and what of the last day was searched', async () => {
    const { page, store, clock } = openConsole({ rules: RULES });
    await store.commit(sampleCommit(store));
    expect((await page('/rules')).text).toContain('still being counted');
    // What runs found is counted in the background.
    for (let turn = 0; turn < 5; turn += 1) await clock.advance(5000);
    const { text } = await page('/rules');
    expect(text).toContain('aria-label="1 alerts in seven days: 0, 0, 0, 0, 0, 0, 1"');
    expect(words(text)).toContain('1 held, 1 told');
    expect(text).not.toContain('still being counted');
    // The window of the run, which ended later than that, is what was searched; 15 of 1440 minutes.
    expect(text).toContain('aria-label="searched 1 %"');
    expect(words(text)).toContain('1 to 3 of 3 rules.');
  });

  it('are shown by what of ATT&CK they name', async () => {
    const { text } = await openConsole({ rules: RULES }).page('/attack');
    expect(words(text)).toContain('T1059.001 PowerShell 1 rule, not tested');
    expect(text).toContain('href="/console/rules?technique=T1059.001"');
  });
});

const refusesRow = () => Promise.reject(new HuntwireError('USAGE', 'The row cannot be <read>.'));

describe('a rule', () => {
  const exception = { where: { DeviceName: ['ci-*'] }, reason: 'CI', owner: 'build', expires: START + HOUR_MS };
  const test = {
    name: 'tells it',
    line: 1,
    column: 1,
    now: START,
    rows: [],
    tables: null,
    functions: {},
    externaldata: {},
    alerts: [],
  };
  const rule = makeRule({ id: 'rule-a', exceptions: [exception], tests: [test] });
  const query = {
    hash: 'a'.repeat(32),
    template: templateOf(
      { text: 'DeviceEvents | take 1', isOriginal: () => true },
      { logicalTime: START, from: null, to: null },
    ),
  };

  const TEXT = 'id: rule-a\nname: <b>';
  const found = { check: 'name-empty', severity: 'warning', line: 2, column: 7, message: 'No <name>.' } as const;
  const FOUND: FindingsSeen = { kind: 'known', findings: [{ ...found, suggestion: 'Give one.' }] };
  const looked: (readonly string[])[] = [];

  async function openRule(perform: (action: { readonly slug: string }) => unknown = () => ({})) {
    const findings = (file: string, text: string) => {
      looked.push([file, text]);
      return FOUND;
    };
    const opened = openConsole({ rules: [rule], perform, pages: { fileText: async () => TEXT, findings } });
    const alert = sampleAlert('a1');
    const { store } = opened;
    const run = sampleRun('run-1', { exceptions: [{ reason: 'CI', owner: 'build', rows: 7 }], query: query.hash });
    await store.commit(sampleCommit(store, { alerts: [alert], messages: [sampleMessage(alert, 'soar')], run, query }));
    const failed = {
      outcome: 'failed',
      error: { code: 'SOURCE_TIMEOUT', message: 'too slow' },
      endedAt: START + 2000,
    } as const;
    await store.commit(sampleCommit(store, { run: sampleRun('run-2', failed) }));
    return opened;
  }

  it('shows its text, the query as sent, windows, runs, alerts, exceptions with what they hid, and tests', async () => {
    const { page } = await openRule();
    const { text } = await page('/rules/contoso/rule-a');
    const said = words(text);
    expect(text).toContain('name: &lt;b&gt;');
    expect(said).toContain('SOURCE_TIMEOUT: too slow');
    expect(said).toContain('Alert a1');
    expect(said).toContain('DeviceName: ci-* CI build 2026-01-01 13:00:00Z , in 1h 7 1 2026-01-01 12:00:01Z');
    expect(said).toContain('tells it');
    expect(said).toContain('2026-01-01 11:45:00Z to 2026-01-01 12:00:00Z');
    expect(text).toMatch(/aria-label="[^"]*2 runs"/);
  });

  it('tells the query that the last run sent, where that is kept', async () => {
    const opened = openConsole({ rules: [rule] });
    const { store, page } = opened;
    await store.commit(sampleCommit(store, { run: sampleRun('run-1', { query: query.hash }), query }));
    expect(words((await page('/rules/contoso/rule-a')).text)).toContain('// huntwire rule-a 2 DeviceEvents | take 1');
  });

  it('is zoomed by its address, and tells why there was an alert or none', async () => {
    const { page } = await openRule();
    const { text } = await page('/rules/contoso/rule-a?span=6&to=2026-01-01T12:00:00Z&at=2026-01-01T11:50:00Z');
    expect(words(text)).toContain('2026-01-01 06:00:00Z to 2026-01-01 12:00:00Z');
    expect(text).toContain('span=1&amp;');
    expect(text).toMatch(/#why"[\s\S]*<ul><li>/);
    expect((await page('/rules/contoso/rule-a?to=nonsense')).status).toBe(400);
  });

  it('has what was searched from the first window on, and every run that asked for the time shown', async () => {
    const { page, store } = openConsole({ rules: [rule] });
    for (let at = 0; at < 501; at += 1) {
      const to = START + at * 1000;
      const window = { from: to - 1000, to, basis: 'ingestion' } as const;
      const run = sampleRun(`run-${at}`, { window, logicalTime: to, endedAt: to + HOUR_MS });
      await store.commit(sampleCommit(store, { run, rule: { ...SAMPLE_STATE, frontier: to } }));
    }
    const first = words((await page('/rules/contoso/rule-a?span=0.25&to=2026-01-01T12:00:00Z')).text);
    expect(first).toContain('2026-01-01 11:59:59Z 2026-01-01 12:00:00Z searched');
    expect(first).toContain('2026-01-01 11:59:59Z to 2026-01-01 12:00:00Z ok 2 1');
    expect(first).toContain('still being counted');
    const all = words((await page('/rules/contoso/rule-a?span=0.25&to=2026-01-01T12:10:00Z')).text);
    expect(all).toContain('Of the runs only the newest 500 are drawn');
  });

  it('that no tenant has is not there', async () => {
    const { page } = await openRule();
    for (const path of ['/rules/contoso/rule-z', '/rules/fabrikam/rule-a', '/rules/contoso/..%2f'])
      expect((await page(path)).status).toBe(404);
  });

  it('has below a line of its text what the checks say of it, once they have looked', async () => {
    const { page } = await openRule();
    const { text } = await page('/rules/contoso/rule-a');
    expect(looked.at(-1)).toEqual(['rule.yaml', TEXT]);
    expect(text).toMatch(
      /name: &lt;b&gt;\n<span class="mark warn"> {9}\^ warning: No &lt;name&gt;\. Give one\. \(name-empty\)</,
    );
    expect(text).toContain('<a href="#line-2">2:7</a>');
    const coming = openConsole({ rules: [rule], pages: { findings: () => ({ kind: 'coming' }) } });
    expect((await coming.page('/rules/contoso/rule-a')).text).toContain('The checks are looking at it');
    const failed = openConsole({ rules: [rule], pages: { findings: () => ({ kind: 'failed', why: '<too slow>' }) } });
    expect((await failed.page('/rules/contoso/rule-a')).text).toContain('could not look at it: &lt;too slow&gt;');
  });

  it('has tables of its charts, and parts of its time that lead nearer', async () => {
    const { page } = await openRule();
    const { text } = await page('/rules/contoso/rule-a?span=6&to=2026-01-01T12:00:00Z');
    const said = words(text);
    expect(said).toContain('2026-01-01 11:45:00Z to 2026-01-01 12:00:00Z ok 2 1');
    expect(said).toMatch(/Day Runs Alerts Hits told Hits held back 2025-12-26 0 0 0 0/);
    expect(text).toContain('span=1&amp;to=2026-01-01T07%3A00%3A00.000Z#windows">06:00</a>');
    const near = (await page('/rules/contoso/rule-a?span=1&to=2026-01-01T12:00:00Z')).text;
    expect(near).toContain('span=0.25&amp;to=2026-01-01T11%3A15%3A00.000Z#windows">11:00</a>');
    expect((await page('/rules/contoso/rule-a?span=0.25')).text).not.toContain('class="parts"');
  });

  it('tells who may run what becomes of a row that is pasted, step by step', async () => {
    const opened = await openBusyConsole();
    const { text } = await opened.send('/rules/contoso/rule-a/row', { row: 'A,B\n<x>,2' });
    const said = words(text);
    expect(text).not.toContain('<script>alert');
    expect(said).toContain('Line Rows in Rows out Operator 3 1 0 where');
    expect(said).toContain('host web1');
    expect(text).toMatch(/<textarea[^>]*>\nA,B\n&lt;x&gt;,2<\/textarea>/);
    const missing = await opened.send('/rules/contoso/rule-z/row', { row: '{}' });
    expect(missing.status).toBe(404);
    const wrong = openConsole({ rules: [rule], console: { tries: { ...NO_TRIES, row: refusesRow } } });
    expect((await wrong.send('/rules/contoso/rule-a/row', { row: 'x' })).text).toContain(
      'The row cannot be &lt;read&gt;',
    );
    expect((await wrong.send('/rules/contoso/rule-a/row', { row: 'x', key: 'other' })).status).toBe(403);
    await wrong.letIn(READER.token.reveal());
    expect((await wrong.page('/rules/contoso/rule-a')).text).not.toContain('textarea');
    expect((await wrong.send('/rules/contoso/rule-a/row', { row: 'x' })).status).toBe(403);
  });

  it('is tested by a button, by who may run', async () => {
    const tested = {
      tests: [
        { rule: 'rule-a', name: 'tells it', ok: false, differences: [{ path: 'alerts', expected: 1, actual: 0 }] },
      ],
      passed: 0,
      failed: 1,
    };
    const { send, asked, page, letIn } = await openRule(() => tested);
    expect((await page('/rules/contoso/rule-a')).text).toContain('Run its tests');
    expect(words((await send('/rules/contoso/rule-a/test', {})).text)).toContain('alerts: wanted 1, got 0');
    expect(asked).toEqual([{ slug: 'test_rules', input: { rule: ['rule-a'] }, by: 'analyst' }]);
    await letIn(READER.token.reveal());
    expect((await page('/rules/contoso/rule-a')).text).not.toContain('Run its tests');
    expect((await send('/rules/contoso/rule-a/test', {})).status).toBe(403);
    expect(asked).toHaveLength(1);
  });
});
