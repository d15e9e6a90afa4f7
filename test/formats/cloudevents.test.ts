import { describe, expect, it } from '@jest/globals';
import { CloudEvent, HTTP } from 'cloudevents';
import fc from 'fast-check';
import type { Alert } from '../../src/alerts/alert.ts';
import { validateAlert } from '../../src/alerts/map/validate-alert.ts';
import { formatCloudevents } from '../../src/formats/cloudevents.ts';
import { makeAlert } from '../alerts/samples.ts';
import { OTHER_ALERTS, oddAlert } from './odd-alerts.ts';

/** What the library reads; it throws for what is no CloudEvent. */
function read(alert: Alert, maxBytes: number | null = null): CloudEvent<Alert> {
  const { body, contentType } = formatCloudevents(alert, { maxBytes });
  const made = HTTP.toEvent<Alert>({ headers: { 'content-type': contentType }, body });
  if (!(made instanceof CloudEvent)) throw new Error('not one CloudEvent');
  made.validate();
  return made;
}

describe('structured', () => {
  it('has its attributes beside the alert', () => {
    const alert = makeAlert({ revision: 2, status: 'resolved' });
    expect(read(alert)).toMatchObject({
      specversion: '1.0',
      id: `${alert.id}-2`,
      source: 'urn:huntwire:contoso',
      type: 'huntwire.detection.resolved',
      subject: alert.id,
      datacontenttype: 'application/json',
      severity: 'high',
      revision: 2,
      data: alert,
    });
  });

  it('has a source that is a URI whatever the tenant is called', () => {
    expect(read(makeAlert({ tenant: 'Größe & Söhne\ud800' })).source).toBe(
      'urn:huntwire:Gr%C3%B6%C3%9Fe%20%26%20S%C3%B6hne%EF%BF%BD',
    );
  });

  it.each(OTHER_ALERTS)('is read by the library: %s', (_, alert) => {
    expect(read(alert).data).toEqual(alert);
    expect(read(alert, 1500).data?.id).toBe(alert.id);
    expect(read(alert, 700)).toMatchObject({ subject: alert.id, data: undefined });
  });

  it('carries valid alerts, whatever rows hold, at whatever size', () => {
    fc.assert(
      fc.property(oddAlert, fc.constantFrom(null, 1500, 3000), (alert, maxBytes) => {
        const { data } = read(alert, maxBytes);
        validateAlert(data);
        expect(data).toMatchObject({ id: alert.id });
      }),
    );
  });
});
