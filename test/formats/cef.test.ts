import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Alert, AlertEntity } from '../../src/alerts/alert.ts';
import { formatCef } from '../../src/formats/cef.ts';
import { escapeHeader, escapeValue } from '../../src/formats/cef-escape.ts';
import { isIpv4, isIpv6 } from '../../src/formats/ip-address.ts';
import { makeAlert } from '../alerts/samples.ts';
import { tries } from '../tries.ts';
import { OTHER_ALERTS, oddAlert, tableAlerts } from './odd-alerts.ts';
import { describeWith, oracle } from './oracles.ts';
import { parseCef } from './parse-cef.ts';

function cef(changes: Partial<Alert> = {}, maxBytes: number | null = null) {
  return parseCef(formatCef(makeAlert(changes), { maxBytes }).body);
}

function ofEntities(...entities: readonly AlertEntity[]) {
  return cef({ entities, evidence: [] }).extension;
}

describe('the header', () => {
  it('says who, what and how bad', () => {
    expect(cef().header).toEqual(['CEF:0', 'Huntwire', 'Huntwire', '1.0', 'sample', 'powershell.exe on pc1', '8']);
  });

  it.each([
    ['informational', '1'],
    ['low', '3'],
    ['medium', '5'],
    ['high', '8'],
    ['critical', '10'],
  ] as const)('writes %s as %s', (severity, expected) => {
    expect(cef({ severity }).header[6]).toBe(expected);
  });

  it('escapes pipes and backslashes and has no line breaks', () => {
    const { body } = formatCef(makeAlert({ title: 'a|b\\c\r\nd=e' }), { maxBytes: null });
    expect(body).toContain('|a\\|b\\\\c d=e|8|');
  });

  it('names the condition of a health alert', () => {
    const { header, extension } = cef({ kind: 'health', health: { code: 'gap', subject: 'sample' } });
    expect([header[4], extension.get('cat')]).toEqual(['health-gap', 'health:gap']);
  });
});

describe('the extension', () => {
  it('carries id, times, counts and the rule', () => {
    const { extension } = cef({
      suppressedCount: 3,
      suppressed: { duplicate: 1, quiet: 2 },
      revision: 1,
      status: 'resolved',
    });
    expect(Object.fromEntries(extension)).toMatchObject({
      externalId: makeAlert().id,
      rt: String(Date.UTC(2026, 0, 1, 12, 0, 1)),
      start: String(Date.parse('2026-01-01T11:50:00.123Z')),
      end: String(Date.UTC(2026, 0, 1, 11, 55)),
      cn1: '1',
      cn1Label: 'revision',
      cn2: '3',
      huntwireSuppressed: '1 duplicate, 2 quiet',
      outcome: 'resolved',
      cnt: '2',
      cs1: 'Sample rule',
      cs2: 'T1059.001',
      cs3: 'contoso',
      act: 'ProcessCreated',
      dhost: 'pc1',
      deviceExternalId: 'd1',
      duser: 'bob',
      dntdom: 'contoso',
      duid: 'S-1-5-21',
      dproc: 'powershell.exe',
      dpid: '42',
      cs4: 'powershell -enc SQBFAFgA=',
      cs4Label: 'commandLine',
    });
  });

  it('sends IPv4 to src and dst, IPv6 to keys of its own, anything else nowhere', () => {
    const extension = ofEntities(
      { type: 'ip', role: 'source', name: '10.0.0.1', port: 1024 },
      { type: 'ip', role: 'source', name: '2001:db8::1' },
      { type: 'ip', role: 'destination', name: '2001:db8::2', port: 443 },
      { type: 'ip', role: 'destination', name: 'example.com', port: 99_999 },
    );
    expect(extension.get('src')).toBe('10.0.0.1');
    expect(extension.get('spt')).toBe('1024');
    expect(extension.get('c6a2')).toBe('2001:db8::1');
    expect(extension.get('c6a3')).toBe('2001:db8::2');
    expect(extension.get('c6a3Label')).toBe('Destination IPv6 Address');
    expect(extension.get('dpt')).toBe('443');
    expect(extension.has('dst')).toBe(false);
  });

  it('puts actors and parents on the source side', () => {
    const extension = ofEntities(
      { type: 'account', role: 'initiating', name: 'alice', domain: 'corp' },
      { type: 'process', role: 'parent', name: 'winword.exe', pid: 41, commandLine: 'winword /n' },
      { type: 'file', name: 'evil.dll', path: 'C:\\evil.dll', sha1: 'bb', size: 10 },
      { type: 'host', role: 'remote', name: 'pc2' },
    );
    expect(Object.fromEntries(extension)).toMatchObject({
      suser: 'alice',
      sntdom: 'corp',
      sproc: 'winword.exe',
      spid: '41',
      cs5: 'winword /n',
      fname: 'evil.dll',
      filePath: 'C:\\evil.dll',
      fileHash: 'bb',
      fsize: '10',
      shost: 'pc2',
    });
    expect(extension.has('duser')).toBe(false);
  });

  it('leaves out values of which nothing is left, and names an alert without a visible title by its rule', () => {
    const title = '\u202e';
    const blank = [{ type: 'file' as const, path: ' \u2028 ', name: '\u0000', md5: 'aa' }];
    const { header, extension } = cef({ title, description: '\n', entities: blank, evidence: [{ RegistryKey: '\t' }] });
    expect(header[5]).toBe('sample');
    expect([...extension].filter(([, value]) => value === '')).toEqual([]);
    for (const key of ['msg', 'filePath', 'fname', 'cs6', 'cs6Label']) expect(extension.has(key)).toBe(false);
    expect(extension.get('fileHash')).toBe('aa');
  });

  it('covers mail, links, registry and applications', () => {
    const extension = ofEntities(
      { type: 'mail', id: 'n1', sender: 'a@example.com', recipient: 'b@example.com' },
      { type: 'url', name: 'https://example.com/?a=b' },
      { type: 'registry', name: 'HKLM\\X' },
      { type: 'app', name: 'Teams' },
    );
    expect(Object.fromEntries(extension)).toMatchObject({
      suser: 'a@example.com',
      duser: 'b@example.com',
      request: 'https://example.com/?a=b',
      cs6: 'HKLM\\X',
      sourceServiceName: 'Teams',
    });
  });
});

