import { describe, expect, it } from '@jest/globals';
import { lintRules } from '../../../src/rules/lint/lint-rules.ts';
import { parseRules } from '../../../src/rules/load-rules.ts';
import { preparedOf } from '../prepared-of.ts';

const SETTINGS = { now: Date.parse('2026-05-01T00:00:00Z'), retentionMs: 30 * 86_400_000 };
const QUERY = 'query: |\n  T\n  | take 5\n  | limit 3\n';
const REST = 'id: a\nname: A\nseverity: low\nattack: [T1059]\nschedule: {every: 1h}\n';
const TESTS = 'tests: [{name: a, rows: [{A: 0}], alerts: []}, {name: b, rows: [{A: 1}], alerts: [{severity: high}]}]\n';

/** `line check` of all that is told; suggestions and messages with `full`. */
function told(text: string, more: Partial<Parameters<typeof lintRules>[1]> = {}, prepared = preparedOf()) {
  const { rules, problems } = parseRules('a.yaml', text);
  expect(problems).toEqual([]);
  const subjects = rules.map((rule) => ({ rule, prepared }));
  return lintRules(subjects, { ...SETTINGS, ...more });
}
const places = (...given: Parameters<typeof told>) => told(...given).map(({ line, check }) => `${line} ${check}`);

describe('comments that switch checks off', () => {
  const plain = REST + QUERY + TESTS;

  it('holds for the entry below, the line it stands on, or the whole rule', () => {
    expect(places(plain)).toEqual(['8 limited-rows', '9 limited-rows']);
    expect(places(plain.replace('query:', '# huntwire-disable limited-rows: newest\nquery:'))).toEqual([]);
    expect(places(`# huntwire-disable limited-rows: newest\n${plain}`)).toEqual([]);
    const tested = plain.replace('severity: low', 'severity: low # huntwire-disable limited-rows: elsewhere');
    expect(places(tested)).toEqual(['3 disable-unused', '8 limited-rows', '9 limited-rows']);
  });

  it('holds within the query for one line', () => {
    const below = plain.replace('  | take 5', '  // huntwire-disable limited-rows: newest\n  // more\n\n  | take 5');
    expect(places(below)).toEqual(['12 limited-rows']);
    const behind = plain.replace('take 5', 'take 5 // huntwire-disable limited-rows: newest');
    expect(places(behind)).toEqual(['9 limited-rows']);
  });

  it('keeps documents of one file apart', () => {
    const two = `${plain}---\n${plain.replace('id: a', 'id: b').replaceAll('take', 'sample')}`;
    expect(places(`# huntwire-disable limited-rows, query-repeated: x\n${two}`)).toEqual([
      '1 disable-unused',
      '20 limited-rows',
      '21 limited-rows',
    ]);
  });

  it('does not take texts for comments', () => {
    const text = plain.replace('name: A', 'name: "a # huntwire-disable limited-rows: x"');
    expect(places(text)).toEqual(['8 limited-rows', '9 limited-rows']);
    const literal = plain.replace('take 5', 'take 5 | where A == "// huntwire-disable limited-rows: x"');
    expect(places(literal)).toEqual(['8 limited-rows', '9 limited-rows']);
  });

  it.each([
    ['limited-row: slip', 'There is no check "limited-row".', 'Did you mean "limited-rows"?'],
    ['limited-rows', 'The comment gives no reason, so "limited-rows" is not switched off.', 'Write "huntwire-disable'],
    [': why', 'The comment names no check.', 'See docs/lint.md'],
  ])('tells what is wrong with "%s"', (comment, message, suggestion) => {
    const found = told(plain.replace('query:', `# huntwire-disable ${comment}\nquery:`));
    expect(found.map(({ line, check }) => `${line} ${check}`)).toEqual([
      '6 disable-unclear',
      '9 limited-rows',
      '10 limited-rows',
    ]);
    expect(found[0]?.message).toBe(message);
    expect(found[0]?.suggestion).toContain(suggestion);
  });

  it('cannot switch off what refuses the rule', () => {
    const set = preparedOf({ shape: 'set', identity: { kind: 'columns', columns: ['A'] } });
    const text = `# huntwire-disable lookback-missing: for now\n${plain}`;
    const found = told(text, {}, set).filter(({ check }) => check !== 'limited-rows');
    expect(found.map(({ check, refuses }) => [check, refuses])).toEqual([
      ['disable-unclear', false],
      ['lookback-missing', true],
    ]);
  });

  it('calls nothing unused that did not look', () => {
    const text = `# huntwire-disable own-filter: kept\n${REST}query: T\n${TESTS}`;
    expect(places(text)).toEqual(['1 disable-unused']);
    const finding = { code: 'KS', severity: 'error', start: 0, end: 1, message: 'No.', hint: null } as const;
    expect(places(text, {}, preparedOf({ findings: [finding] }))).toEqual(['7 query-finding']);
    expect(places(text, { severities: { 'own-filter': 'off' } })).toEqual([]);
  });
});

describe('severities of the configuration', () => {
  it('makes a check as severe as it says, or silent', () => {
    const text = REST + QUERY + TESTS;
    const severity = (value: 'off' | 'info' | 'error') =>
      told(text, { severities: { 'limited-rows': value } }).map((one) => one.severity);
    expect([severity('info'), severity('error'), severity('off')]).toEqual([['info', 'info'], ['error', 'error'], []]);
  });

  it('leaves what refuses a rule an error', () => {
    const set = preparedOf({ shape: 'set', identity: { kind: 'columns', columns: ['A'] } });
    const found = told(`${REST}query: T\n${TESTS}`, { severities: { 'lookback-missing': 'off' } }, set);
    expect(found.map(({ check, severity }) => [check, severity])).toEqual([['lookback-missing', 'error']]);
  });

  it('holds for findings about comments, too', () => {
    const text = `# huntwire-disable own-filter: kept\n${REST}query: T\n${TESTS}`;
    expect(told(text, { severities: { 'disable-unused': 'off' } })).toEqual([]);
  });
});
