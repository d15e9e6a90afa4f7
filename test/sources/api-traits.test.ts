import { describe, expect, it } from '@jest/globals';
import { type ApiTraits, defaultBaseUrl, defaultScope, loginHost } from '../../src/sources/api-traits.ts';
import type { Cloud, Region } from '../../src/sources/clouds.ts';
import { traits as graph } from '../../src/sources/graph.ts';
import { traits as mde } from '../../src/sources/mde.ts';
import { traits as xdr } from '../../src/sources/xdr.ts';

describe('hosts', () => {
  it.each<[ApiTraits, Cloud, string, string]>([
    [graph, 'public', 'https://graph.microsoft.com', 'https://login.microsoftonline.com'],
    [graph, 'gcc', 'https://graph.microsoft.com', 'https://login.microsoftonline.com'],
    [graph, 'gcchigh', 'https://graph.microsoft.us', 'https://login.microsoftonline.us'],
    [graph, 'dod', 'https://dod-graph.microsoft.us', 'https://login.microsoftonline.us'],
    [xdr, 'public', 'https://api.security.microsoft.com', 'https://login.microsoftonline.com'],
    [xdr, 'gcc', 'https://api-gcc.security.microsoft.us', 'https://login.microsoftonline.com'],
    [xdr, 'gcchigh', 'https://api-gov.security.microsoft.us', 'https://login.microsoftonline.us'],
    [xdr, 'dod', 'https://api-gov.security.microsoft.us', 'https://login.microsoftonline.us'],
    [mde, 'public', 'https://api.securitycenter.microsoft.com', 'https://login.microsoftonline.com'],
    [mde, 'gcc', 'https://api-gcc.securitycenter.microsoft.us', 'https://login.microsoftonline.com'],
    [mde, 'gcchigh', 'https://api-gov.securitycenter.microsoft.us', 'https://login.microsoftonline.us'],
    [mde, 'dod', 'https://api-gov.securitycenter.microsoft.us', 'https://login.microsoftonline.us'],
  ])('of $api in %s', (traits, cloud, host, login) => {
    expect(defaultBaseUrl(traits, cloud, undefined)).toBe(host);
    expect(defaultScope(traits, cloud)).toBe(`${host}/.default`);
    expect(loginHost(cloud)).toBe(login);
  });

  it.each<[ApiTraits, Cloud, Region, string]>([
    [mde, 'public', 'eu', 'https://eu.api.security.microsoft.com'],
    [mde, 'public', 'aea', 'https://aea.api.security.microsoft.com'],
    [xdr, 'public', 'us', 'https://us.api.security.microsoft.com'],
    [mde, 'gcc', 'us', 'https://api-gcc.securitycenter.microsoft.us'],
    [graph, 'public', 'us', 'https://graph.microsoft.com'],
  ])('of $api in %s close to %s', (traits, cloud, region, host) => {
    expect(defaultBaseUrl(traits, cloud, region)).toBe(host);
  });
});
