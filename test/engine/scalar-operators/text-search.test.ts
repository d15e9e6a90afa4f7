import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { textOperator } from '../../../src/engine/scalar-operators/text-search.ts';

function test(operator: string, left: string, right: string): boolean | undefined {
  return textOperator(operator, 'string', 'string')?.(left, right);
}

describe('textOperator', () => {
  it.each([
    ['=~', 'CMD.exe', 'cmd.EXE', true],
    ['=~', 'cmd', 'cmd.exe', false],
    ['!~', 'cmd', 'CMD', false],
    ['contains', 'PowerShell', 'SHELL', true],
    ['contains_cs', 'PowerShell', 'SHELL', false],
    ['!contains', 'PowerShell', 'bash', true],
    ['contains', 'abc', '', true],
    ['startswith', 'PowerShell', 'POWER', true],
    ['startswith_cs', 'PowerShell', 'POWER', false],
    ['startswith', 'a', 'ab', false],
    ['endswith', 'run.EXE', '.exe', true],
    ['endswith', 'exe', 'run.exe', false],
    ['endswith_cs', 'run.EXE', '.exe', false],
    ['!endswith', 'run.dll', '.exe', true],
    ['has', 'run powershell now', 'PowerShell', true],
    ['has', 'powershell_ise', 'powershell', true],
    ['has', 'powershell7', 'powershell', false],
    ['has', 'no-profile', 'profile', true],
    ['has', 'C:\\temp\\x.exe', 'temp\\x', true],
    ['has', 'ünder', 'nder', false],
    ['has', '日本', '日', false],
    ['has', 'a😀b', 'a', true],
    ['has', 'term', '', true],
    ['has', '', 'a', false],
    ['has', 'mimimimikatz mimikatz', 'mimikatz', true],
    ['has_cs', 'Run', 'run', false],
    ['!has', 'errors', 'error', true],
    ['hasprefix', 'no-profile', 'pro', true],
    ['hasprefix', 'unprofile', 'pro', false],
    ['hassuffix', 'no-profile x', 'file', true],
    ['hassuffix', 'filename', 'file', false],
    ['hassuffix_cs', 'noFile', 'file', false],
    ['hasprefix_cs', 'no-Profile', 'pro', false],
    ['!contains_cs', 'PowerShell', 'SHELL', true],
    ['!startswith', 'PowerShell', 'POWER', false],
    ['!startswith_cs', 'PowerShell', 'POWER', true],
    ['!endswith_cs', 'run.EXE', '.exe', true],
    ['!has_cs', 'Run now', 'Run', false],
    ['!hasprefix', 'no-profile', 'PRO', false],
    ['!hasprefix_cs', 'no-profile', 'PRO', true],
    ['!hassuffix', 'no-profile x', 'FILE', false],
    ['!hassuffix_cs', 'no-profile x', 'FILE', true],
    ['matches regex', 'powershell -enc AAAA', '-e(nc)? [A-Z]+', true],
    ['matches regex', 'x', '^$', false],
  ])('%s: %p and %p is %p', (operator, left, right, expected) => {
    expect(test(operator, left, right)).toBe(expected);
  });

  it('takes a null as empty text, so that it is total', () => {
    const call = textOperator('!has', 'dynamic', 'string');
    expect([call?.(null, 'x'), textOperator('has', 'long', 'string')?.(null, 'x')]).toEqual([true, false]);
    expect(textOperator('contains', 'long', 'string')?.(12_345, '234')).toBe(true);
    expect(textOperator('has', 'dynamic', 'string')?.(['a b', 'c'], 'b')).toBe(true);
  });

  it('keeps up with a right side that changes', () => {
    const call = textOperator('has', 'string', 'string');
    expect([call?.('a b', 'a'), call?.('a b', 'c'), call?.('a b', 'b')]).toEqual([true, false, true]);
  });

  it('does not know other operators', () => {
    expect([textOperator('like', 'string', 'string'), textOperator('has_any', 'string', 'string')]).toEqual([
      null,
      null,
    ]);
  });

  it('has finds exactly the terms that the text is made of', () => {
    const term = fc.string({ unit: fc.constantFrom('a', 'B', 'c', '1', 'é'), minLength: 1, maxLength: 4 });
    const gap = fc.constantFrom(' ', '-', '_', '.', '\\', ' & ');
    fc.assert(
      fc.property(fc.array(fc.tuple(term, gap), { maxLength: 6 }), term, (pieces, searched) => {
        const text = pieces.map(([one, between]) => one + between).join('');
        const terms = pieces.map(([one]) => one.toLowerCase());
        expect(test('has', text, searched)).toBe(terms.includes(searched.toLowerCase()));
      }),
    );
  });
});
