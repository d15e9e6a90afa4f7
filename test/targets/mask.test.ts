import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { maskSecrets, printable } from '../../src/targets/mask.ts';

describe('masking', () => {
  it('hides every occurrence, also one that was cut off', () => {
    expect(maskSecrets('a hunter22 b hunter22 c hunt', ['hunter22'])).toBe('a *** b *** c ***');
    expect(maskSecrets('a hun', ['hunter22'])).toBe('a hun');
    expect(maskSecrets('nothing', ['', 'other'])).toBe('nothing');
  });

  it('leaves no secret, wherever the text is cut', () => {
    const secret = fc.string({ minLength: 6, maxLength: 20 }).filter((text) => !text.includes('*'));
    fc.assert(
      fc.property(fc.string(), secret, fc.nat(30), (before, text, cut) => {
        const shown = maskSecrets(`${before}${text}`.slice(0, before.length + cut), [text]);
        expect(shown).not.toContain(text);
        expect(cut >= 4 && shown.endsWith(text.slice(0, Math.min(cut, text.length)))).toBe(false);
      }),
    );
  });
});

describe('text for a terminal', () => {
  it('keeps line feed and tab only', () => {
    expect(printable('a\u001b[2J\r\nb\tc\u0000\u009b')).toBe('a\ufffd[2J\ufffd\nb\tc\ufffd\ufffd');
  });
});
