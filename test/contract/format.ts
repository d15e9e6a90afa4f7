import { describe, expect, it } from '@jest/globals';
import type { Alert } from '../../src/alerts/alert.ts';
import type { Format } from '../../src/formats/format.ts';
import { wellFormed } from '../../src/lib/text.ts';
import { makeAlert } from '../alerts/samples.ts';

/** Below this many bytes no format can keep what every alert must say. */
const LEAST_LIMIT = 1024;
const LIMITS = [LEAST_LIMIT, 1500, 2048, 4096, 8000, 65_536];

const hostile = '\u0000\u001b[31m|=\\"\r\n\u2028😀\ufffd é';

/** An alert with more of everything than any limit takes. */
export function largeAlert(): Alert {
  const text = hostile.repeat(300);
  const shorter = hostile.repeat(60);
  return makeAlert({
    title: hostile.repeat(20).slice(0, 500),
    description: text,
    evidence: Array.from({ length: 20 }, (_, index) => ({ ActionType: 'X', index, text })),
    details: { text },
    entities: Array.from({ length: 100 }, (_, index) => ({ type: 'process', name: `p${index}`, commandLine: shorter })),
    observables: Array.from({ length: 200 }, () => ({ type: 'command-line', value: shorter })),
    mappingErrors: [{ column: 'text', message: text }],
    rule: {
      ...makeAlert().rule,
      references: [text],
      tags: [text],
      origin: { format: 'detection-rule', data: { responseActions: [text, text] } },
    },
  });
}

/** What holds for every format: to be run on each one of the registry. */
export function describeFormat(name: string, format: Format): void {
  describe(`the format ${name}`, () => {
    it('makes the same payload of the same alert and leaves the alert alone', () => {
      const alert = makeAlert();
      const before = JSON.stringify(alert);
      expect(format(alert, { maxBytes: null })).toEqual(format(alert, { maxBytes: null }));
      expect(JSON.stringify(alert)).toBe(before);
    });

    it('names a content type and is one line of well-formed text', () => {
      for (const alert of [makeAlert(), largeAlert()]) {
        const payload = format(alert, { maxBytes: null });
        expect(payload.contentType).toMatch(/^[a-z]+\/[a-z.+-]+/);
        expect(payload.body).not.toMatch(/\p{Cc}/u);
        expect(wellFormed(payload.body)).toBe(payload.body);
      }
    });

    it.each(LIMITS)('keeps to a limit of %d bytes', (maxBytes) => {
      const payload = format(largeAlert(), { maxBytes });
      expect(Buffer.byteLength(payload.body)).toBeLessThanOrEqual(maxBytes);
      expect(payload.body).toContain(makeAlert().id);
    });

    it('changes nothing where the payload fits', () => {
      const { body } = format(makeAlert(), { maxBytes: null });
      expect(format(makeAlert(), { maxBytes: Buffer.byteLength(body) }).body).toBe(body);
    });

    it('tells a resolve from its firing alert', () => {
      const resolved = makeAlert({ status: 'resolved', revision: 1 });
      const { body } = format(resolved, { maxBytes: LEAST_LIMIT });
      expect(body).toContain('resolved');
      expect(body).not.toBe(format(makeAlert(), { maxBytes: LEAST_LIMIT }).body);
    });
  });
}
