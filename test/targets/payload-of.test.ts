import { describe, expect, it } from '@jest/globals';
import type { Alert } from '../../src/alerts/alert.ts';
import { formatCef } from '../../src/formats/cef.ts';
import { formatNative } from '../../src/formats/native.ts';
import { payloadOf, sentPayloadOf } from '../../src/targets/payload-of.ts';
import { sampleAlert } from '../state/samples.ts';

const UNREAD = {
  text: JSON.stringify(sampleAlert('a1', { title: 'ä \u2028 "t"' })),
  get alert(): Alert {
    throw new Error('it was read');
  },
};

describe('the payload of a delivery', () => {
  it('is the stored text where that is what the format writes', () => {
    const alert = JSON.parse(UNREAD.text) as Alert;
    expect(payloadOf(formatNative, UNREAD)).toEqual(formatNative(alert, { maxBytes: null }));
  });

  it('is made of the alert in any other format, and where there is no text', () => {
    const alert = sampleAlert('a1');
    const text = JSON.stringify(alert);
    expect(payloadOf(formatCef, { alert, text })).toEqual(formatCef(alert, { maxBytes: null }));
    expect(payloadOf(formatNative, { alert })).toEqual(formatNative(alert, { maxBytes: null }));
  });

  it('has the same bytes for whoever needs no text of it', () => {
    const alert = sampleAlert('a1', { title: 'ä \u2028 "t"' });
    for (const format of [formatNative, formatCef]) {
      const sent = sentPayloadOf(format, { alert });
      expect({ ...sent, body: sent.body.toString() }).toEqual(payloadOf(format, { alert }));
    }
    expect(sentPayloadOf(formatNative, UNREAD).body).toBe(UNREAD.text);
  });

  it('is not the text where that is too long', () => {
    const bytes = Buffer.byteLength(UNREAD.text);
    expect(formatNative.ofText?.(UNREAD.text, { maxBytes: bytes })?.body).toBe(UNREAD.text);
    expect(formatNative.ofText?.(UNREAD.text, { maxBytes: bytes - 1 })).toBeNull();
  });
});
