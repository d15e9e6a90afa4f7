import { describe, expect, it } from '@jest/globals';
import { announce } from '../../src/cli/run-app.ts';
import type { Log } from '../../src/lib/log.ts';
import type { RunnableRule } from '../../src/rules/rule.ts';
import type { Source } from '../../src/sources/source.ts';
import { makeRule } from '../run/make-rule.ts';

function linesOf(source: Partial<Source>, rules: readonly RunnableRule[]): string[] {
  const lines: string[] = [];
  const note = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
  const log: Log = { error: note('error'), warn: note('warn'), info: note('info'), debug: note('debug') };
  const quota = {
    callsPerMinute: 40,
    callsPerHour: 1400,
    runSecondsPerHour: null,
    runSecondsPerDay: null,
    concurrency: 3,
  };
  announce({ name: 'contoso', source: { api: 'graph', retiresOn: null, quota, ...source } as Source, rules }, log, 0);
  return lines;
}

function sixty(everyMs: number): readonly RunnableRule[] {
  const schedule = { kind: 'every', everyMs, lookbackMs: null } as const;
  return Array.from({ length: 60 }, (_, index) => makeRule({ id: `rule-${index}`, schedule }));
}

describe('announce', () => {
  it('says what starts and nothing else when all is well', () => {
    expect(linesOf({}, sixty(3_600_000))).toEqual(['info tenant started']);
  });

  it('warns of schedules that do not fit the quota, before anything runs', () => {
    const warnings = linesOf({}, sixty(60_000)).filter((line) => line.startsWith('warn'));
    expect(warnings).toHaveLength(2);
    expect(warnings.join()).toMatch(/minute/);
  });

  it('names what the schedule of a set never searches', () => {
    const lookbackMs = 86_400_000;
    const schedule = { kind: 'cron', cron: '0 6 * * 1-5', timezone: 'UTC', lookbackMs } as const;
    const rules = [makeRule({ id: 'weekdays', schedule, effectiveShape: 'set', lookbackMs })];
    expect(linesOf({}, rules).at(-1)).toMatch(/^warn .*Friday 1970-01-02 06:00 to Sunday 1970-01-04 06:00 .*48 hours/);
  });

  it('warns of an API that ends', () => {
    expect(linesOf({ api: 'mde', retiresOn: '2027-02-01' }, sixty(3_600_000)).join()).toContain('stops on 2027-02-01');
  });
});
