import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Alert } from '../../src/alerts/alert.ts';
import { validateAlert } from '../../src/alerts/map/validate-alert.ts';
import { formatNative } from '../../src/formats/native.ts';
import { makeAlert } from '../alerts/samples.ts';
import { anyCharacter } from '../any-character.ts';

function shrunk(alert: Alert, maxBytes: number): Alert {
  const parsed: unknown = JSON.parse(formatNative(alert, { maxBytes }).body);
  validateAlert(parsed);
  return parsed;
}

const wordy = makeAlert({
  description: 'd'.repeat(3000),
  evidence: [{ a: 'x'.repeat(1000) }, { a: 'y'.repeat(1000) }],
  observables: [{ type: 'url', value: 'o'.repeat(1000) }],
  details: { a: 'x'.repeat(1000) },
});

describe('native', () => {
  it('is the alert itself', () => {
    const { body, contentType } = formatNative(makeAlert(), { maxBytes: null });
    expect(JSON.parse(body)).toEqual(makeAlert());
    expect(contentType).toBe('application/json');
  });

  it('lets go of raw rows first, then observables, details and words', () => {
    const size = Buffer.byteLength(JSON.stringify(wordy));
    expect(shrunk(wordy, size - 1)).toMatchObject({ evidence: [{}], observables: [{}], evidenceTruncated: true });
    expect(shrunk(wordy, size - 1500)).toMatchObject({ evidence: [], observables: [{}] });
    expect(shrunk(wordy, size - 2500)).toMatchObject({ observables: [], details: { a: expect.any(String) } });
    expect(shrunk(wordy, size - 3500)).toMatchObject({ details: {}, description: wordy.description });
    expect(shrunk(wordy, 3000).description).toHaveLength(1024);
    expect(shrunk(wordy, 1024)).toMatchObject({ id: wordy.id, title: wordy.title, severity: 'high' });
  });

  it('counts bytes, not characters', () => {
    const alert = makeAlert({ evidence: [{ a: '😀'.repeat(500) }, { a: 'é'.repeat(500) }] });
    const { body } = formatNative(alert, { maxBytes: 4000 });
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(4000);
    expect(JSON.parse(body).evidence).toHaveLength(1);
  });

  it('stays valid whatever the limit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 8000 }),
        fc.string({ unit: anyCharacter, maxLength: 2000 }),
        (maxBytes, text) => {
          const alert = makeAlert({
            description: text,
            evidence: [{ text }],
            overflow: { hits: 9, atLeast: true, byKey: [{ key: 'k', hits: 9 }] },
          });
          expect(shrunk(alert, maxBytes).id).toBe(alert.id);
        },
      ),
    );
  });
});
