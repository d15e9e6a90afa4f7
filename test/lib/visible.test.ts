import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { visible, visibleJson, visibleLine, withoutTurns } from '../../src/lib/visible.ts';

const HOSTILE = [
  '\u0000',
  '\u0007',
  '\u001b',
  '\u007f',
  '\u0080',
  '\u009b',
  '\u061c',
  '\u200f',
  '\u202e',
  '\u2066',
  '\u2069',
  '\u2028',
  '\u0085',
];
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be shown
const ANY = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
const text = fc.string({
  unit: fc.oneof(fc.constantFrom(...HOSTILE, '\n', '\t', '#', '[', 'a'), fc.string({ minLength: 1, maxLength: 1 })),
});

describe('text for a terminal', () => {
  it('keeps line feed and tab only', () => {
    expect(visible('a\u001b[2J\r\nb\tc\u0000\u009b')).toBe('a\ufffd[2J\ufffd\nb\tc\ufffd\ufffd');
    expect(visible('invoice\u202egpj.exe')).toBe('invoice\ufffdgpj.exe');
  });

  it('holds nothing that is obeyed or hidden, whatever comes in', () => {
    fc.assert(
      fc.property(text, (one) => {
        expect(visible(one)).not.toMatch(ANY);
        expect(visibleLine(one)).not.toMatch(/[\n\t]/);
        expect(visibleLine(one)).not.toMatch(ANY);
        expect(visibleJson(JSON.stringify([one]))).not.toMatch(ANY);
        expect(visibleJson(JSON.stringify([one]))).not.toMatch(/##\[|##vso\[|##teamcity\[/);
        expect(JSON.parse(visibleJson(JSON.stringify([one])))).toEqual([one]);
      }),
    );
  });

  it('leaves what people write', () => {
    const said = 'Größe 漢字 👩‍👩‍👧 e\u0301 “q” — ok';
    expect([visible(said), visibleLine(said), withoutTurns(said), visibleJson(said)]).toEqual([said, said, said, said]);
  });
});
