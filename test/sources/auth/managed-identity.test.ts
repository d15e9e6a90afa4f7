/** @jest-environment-options {"modules": "own"} */
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../src/lib/clock.ts';
import { silentLog } from '../../../src/lib/log.ts';
import { createTokenSource } from '../../../src/sources/auth/token-source.ts';
import { fakeToken, sendJson, startStandIn } from '../stand-in.ts';

// A file of its own, with modules of its own: msal-node keeps what it first learnt of the machine for as long as it is loaded.
const variables = { ...process.env };
afterEach(() => {
  process.env = { ...variables };
});

const server = await startStandIn((seen, response) => {
  if (seen.path.includes('client_id=broken')) return sendJson(response, 500, { error: 'server_error' });
  const expires = Math.floor(Date.now() / 1000) + 3600;
  return sendJson(response, 200, {
    access_token: fakeToken({ path: seen.path }),
    expires_on: expires,
    resource: 'r',
    token_type: 'Bearer',
  });
});
afterAll(() => server.close());

function tokensOf(clientId?: string) {
  process.env.IDENTITY_ENDPOINT = `${server.origin}/msi/token`;
  process.env.IDENTITY_HEADER = 'machine-header';
  const tokens = createTokenSource({
    auth: { managedIdentity: true, ...(clientId !== undefined && { clientId }) },
    loginHost: 'https://login.microsoftonline.com',
    proxy: null,
    delegatedPermission: 'ThreatHunting.Read.All',
    clock: systemClock,
    log: silentLog,
    prompt: () => undefined,
  });
  const token = () => tokens.token('https://graph.example/.default', null, new AbortController().signal);
  return { token, close: () => tokens.close() };
}

describe('the endpoint of the machine', () => {
  it('is asked once where it fails: whoever asked decides when to ask again', async () => {
    const { token, close } = tokensOf('broken');
    await expect(token()).rejects.toMatchObject({ code: 'SOURCE_SERVER', retryable: true });
    expect(server.seen).toHaveLength(1);
    await close();
  });

  it('is asked by each tenant over its own connections, also when another one has closed its own', async () => {
    const first = tokensOf('first');
    expect(await first.token()).toBeTruthy();
    await first.close();
    const [second, third, broken] = [tokensOf('second'), tokensOf('third'), tokensOf('broken')];
    const answers = await Promise.allSettled([second.token(), broken.token(), third.token()]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(answers[1]).toMatchObject({ reason: { code: 'SOURCE_SERVER' } });
    const [one, , other] = answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : ''));
    expect(one).not.toBe(other);
    await Promise.all([second.close(), third.close(), broken.close()]);
  });
});
