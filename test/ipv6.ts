import { networkInterfaces } from 'node:os';
import { describe, it } from '@jest/globals';

/** Describes what is reached over `::1`; a machine without IPv6 skips it and says so, also where all programs must be there. */
export function describeOverIpv6(name: string, body: () => void): void {
  const isHere = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));
  if (isHere) describe(name, body);
  else describe(name, () => it.skip('this machine has no ::1', () => undefined));
}
