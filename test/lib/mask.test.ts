import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createMask } from '../../src/lib/mask.ts';

const html = (text: string): string =>
  text.replace(/[&<>"']/g, (one) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[one] ?? '&#39;');
const ascii = (text: string): string =>
  text.replace(/[^ -~]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
const json = (text: string): string => JSON.stringify(text).slice(1, -1);

/** How others write a text that they repeat. */
const ENCODERS: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  json,
  'json in json': (text) => json(json(text)),
  'json in ascii': (text) => ascii(json(text)),
  'json with slashes escaped': (text) => json(text).replaceAll('/', '\\/'),
  'json for web pages': (text) =>
    json(text).replace(/[<>&]/g, (one) => ascii(one).replace(one, `\\u00${one.charCodeAt(0).toString(16)}`)),
  'a part of a url': encodeURIComponent,
  'a url in a url': (text) => encodeURIComponent(encodeURIComponent(text)),
  'lower-case hex': (text) => encodeURIComponent(text).replace(/%../g, (one) => one.toLowerCase()),
  'a form': (text) => new URLSearchParams({ a: text }).toString().slice(2),
  'a web page': html,
  'a web page in json': (text) => json(html(text)),
};

const secret = fc
  .oneof(
    fc.string({ minLength: 4, maxLength: 30 }),
    fc.string({ unit: 'grapheme', minLength: 4, maxLength: 30 }),
    fc.string({
      unit: fc.constantFrom('\\', '"', '/', 'a', '+', '%', '&', ' ', '\n', 'ä', '='),
      minLength: 4,
      maxLength: 12,
    }),
  )
  .filter((text) => !/[*]/.test(text) && text.trim() !== '');

/** Text without repetitions, the same each time. */
function randomText(length: number): string {
  const count = Math.ceil(length / 64);
  const digests = Array.from({ length: count }, (_, at) => createHash('sha256').update(String(at)).digest('hex'));
  return digests.join('').slice(0, length);
}

describe('masking', () => {
  it('hides every occurrence, also one that was cut off', () => {
    const mask = createMask(['hunter22']);
    expect(mask('a hunter22 b hunter22 c hunt', true)).toBe('a *** b *** c ***');
    expect(mask('a hunter22 c hunt')).toBe('a *** c hunt');
    expect(mask('a hun', true)).toBe('a hun');
    expect(createMask(['', 'other'])('nothing', true)).toBe('nothing');
  });

  it.each(Object.entries(ENCODERS))('knows a secret in the form of %s', (_name, encode) => {
    fc.assert(
      fc.property(secret, (text) => {
        const shown = encode(text);
        expect(createMask([text])(`> ${shown} <`)).toBe('> *** <');
      }),
    );
  });

  it.each(Object.entries(ENCODERS))('knows it as %s where the text ends in it', (_name, encode) => {
    const text = 'Pa"ss/w ör=&d+%1\\x';
    const whole = encode(text);
    const mask = createMask([text]);
    // Four characters are the least that counts; the longest form of four takes less than 40 places.
    for (let end = Math.min(40, whole.length); end <= whole.length; end += 1) {
      expect(mask(`said ${whole.slice(0, end)}`, true)).toBe('said ***');
    }
  });

  it('leaves no secret, wherever the text is cut', () => {
    const plain = fc.string({ minLength: 6, maxLength: 20 }).filter((text) => !text.includes('*'));
    fc.assert(
      fc.property(fc.string(), plain, fc.nat(30), (before, text, cut) => {
        const shown = createMask([text])(`${before}${text}`.slice(0, before.length + cut), true);
        expect(shown).not.toContain(text);
        expect(cut >= 4 && shown.endsWith(text.slice(0, Math.min(cut, text.length)))).toBe(false);
      }),
    );
  });

  it('hides a short secret where it stands by itself', () => {
    const mask = createMask(['ab1', 'z']);
    expect(mask('ab1 cab1 ab12 "ab1" a=ab1&b')).toBe('*** cab1 ab12 "***" a=***&b');
    expect(mask('a%3Dab1 \\nab1 zebra z.')).toBe('a%3D*** \\n*** zebra ***.');
  });

  it('hides a secret of any length, such as a token that somebody else made', () => {
    for (const secret of [randomText(2048), randomText(5000), 'a'.repeat(60_000)]) {
      expect(createMask([secret])(`a ${secret} b`)).toMatch(/^a (\*\*\*)+ b$/);
      expect(createMask([secret])(`a ${secret.slice(0, -5)}`, true)).toMatch(/^a (\*\*\*)+$/);
    }
  });

  it('hides the longer of two secrets as a whole', () => {
    expect(createMask(['token', 'token-of-mine'])('token-of-mine token')).toBe('*** ***');
  });

  it('takes time linear in the text', () => {
    const mask = createMask(['\\\\\\\\x', 'a'.repeat(500), `${'%'.repeat(200)}b`]);
    const texts = ['\\'.repeat(1024), 'a'.repeat(1024), '%25'.repeat(340), '&amp;'.repeat(200)];
    for (const text of texts) expect(mask(text, true)).toEqual(expect.any(String));
  });
});
