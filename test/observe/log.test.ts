import { describe, expect, it } from '@jest/globals';
import type { LogFields } from '../../src/lib/log.ts';
import { createLog, type LogOptions } from '../../src/observe/log.ts';

function linesOf(options: Partial<LogOptions>, message: string, fields: LogFields): string[] {
  const lines: string[] = [];
  const log = createLog({
    level: 'info',
    format: 'json',
    write: (line) => lines.push(line),
    now: () => 0,
    secrets: [],
    ...options,
  });
  log.info(message, fields);
  log.debug('not at this level');
  return lines;
}

describe('createLog', () => {
  it('writes one JSON document a line with time, level and fields', () => {
    const lines = linesOf({}, 'run ended', { ruleId: 'a', rows: 3, missing: undefined });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      time: '1970-01-01T00:00:00.000Z',
      level: 'info',
      message: 'run ended',
      ruleId: 'a',
      rows: 3,
    });
  });

  it('keeps a text line one line, whatever a field holds', () => {
    const [line = ''] = linesOf({ format: 'text' }, 'run failed', { reason: 'first\nsecond level=error', code: null });
    expect(line.trimEnd().split('\n')).toHaveLength(1);
    expect(line).toContain('reason="first\\nsecond level=error"');
    expect(line).not.toContain('code');
  });

  it('masks secrets, escaped ones too', () => {
    const [line = ''] = linesOf({ secrets: ['pa"ss', 'hunter22'] }, 'login hunter22', { text: 'x pa"ss y' });
    expect(line).not.toContain('hunter22');
    expect(line).not.toContain('pa\\"ss');
    expect(line.match(/\*\*\*/g)).toHaveLength(2);
  });

  it('masks them as URLs write them, and leaves words of ours where a secret is short', () => {
    const [line = ''] = linesOf({ secrets: ['p/s=1 2', 'on'] }, 'on call', { url: 'https://h/?k=p%2Fs%3D1+2' });
    expect(JSON.parse(line)).toMatchObject({ message: 'on call', url: 'https://h/?k=***' });
  });

  it('is quiet when told so', () => {
    expect(linesOf({ level: 'silent' }, 'nothing', {})).toEqual([]);
  });
});
