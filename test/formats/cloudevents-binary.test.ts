import { describe, expect, it } from '@jest/globals';
import { CloudEvent, HTTP } from 'cloudevents';
import fc from 'fast-check';
import type { Alert } from '../../src/alerts/alert.ts';
import { formatCloudeventsBinary } from '../../src/formats/cloudevents-binary.ts';
import { formatNative } from '../../src/formats/native.ts';
import { makeAlert } from '../alerts/samples.ts';
import { anyCharacter } from '../any-character.ts';
import { OTHER_ALERTS, oddAlert } from './odd-alerts.ts';

function read(alert: Alert): CloudEvent<Alert> {
  const { body, contentType, headers } = formatCloudeventsBinary(alert, { maxBytes: null });
  const made = HTTP.toEvent<Alert>({ headers: { 'content-type': contentType, ...headers }, body });
  if (!(made instanceof CloudEvent)) throw new Error('not one CloudEvent');
  made.validate();
  return made;
}

describe('binary', () => {
  it('has its attributes in headers and the alert as the body', () => {
    const alert = makeAlert({ revision: 1 });
    expect(formatCloudeventsBinary(alert, { maxBytes: null })).toEqual({
      ...formatNative(alert, { maxBytes: null }),
      headers: {
        'ce-specversion': '1.0',
        'ce-id': `${alert.id}-1`,
        'ce-source': 'urn:huntwire:contoso',
        'ce-type': 'huntwire.detection.firing',
        'ce-subject': alert.id,
        'ce-time': '2026-01-01T12:00:01Z',
        'ce-severity': 'high',
        'ce-revision': '1',
      },
    });
  });

  it('writes what no header may hold as the HTTP binding says', () => {
    const { headers } = formatCloudeventsBinary(makeAlert({ tenant: 'a b%"é😀' }), { maxBytes: null });
    expect(headers?.['ce-source']).toBe('urn:huntwire:a%2520b%2525%2522%25C3%25A9%25F0%259F%2598%2580');
  });

  it.each(OTHER_ALERTS)('is read by the library: %s', (_, alert) => {
    expect(read(alert)).toMatchObject({ subject: alert.id, data: alert });
  });

  it('has headers that every HTTP client sends', () => {
    fc.assert(
      fc.property(oddAlert, fc.string({ unit: anyCharacter, maxLength: 20 }), (alert, tenant) => {
        for (const value of Object.values(
          formatCloudeventsBinary({ ...alert, tenant }, { maxBytes: null }).headers ?? {},
        )) {
          expect(value).toMatch(/^[!-~]*$/);
        }
      }),
    );
  });
});
