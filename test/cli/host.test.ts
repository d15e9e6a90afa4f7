import { describe, expect, it } from '@jest/globals';
import { logFormatOf } from '../../src/cli/host.ts';

const stderr = (isTTY: boolean) => ({ stderr: { isTTY, columns: 80, write: () => undefined } });

describe('the log', () => {
  it.each([
    ['auto', true, 'text'],
    ['auto', false, 'json'],
    ['json', true, 'json'],
    ['text', false, 'text'],
  ] as const)('of format %s, on a terminal: %s, is %s', (format, isTTY, expected) => {
    expect(logFormatOf({ log: { level: 'info', format } }, stderr(isTTY))).toBe(expected);
  });
});
