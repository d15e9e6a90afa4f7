import { describe, expect, it } from '@jest/globals';
import { HuntwireError } from '../../../src/lib/errors.ts';
import { Secret } from '../../../src/lib/secret.ts';
import { fixedHeaders, secretsInTemplate } from '../../../src/targets/webhook/webhook-headers.ts';
import type { WebhookConfig } from '../../../src/targets/webhook/webhook-schema.ts';

function headersOf(config: Partial<WebhookConfig>) {
  const whole = { type: 'webhook', url: new Secret('https://soar.example/'), ...config } as const;
  const { headers, secrets } = fixedHeaders(whole, 'targets.soar', 'huntwire/1');
  return { headers, secrets: secrets.filter(Boolean) };
}
const withHeader = (name: string, value = 'v') => headersOf({ headers: { [name]: new Secret(value) } });

function thrownBy(attempt: () => unknown): string {
  try {
    attempt();
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(HuntwireError);
    expect(thrown).toHaveProperty('code', 'CONFIG_INVALID');
    return (thrown as Error).message;
  }
  return 'nothing';
}

describe('the headers of every request', () => {
  it('are the user agent alone where nothing is configured', () => {
    expect(headersOf({})).toEqual({ headers: { 'user-agent': 'huntwire/1' }, secrets: [] });
  });

  it('are those of the configuration by their lower-case names, each a secret', () => {
    const config = { headers: { 'X-Team': new Secret('blue'), 'User-Agent': new Secret('ours') } };
    expect(headersOf(config)).toEqual({
      headers: { 'user-agent': 'ours', 'x-team': 'blue' },
      secrets: ['blue', 'ours'],
    });
  });

  it('have the authorization beside them, and its parts among the secrets', () => {
    const headers = { 'X-Team': new Secret('blue') };
    expect(headersOf({ headers, auth: { bearer: new Secret('token') } })).toEqual({
      headers: { 'user-agent': 'huntwire/1', 'x-team': 'blue', authorization: 'Bearer token' },
      secrets: ['blue', 'token'],
    });
    const encoded = Buffer.from('u:pä').toString('base64');
    expect(headersOf({ headers, auth: { basic: { user: 'u', password: new Secret('pä') } } })).toEqual({
      headers: { 'user-agent': 'huntwire/1', 'x-team': 'blue', authorization: `Basic ${encoded}` },
      secrets: ['blue', encoded, 'pä'],
    });
  });

  it.each([
    ['Token abc', ['Token abc', 'abc']],
    ['key="abc", other=def', ['key="abc", other=def', 'abc', 'def']],
    ['Basic dTpw', ['Basic dTpw', 'dTpw', 'p']],
    ['basic dTpw', ['basic dTpw', 'dTpw', 'p']],
    ['a b', ['a b', 'b']],
  ])('hold secrets in %s', (value, secrets) => {
    expect(withHeader('X-Key', value).secrets).toEqual(secrets);
  });

  it('may hold an authorization of the configuration where there is no auth', () => {
    expect(withHeader('Authorization', 'Token t').headers.authorization).toBe('Token t');
  });

  it.each([
    'Connection',
    'Content-Length',
    'Host',
    'Idempotency-Key',
    'Transfer-Encoding',
    'Upgrade',
    'Webhook-Id',
    'Webhook-Signature',
    'Webhook-Timestamp',
  ])('are never %s of the configuration', (name) => {
    expect(thrownBy(() => withHeader(name))).toBe(`targets.soar.headers.${name}: this header is set by Huntwire.`);
    expect(thrownBy(() => withHeader(`X-${name}`))).toBe('nothing');
  });

  it.each(['', 'a b', 'a:b', 'ä', 'a\n'])('have no header named %j', (name) => {
    expect(thrownBy(() => withHeader(name))).toContain('is no header name');
  });

  it('hold what a header may carry and nothing else', () => {
    expect(withHeader('a', 'tab\t and ÿ').headers.a).toBe('tab\t and ÿ');
    for (const value of ['\n', '\0', '\x7f', '€'])
      expect(thrownBy(() => withHeader('X-A', value))).toMatch(/^targets\.soar\.headers\.X-A: /);
    expect(thrownBy(() => headersOf({ auth: { bearer: new Secret('€') } }))).toMatch(/^targets\.soar\.auth\.bearer: /);
  });
});

it('what stands between the places of a template is a secret, and what an expression quotes', () => {
  const headers = {
    'X-Key': new Secret('Token s3cret-key-1 {{ id }}'),
    'X-More': new Secret('{{ "s3cret-key-2" & severity }}'),
  };
  const secrets = secretsInTemplate(headers);
  expect(secrets).toEqual(expect.arrayContaining(['s3cret-key-1', 's3cret-key-2']));
  expect(secrets).not.toContain('id');
});