describe('columns of the first row', () => {
  it('fill in what no entity says', () => {
    const evidence = [
      {
        ActionType: 'ConnectionSuccess',
        RemoteIP: '2001:db8::1',
        RemotePort: '443',
        PublicIP: '192.0.2.1',
        MacAddress: '00155DABCDEF',
        UserAgent: 'curl',
      },
    ];
    expect(Object.fromEntries(cef({ entities: [], evidence }).extension)).toMatchObject({
      c6a3: '2001:db8::1',
      c6a3Label: 'Destination IPv6 Address',
      dpt: '443',
      dvc: '192.0.2.1',
      dmac: '00:15:5D:AB:CD:EF',
      requestClientApplication: 'curl',
    });
  });

  it('never put the hash of the process beside the path of the file, or the domain of one account beside another', () => {
    const extension = ofEntities(
      { type: 'file', path: 'C:\\a.dll' },
      { type: 'process', name: 'p.exe', path: 'C:\\p.exe', sha256: 'bb' },
      { type: 'account', name: 'bob' },
      { type: 'mail', recipient: 'eve@example.com' },
    );
    expect(Object.fromEntries(extension)).toMatchObject({ filePath: 'C:\\a.dll', dproc: 'p.exe', duser: 'bob' });
    expect(extension.has('fileHash')).toBe(false);
  });
});

describe('shrinking', () => {
  it('shortens values, then lets fields go, and says so', () => {
    const alert = { description: 'd'.repeat(2000) };
    const some = cef(alert, 1500);
    expect(some.extension.get('flexString2')).toBe('truncated');
    expect(some.extension.get('dhost')).toBe('pc1');
    const least = cef(alert, 450);
    expect(least.extension.get('externalId')).toBe(makeAlert().id);
    expect(least.extension.has('msg')).toBe(false);
    expect(cef(alert).extension.has('flexString2')).toBe(false);
  });
});

describe('escaping', () => {
  it('comes back unchanged, but for ends and control characters', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ' ', '=', '\\', '|', '\n', '\r', 'é', '😀', 'cs1=') });
    fc.assert(
      fc.property(text, text, (description, title) => {
        const { header, extension } = cef({ description, title: `t${title}` });
        expect(extension.get('msg') ?? '').toBe(description.trim());
        expect(header[5]).toBe(`t${title}`.replace(/\r\n|\r|\n/g, ' ').trim());
        expect(extension.get('cs1')).toBe('Sample rule');
      }),
    );
  });

  it.each([
    ['a=b\\c|d', 'a\\=b\\\\c|d'],
    [' a\r\nb\u0000\t', 'a\\r\\nb'],
    ['x\u2028y', 'x\\ny'],
    ['\ud800', '\ufffd'],
  ])('writes the value %j as %j', (value, expected) => {
    expect(escapeValue(value)).toBe(expected);
  });

  it('keeps the characters of a header field in their order', () => {
    expect(cef({ title: 'invoice\u202egpj.exe\u2066' }).header[5]).toBe('invoicegpj.exe');
  });

  it('keeps a header field on one line', () => {
    expect(escapeHeader('a\r\nb\u0007|\\')).toBe('a b \\|\\\\');
  });
});

