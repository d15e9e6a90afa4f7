import { afterEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../src/lib/clock.ts';
import { silentLog } from '../../../src/lib/log.ts';
import { createTokenSource } from '../../../src/sources/auth/token-source.ts';
import { sendJson, startStandIn } from '../stand-in.ts';

// A file of its own: msal-node keeps what it first learnt of the machine, connections included, for as long as it is loaded.
const variables = { ...process.env };
afterEach(() => {
  process.env = { ...variables };
});

describe('the endpoint of the machine', () => {
  it('is asked once where it fails: whoever asked decides when to ask again', async () => {
    const server = await startStandIn((_, response) => sendJson(response, 500, { error: 'server_error' }));
    process.env.IDENTITY_ENDPOINT = `${server.origin}/msi/token`;
    process.env.IDENTITY_HEADER = 'machine-header';
    const tokens = createTokenSource({
      auth: { managedIdentity: true },
      loginHost: 'https://login.microsoftonline.com',
      proxy: null,
      delegatedPermission: 'ThreatHunting.Read.All',
      clock: systemClock,
      log: silentLog,
      prompt: () => undefined,
    });
    const asked = tokens.token('https://graph.example/.default', null, new AbortController().signal);
    await expect(asked).rejects.toMatchObject({ code: 'SOURCE_SERVER', retryable: true });
    expect(server.seen).toHaveLength(1);
    await tokens.close();
    await server.close();
  });
});
