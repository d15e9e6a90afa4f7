import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Acknowledgement, Alert } from '../../src/alerts/alert.ts';
import { outlineOf } from '../../src/formats/presets/outline/outline.ts';
import { outlineText } from '../../src/formats/presets/outline/outline-text.ts';
import { FORMATS } from '../../src/formats/registry.ts';
import { makeAlert } from '../alerts/samples.ts';
import { describeWith, oracle } from './oracles.ts';
import { parseCef } from './parse-cef.ts';
import { parseLeef } from './parse-leef.ts';

const AT = '2026-01-01T12:05:00Z';
const BY = 'Eve | =\\ "analyst"';

function taken(disposition?: Acknowledgement['disposition'], changes: Partial<Alert> = {}): Alert {
  return makeAlert({ revision: 1, acknowledged: { by: BY, at: AT, ...(disposition && { disposition }) }, ...changes });
}

function written(format: string, alert: Alert): string {
  return String(FORMATS.get(format)?.format(alert, { maxBytes: null }).body);
}

function parsed(format: string, alert: Alert): unknown {
  return JSON.parse(written(format, alert));
}

describe('who has taken an alert in hand, and what it turned out to be', () => {
  it('is in every format', () => {
    const alert = taken('false');
    expect(parsed('ocsf', alert)).toMatchObject({ assignee: { name: BY }, verdict_id: 1, verdict: 'False Positive' });
    expect(parsed('ecs', alert)).toMatchObject({ huntwire: { acknowledged_by: BY, disposition: 'false' } });
    const { extension } = parseCef(written('cef', alert));
    expect([extension.get('huntwireAcknowledgedBy'), extension.get('huntwireDisposition')]).toEqual([BY, 'false']);
    const { attributes } = parseLeef(written('leef', alert));
    expect([attributes.get('acknowledgedBy'), attributes.get('disposition')]).toEqual([BY, 'false']);
    expect(parsed('native', alert)).toMatchObject({ acknowledged: alert.acknowledged });
    expect(parsed('cloudevents', alert)).toMatchObject({ data: { acknowledged: alert.acknowledged } });
  });

  it('is told to people', () => {
    const size = { rows: 0, columns: 0, cell: 0, text: 100, entries: 0, value: 200, links: 0 };
    const text = (alert: Alert): string => outlineText(outlineOf(alert, size));
    expect(text(taken('benign'))).toContain(`Acknowledged: by ${BY} at ${AT}: benign`);
    expect(text(taken())).toContain(`Acknowledged: by ${BY} at ${AT}`);
    expect(text(makeAlert())).not.toContain('Acknowledged');
  });

  it('makes an OCSF finding one in progress, until it is resolved', () => {
    expect(parsed('ocsf', makeAlert())).toMatchObject({ status_id: 1 });
    expect(parsed('ocsf', taken())).toMatchObject({ status_id: 2, status: 'In Progress' });
    expect(parsed('ocsf', taken('true', { status: 'resolved' }))).toMatchObject({ status_id: 4, verdict_id: 2 });
  });

  it('leaves no trace where nobody has said so', () => {
    for (const format of ['ocsf', 'ecs', 'cef', 'leef']) {
      expect(written(format, makeAlert())).not.toMatch(/acknowledged|disposition|assignee|verdict|incident/i);
    }
  });
});

const SCHEMA = 'ocsf-1.8.0-detection-finding-host-incident.schema.json';

describeWith(SCHEMA, 'the official schema with the profile incident', () => {
  const text = oracle(SCHEMA);
  const validate = new Ajv2020({ strict: false }).compile(text === '' ? {} : JSON.parse(text));

  it.each([undefined, 'true', 'false', 'benign'] as const)('takes %s', (disposition) => {
    const document = parsed('ocsf', taken(disposition));
    expect(document).toMatchObject({ metadata: { profiles: ['host', 'incident'] } });
    expect([validate(document), validate.errors]).toEqual([true, null]);
  });
});
