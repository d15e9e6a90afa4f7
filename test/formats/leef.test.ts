import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Alert } from '../../src/alerts/alert.ts';
import { formatLeef } from '../../src/formats/leef.ts';
import { makeAlert } from '../alerts/samples.ts';
import { tries } from '../tries.ts';
import { alertOfRows, OTHER_ALERTS, oddAlert, tableAlerts } from './odd-alerts.ts';
import { parseLeef } from './parse-leef.ts';

function leef(alert: Alert, maxBytes: number | null = null) {
  return parseLeef(formatLeef(alert, { maxBytes }).body);
}

const attributesOf = (alert: Alert) => Object.fromEntries(leef(alert).attributes);

describe('what it says', () => {
  it('has who, what and the delimiter in its header', () => {
    const { header, delimiter } = leef(makeAlert());
    expect(header).toEqual(['LEEF:2.0', 'Huntwire', 'Huntwire', '1.0', 'sample']);
    expect(delimiter).toBe('^');
    expect(leef(makeAlert({ health: { code: 'gap', subject: 'r' }, kind: 'health' })).header[4]).toBe('health-gap');
  });

  it('has the alert in the keys that QRadar knows, and the rest in keys of its own', () => {
    expect(attributesOf(makeAlert({ status: 'resolved', revision: 1 }))).toMatchObject({
      alertId: makeAlert().id,
      devTime: String(Date.parse('2026-01-01T12:00:01Z')),
      revision: '1',
      status: 'resolved',
      cat: 'detection',
      sev: '8',
      usrName: 'bob',
      domain: 'contoso',
      userId: 'S-1-5-21',
      identHostName: 'pc1',
      commandLine: 'powershell -enc SQBFAFgA=',
      msg: 'A rule for tests.',
    });
  });

  it('sends addresses of both families, ports and the MAC as QRadar writes it', () => {
    const row = { LocalIP: '10.0.0.1', RemoteIP: '2001:db8::1', RemotePort: 443, MacAddress: '00155DABCDEF' };
    expect(attributesOf(alertOfRows([row], ['DeviceNetworkEvents']))).toMatchObject({
      src: '10.0.0.1',
      dst: '2001:db8::1',
      dstPort: '443',
      identMAC: '00:15:5D:AB:CD:EF',
    });
  });

  it.each([
    ['informational', '1'],
    ['low', '3'],
    ['medium', '5'],
    ['high', '8'],
    ['critical', '10'],
  ] as const)('writes %s as %s', (severity, sev) => {
    expect(attributesOf(makeAlert({ severity })).sev).toBe(sev);
  });

  it('leaves out values of which nothing is left', () => {
    const { attributes } = leef(
      makeAlert({ description: ' ', entities: [{ type: 'file', path: '\u2028', md5: 'aa' }] }),
    );
    expect([...attributes].filter(([, value]) => value === '')).toEqual([]);
    expect(attributes.get('fileHash')).toBe('aa');
  });

  it('shortens values, then lets attributes go, and says so', () => {
    const alert = makeAlert({ description: 'd'.repeat(3000) });
    const some = leef(alert, 1700).attributes;
    expect([some.get('payload'), some.get('identHostName')]).toEqual(['truncated', 'pc1']);
    const least = leef(alert, 300).attributes;
    expect([least.get('alertId'), least.has('msg')]).toEqual([alert.id, false]);
    expect(leef(alert).attributes.has('payload')).toBe(false);
  });
});

describe('what cannot be escaped', () => {
  it('is left whole: another delimiter is taken', () => {
    const { delimiter, attributes } = leef(makeAlert({ description: 'p^o^w^e~r' }));
    expect([delimiter, attributes.get('msg')]).toEqual(['`', 'p^o^w^e~r']);
  });

  it('gives way only where every delimiter is in use', () => {
    const description = 'a^b~`#!;*@$%?+';
    const { delimiter, attributes } = leef(makeAlert({ description }));
    expect([delimiter, attributes.get('msg')]).toEqual(['^', 'a b~`#!;*@$%?+']);
  });

  it('stands on one line', () => {
    const rule = { ...makeAlert().rule, id: 'a|b\nc' };
    const { header, attributes } = leef(makeAlert({ description: 'a\r\nb\u2028c\td\ud800=|', rule }));
    expect([header[4], attributes.get('msg')]).toEqual(['a b c', 'a b c d\ufffd=|']);
  });

  it('comes back unchanged, but for line breaks and blanks at the ends', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', ' ', '=', '\\', '|', '^', '~', 'é', '😀', '=b'),
      maxLength: 40,
    });
    fc.assert(
      fc.property(text, (description) => {
        expect(leef(makeAlert({ description })).attributes.get('msg') ?? '').toBe(description.trim());
      }),
    );
  });
});

describe('a strict reader', () => {
  it.each(OTHER_ALERTS)('takes %s', (_, alert) => {
    expect(leef(alert).attributes.get('alertId')).toBe(alert.id);
  });

  it.each(tableAlerts())('takes a row of %s', (_, alert) => {
    expect(leef(alert).attributes.get('alertId')).toBe(alert.id);
  });

  it('takes whatever rows hold, at whatever size', () => {
    fc.assert(
      fc.property(oddAlert, fc.constantFrom(null, null, 500, 3000), (alert, maxBytes) => {
        const { attributes } = leef(alert, maxBytes);
        expect(attributes.get('alertId')).toBe(alert.id);
        for (const key of ['usrName', 'domain', 'identHostName', 'cat']) {
          expect((attributes.get(key) ?? '').length).toBeLessThanOrEqual(255);
        }
      }),
      { numRuns: tries(40, 300) },
    );
  });
});