describe('addresses', () => {
  it.each([
    ['1.2.3.4', true, false],
    ['256.1.1.1', false, false],
    ['1.2.3', false, false],
    ['::1', false, true],
    ['fe80::1%eth0', false, false],
    ['::ffff:1.2.3.4', false, true],
    ['12:34', false, false],
    ['::1]/x[', false, false],
  ])('%s', (text, four, six) => {
    expect([isIpv4(text), isIpv6(text)]).toEqual([four, six]);
  });
});

describe('a strict reader', () => {
  it.each(OTHER_ALERTS)('takes %s', (_, alert) => {
    expect(parseCef(formatCef(alert, { maxBytes: null }).body).extension.get('externalId')).toBe(alert.id);
  });

  it.each(tableAlerts())('takes a row of %s', (_, alert) => {
    expect(parseCef(formatCef(alert, { maxBytes: null }).body).extension.get('externalId')).toBe(alert.id);
  });

  it('takes whatever rows hold, at whatever size', () => {
    fc.assert(
      fc.property(oddAlert, fc.constantFrom(null, null, 500, 3000), (alert, maxBytes) => {
        const { header, extension } = parseCef(formatCef(alert, { maxBytes }).body);
        expect([header.length, extension.get('externalId')]).toEqual([7, alert.id]);
      }),
      { numRuns: tries(40, 300) },
    );
  });
});

const DICTIONARY = 'cef-dictionary.csv';

describeWith(DICTIONARY, 'the CEF dictionary', () => {
  /** Keys of the standard that the list leaves out. */
  const MISSING = ['c6a2', 'c6a2Label'];
  const TYPES: Readonly<Record<string, RegExp>> = {
    string: /[\s\S]*/,
    integer: /^\d+$/,
    long: /^\d+$/,
    timestamp: /^\d{13}$/,
    ipv4_address: /^\d+\.\d+\.\d+\.\d+$/,
    ipv6_address: /:/,
    mac_address: /^(?:[0-9A-F]{2}:){5}[0-9A-F]{2}$/,
  };

  it('has every key that we send, and our values keep to types and lengths', () => {
    const lines = oracle(DICTIONARY).split('\n').slice(1);
    const known = new Map(
      lines.map((line) => line.split(',')).map(([key = '', , type, length]) => [key, { type, length }]),
    );
    const long = 'x'.repeat(10_000);
    const entities: AlertEntity[] = [
      { type: 'host', id: long, name: long },
      { type: 'host', role: 'remote', name: long },
      { type: 'account', name: long, domain: long, sid: long },
      { type: 'account', role: 'initiating', name: long, domain: long, sid: long },
      { type: 'file', name: long, path: long, sha256: long, size: 10 },
      { type: 'process', name: long, pid: 1, commandLine: long },
      { type: 'process', role: 'parent', name: long, pid: 1, commandLine: long },
      { type: 'ip', role: 'source', name: '10.0.0.1', port: 1 },
      { type: 'ip', role: 'destination', name: '10.0.0.2', port: 2 },
      { type: 'ip', role: 'source', name: '::1' },
      { type: 'ip', role: 'destination', name: '::2' },
      { type: 'url', name: long },
      { type: 'registry', name: long },
      { type: 'app', name: long },
    ];
    const evidence = [
      { ActionType: long, Protocol: long, PublicIP: '10.0.0.3', MacAddress: '00155DABCDEF', UserAgent: long },
    ];
    const { extension } = cef({ entities, evidence, description: long, tenant: long, suppressedCount: 1 });
    expect(extension.size).toBeGreaterThan(45);
    for (const [key, value] of extension) {
      if (MISSING.includes(key)) continue;
      const { type = '', length = '' } = known.get(key) ?? {};
      expect([key, TYPES[type]?.test(value)]).toEqual([key, true]);
      if (length !== '') expect([key, value.length <= Number(length)]).toEqual([key, true]);
    }
  });
});
