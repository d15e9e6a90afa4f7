import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileTemplate } from '../../src/alerts/map/template.ts';
import { paramLiteral } from '../../src/kql/literal.ts';
import { formatDuration, parseDuration } from '../../src/lib/duration.ts';
import { cronGrid } from '../../src/rules/cron/cron-grid.ts';
import { parseRules } from '../../src/rules/load-rules.ts';
import type { Rule } from '../../src/rules/rule.ts';
import { anyCharacter } from '../any-character.ts';
import { fuzzRuns, mangledText } from './fuzz.ts';

const VALID = `id: some-rule
name: Some rule
severity: high
attack: [T1059.001]
params: {least: 20, names: [a, b], on: true, share: 0.5}
query: |
  DeviceProcessEvents | where FileName in~ (names) and ProcessId > least
schedule: {cron: "*/15 6-20 * * 1-5", timezone: Europe/Berlin, lookback: 1h30m}
threshold: {measure: distinct, column: DeviceId, operator: ">=", value: 3, groupBy: [FileName]}
alert: {per: group, title: "{{FileName}} on {{DeviceName}}", dedup: {columns: [FileName]}, suppress: 4h, limit: 10}
exceptions:
  - {where: {DeviceName: ["build-*"]}, reason: r, owner: o, expires: 2030-01-01}
tests:
  - {name: t, rows: [{FileName: a}], alerts: []}
`;

/** The rules of a text, which is refused by places or read whole. */
function read(text: string): readonly Rule[] {
  const { rules, problems } = parseRules('r.yaml', text);
  for (const { line, column, message } of problems) {
    expect(line === null || line >= 1).toBe(true);
    expect(column === null || column >= 1).toBe(true);
    expect(message).not.toBe('');
  }
  return problems.length > 0 ? [] : rules;
}

/** The valid rule with one key replaced by what is given, as JSON, which is YAML. */
function withKey(key: string, value: unknown): string {
  const lines = VALID.split('\n');
  const at = lines.findIndex((line) => line.startsWith(`${key}:`));
  const next = lines.findIndex((line, index) => index > at && /^\w/.test(line));
  return [
    ...lines.slice(0, at),
    `${key}: ${JSON.stringify(value)}`,
    ...lines.slice(next < 0 ? lines.length : next),
  ].join('\n');
}

const cronField = fc.oneof(
  fc.constantFrom(
    '*',
    '?',
    '*/0',
    '*/7',
    '1-5',
    '5-1',
    '0',
    '7',
    '59',
    '60',
    'MON',
    'mon-fri',
    'L',
    '5#2',
    'W',
    ',',
    '1,2,',
    '-1',
    '99999999999',
  ),
  fc.string({ maxLength: 4 }),
);

describe('any rule', () => {
  it('is read or refused by its places', () => {
    fc.assert(
      fc.property(mangledText(VALID), (text) => {
        for (const { hash } of read(text)) expect(hash).toMatch(/^[0-9a-f]{64}$/);
      }),
      fuzzRuns(80),
    );
  });

  it.each(['params', 'threshold', 'schedule', 'alert', 'exceptions', 'tests'])('with anything for %s', (key) => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        for (const rule of read(withKey(key, value))) expect(rule.id).toBe('some-rule');
      }),
      fuzzRuns(40),
    );
  });

  it('with any cron has a next run behind the instant and a latest at or before it, or is refused', () => {
    fc.assert(
      fc.property(
        fc.array(cronField, { minLength: 4, maxLength: 6 }),
        fc.integer({ min: 0, max: 4e12 }),
        (fields, at) => {
          const text = withKey('schedule', { cron: fields.join(' '), timezone: 'Europe/Berlin', lookback: '30d' });
          for (const { schedule } of read(text)) {
            if (schedule.kind !== 'cron') continue;
            const grid = cronGrid(schedule);
            const [next, latest] = [grid.next(at), grid.latest(at)];
            expect(next === null || next > at).toBe(true);
            expect(latest === null || latest <= at).toBe(true);
          }
        },
      ),
      fuzzRuns(80),
    );
  });

  it('with any parameter is a literal that keeps to one line', () => {
    const value = fc.oneof(
      fc.string({ unit: anyCharacter }),
      fc.boolean(),
      fc.maxSafeInteger(),
      fc.array(fc.string(), { maxLength: 4 }),
    );
    fc.assert(
      fc.property(value, (one) => {
        for (const rule of read(withKey('params', { least: 1, names: [], p: one }))) {
          const [name, param] = Object.entries(rule.params).find(([key]) => key === 'p') ?? [];
          if (name !== undefined && param !== undefined) expect(paramLiteral(param)).not.toMatch(/[\r\n]/);
        }
      }),
      fuzzRuns(80),
    );
  });
});

describe('any template', () => {
  it('renders well-formed text', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '{{',
        '}}',
        '{',
        '}',
        '{{A}}',
        '{{ A }}',
        '{{__proto__}}',
        '{{constructor}}',
        '{{A.b}}',
        '{{A[0]}}',
        '{{A.constructor.name}}',
        '\ud800',
      ),
      fc.string({ unit: anyCharacter }),
    );
    fc.assert(
      fc.property(fc.array(piece), fc.jsonValue(), (pieces, cell) => {
        const rendered = compileTemplate(pieces.join('')).render({ A: cell as null });
        expect(rendered).not.toMatch(/\p{Surrogate}/u);
        expect(rendered).not.toContain('[native code]');
      }),
      fuzzRuns(200),
    );
  });
});

describe('any duration', () => {
  it.each(['2061h257ms320255977658h', '9007199254740992ms', `${'9'.repeat(400)}d`])(
    '%s is too long to be one',
    (text) => {
      expect(parseDuration(text)).toBeNull();
      expect(parseDuration('9007199254740991ms')).toBe(9007199254740991);
    },
  );

  it('is a number of milliseconds that is written as it was meant, or none', () => {
    const part = fc
      .tuple(fc.nat(10_000), fc.constantFrom('ms', 's', 'm', 'h', 'd', 'w', ''))
      .map((one) => one.join(''));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(part).map((parts) => parts.join('')),
          fc.string(),
          fc.string({ unit: anyCharacter }),
        ),
        (text) => {
          const ms = parseDuration(text);
          if (ms === null) return;
          expect(Number.isInteger(ms) && ms >= 0).toBe(true);
          expect(parseDuration(formatDuration(ms))).toBe(ms);
        },
      ),
      fuzzRuns(300),
    );
  });
});
