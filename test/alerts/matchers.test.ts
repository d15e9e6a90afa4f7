import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Alert } from '../../src/alerts/alert.ts';
import { type Matcher, matchesAll, parseMatcher } from '../../src/alerts/matchers.ts';
import { sampleAlert } from '../targets/sample-alert.ts';

function matcherOf(text: string): Matcher {
  const parsed = parseMatcher(text);
  if (parsed.kind === 'problem') throw new Error(parsed.message);
  return parsed.matcher;
}

const ALERT: Alert = {
  ...sampleAlert(),
  rule: { ...sampleAlert().rule, tags: ['office', 'edge'] },
  attack: [
    { tactic: 'TA0002', technique: 'T1059.001' },
    { tactic: null, technique: 'T1204' },
  ],
  entities: [
    { type: 'host', name: 'pc1', id: 'D1' },
    { type: 'account', name: 'anna', role: 'initiating' },
  ],
  details: { Command: 'a "quoted"\ncommand', Count: 7, Empty: null },
};

const holds = (...texts: string[]): boolean => matchesAll(texts.map(matcherOf), ALERT);

describe('a matcher', () => {
  it.each([
    ['severity="high"', true],
    ['severity=~"high|critical"', true],
    ['severity!="high"', false],
    ['severity!~"low|medium"', true],
    ['kind="detection"', true],
    ['tenant="contoso"', true],
    ['rule="encoded-powershell"', true],
    ['rule=~"encoded-.*"', true],
    ['tag="edge"', true],
    ['tag="home"', false],
    ['tag!="office"', false],
    ['tag!="home"', true],
    ['tag=~"o.*"', true],
    ['tactic="TA0002"', true],
    ['technique=~"T1059.*"', true],
    ['technique!="T1059"', true],
    ['entity.host="pc1"', true],
    ['entity.host="D1"', true],
    ['entity.account="anna"', true],
    ['entity.account="initiating"', false],
    ['entity.file=~".*"', false],
    ['entity.file!="x"', true],
    ['details.Count="7"', true],
    ['details.Command="a \\"quoted\\"\\ncommand"', true],
    ['details.Command=~"a.*command"', true],
    ['details.Missing="x"', false],
    ['details.Missing!="x"', true],
    ['details.Empty=""', true],
    ['details.toString=~".*"', false],
    [' severity = "high" ', true],
  ])('%s: %s', (text, expected) => {
    expect(holds(text)).toBe(expected);
  });

  it('holds with all others, and none at all holds', () => {
    expect(holds('severity="high"', 'tag="office"')).toBe(true);
    expect(holds('severity="high"', 'tag="home"')).toBe(false);
    expect(holds()).toBe(true);
  });

  it.each([
    ['severity', 'is no matcher'],
    ['severity=high', 'is no matcher'],
    ['severity=="high"', 'is no matcher'],
    ['severity="high', 'is no matcher'],
    ['severity="a"b"', 'is no matcher'],
    ['colour="red"', '"colour" is nothing that an alert has. There are: kind, severity, tag,'],
    ['constructor="red"', 'is nothing that an alert has'],
    ['entity.="red"', 'is nothing that an alert has'],
    ['severity=~"("', 'is no regex (RE2)'],
    ['severity=~"(?=x)"', 'is no regex (RE2)'],
    ['severity="hig"', '"severity" is always one of informational, low, medium, high, critical'],
    ['severity="High"', 'never matches'],
    ['severity=~"hi|crit"', 'never matches'],
    ['kind!="alert"', '"kind" is always one of detection, health'],
    ['entity.hosts="pc1"', 'No alert has an entity of the type "hosts". There are: host, account,'],
    ['tactic="Execution"', 'such as TA0002: "Execution" never matches'],
    ['technique!="1059"', 'such as T1059 or T1059.001'],
    [`severity="${'x'.repeat(1025)}"`, 'at most 1024 characters'],
  ])('%s is refused: %s', (text, message) => {
    expect(parseMatcher(text)).toEqual({ kind: 'problem', message: expect.stringContaining(message) });
  });

  it('takes back slashes of a regex as they are', () => {
    expect(matchesAll([matcherOf('details.Count=~"\\d+"')], ALERT)).toBe(true);
  });

  it('of a negated kind holds where the other does not, whatever the value', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), fc.constantFrom('rule', 'tag', 'details.Command'), (value, name) => {
        const quoted = JSON.stringify(value).replace(/\\(?!["\\nt])/g, '\\\\');
        expect(holds(`${name}=${quoted}`)).toBe(!holds(`${name}!=${quoted}`));
      }),
    );
  });

  it('finds exactly the value that it was written with', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 50 }), (value) => {
        const escaped = value.replace(/[\\"]/g, '\\$&');
        const alert = { ...ALERT, details: { Key: value } };
        expect(matchesAll([matcherOf(`details.Key="${escaped}"`)], alert)).toBe(true);
      }),
    );
  });

  it('ends at once on a regex that others hang on', () => {
    const alert = { ...ALERT, details: { Key: `${'a'.repeat(5000)}!` } };
    expect(matchesAll([matcherOf('details.Key=~"(a+)+"')], alert)).toBe(false);
  });
});
