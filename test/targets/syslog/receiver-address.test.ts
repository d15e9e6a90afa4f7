import { describe, expect, it } from '@jest/globals';
import { readAddress } from '../../../src/targets/syslog/receiver-address.ts';
import { addressesOf } from '../../../src/targets/syslog/settings.ts';
import { create } from '../../../src/targets/syslog.ts';
import { targetDeps } from '../sample-alert.ts';

describe('the address of a syslog receiver', () => {
  it.each([
    ['siem.example', 'siem.example', null],
    ['siem.example:6514', 'siem.example', 6514],
    ['10.1.2.3', '10.1.2.3', null],
    ['10.1.2.3:514', '10.1.2.3', 514],
    ['::1', '::1', null],
    ['fe80::1%eth0', 'fe80::1%eth0', null],
    ['2001:db8::514', '2001:db8::514', null],
    ['[::1]', '::1', null],
    ['[::1]:514', '::1', 514],
    ['[2001:db8::1]:65535', '2001:db8::1', 65_535],
    ['[fe80::1%eth0]:514', 'fe80::1%eth0', 514],
    ['[::1]:0', '[::1]:0', null],
    ['siem:65536', 'siem:65536', null],
    ['[::1', '[::1', null],
    ['', '', null],
  ])('may be %s', (text, host, port) => {
    expect(readAddress(text)).toEqual({ host, port });
  });

  it('has the port of its key, else the one behind it, else that of the protocol or of the first receiver', () => {
    const config = { type: 'syslog', host: '[::1]:1514' } as const;
    const failover = [{ host: '::2' }, { host: '[::3]:99' }, { host: 'b', port: 7 }];
    expect(addressesOf({ ...config, failover })).toEqual([
      { host: '::1', port: 1514 },
      { host: '::2', port: 1514 },
      { host: '::3', port: 99 },
      { host: 'b', port: 7 },
    ]);
    expect(addressesOf({ type: 'syslog', host: 'a', protocol: 'tls' })).toEqual([{ host: 'a', port: 6514 }]);
  });

  it('may not have two ports', () => {
    expect(() => create({ type: 'syslog', host: '[::1]:514', port: 515 }, targetDeps())).toThrow(
      'targets.soar: "[::1]:514" names another port than 515.',
    );
  });
});
