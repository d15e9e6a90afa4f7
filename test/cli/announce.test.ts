import { describe, expect, it } from '@jest/globals';
import { announce } from '../../src/cli/run-app.ts';
import type { Log } from '../../src/lib/log.ts';
import type { Source } from '../../src/sources/source.ts';
import { makeRule } from '../run/make-rule.ts';

function linesOf(source: Partial<Source>, everyMs: number): string[] {
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
  const rules = Array.from({ length: 60 }, (_, index) =>
    makeRule({ id: `rule-${index}`, schedule: { kind: 'every', everyMs, lookbackMs: null } }),
  );
  announce({ name: 'contoso', source: { api: 'graph', retiresOn: null, quota, ...source } as Source, rules }, log, 0);
  return lines;
}

describe('announce', () => {
  it('says what starts and nothing else when all is well', () => {
    expect(linesOf({}, 3_600_000)).toEqual(['info tenant started']);
  });

  it('warns of schedules that do not fit the quota, before anything runs', () => {
    const warnings = linesOf({}, 60_000).filter((line) => line.startsWith('warn'));
    expect(warnings).toHaveLength(2);
    expect(warnings.join()).toMatch(/minute/);
  });

  it('warns of an API that ends', () => {
    expect(linesOf({ api: 'mde', retiresOn: '2027-02-01' }, 3_600_000).join()).toContain('stops on 2027-02-01');
  });
});
