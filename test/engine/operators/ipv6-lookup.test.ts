import { describe, expect, it } from '@jest/globals';
import { rowsOf } from '../evaluate.ts';

const TABLES =
  'let N = datatable(net: string, name: string)["2001:db8::/32", "wide", "2001:db8:1::/48", "narrow", "10.0.0.0/8", "four", "none", "broken"]; let T = datatable(n: long, ip: string)[1, "2001:db8:1::5", 2, "10.1.2.3", 3, "fe80::1", 4, "::ffff:10.0.0.1", 5, ""];';

describe('ipv6_lookup', () => {
  it('finds every network that holds the address', async () => {
    expect(await rowsOf(`${TABLES} T | evaluate ipv6_lookup(N, ip, net) | project n, name`)).toEqual([
      [1, 'wide'],
      [1, 'narrow'],
      [2, 'four'],
      [4, 'four'],
    ]);
  });

  it('keeps the other rows if told so', async () => {
    for (const option of ['return_unmatched = true', 'true']) {
      const query = `${TABLES} T | where n > 2 | evaluate ipv6_lookup(N, ip, net, ${option})`;
      expect(await rowsOf(query)).toEqual([
        [3, 'fe80::1', '', ''],
        [4, '::ffff:10.0.0.1', '10.0.0.0/8', 'four'],
        [5, '', '', ''],
      ]);
    }
  });

  it('refuses extra keys', async () => {
    await expect(rowsOf(`${TABLES} T | evaluate ipv6_lookup(N, ip, net, n)`)).rejects.toMatchObject({
      name: 'HuntwireError',
    });
  });
});
