import { afterEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../src/lib/clock.ts';
import type { LogFields } from '../../../src/lib/log.ts';
import { silentLog } from '../../../src/lib/log.ts';
import { Secret } from '../../../src/lib/secret.ts';
import { createTokenSource, type TokenSource } from '../../../src/sources/auth/token-source.ts';
import { grantToken, type Seen, type StandIn, secretAuth, sendJson, startStandIn } from '../stand-in.ts';

const SCOPE = 'https://graph.microsoft.com/.default';
const NEVER = new AbortController().signal;
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const secretOf = (seen: Seen | undefined): string | null => new URLSearchParams(seen?.body).get('client_secret');

interface Login {
  readonly server: StandIn;
  readonly tokens: TokenSource;
  readonly world: { text: string };
  readonly known: Set<string>;
  readonly warned: (LogFields | undefined)[];
}

/** A login host that knows some secrets, and a tenant whose secret may change. */
async function startLogin(): Promise<Login> {
  const known = new Set(['first-secret']);
  const server = await startStandIn((seen, response) => {
    const given = secretOf(seen) ?? '';
    if (known.has(given)) return grantToken(seen, response);
    const error_description = `AADSTS7000215: Invalid client secret provided: ${given}, not first-secret`;
    return sendJson(response, 401, { error: 'invalid_client', error_description, error_codes: [7000215] });
  });
  closers.push(server.close);
  const world = { text: 'first-secret' };
  const clientSecret = new Secret({ text: () => world.text, trouble: () => null });
  const warned: (LogFields | undefined)[] = [];
  const tokens = createTokenSource({
    auth: { ...secretAuth(server.origin), clientSecret },
    loginHost: 'https://login.microsoftonline.com',
    proxy: null,
    delegatedPermission: 'x',
    clock: systemClock,
    log: { ...silentLog, warn: (_message, fields) => warned.push(fields) },
    prompt: () => undefined,
  });
  closers.push(tokens.close);
  return { server, tokens, world, known, warned };
}

describe('a client secret that has changed', () => {
  it('is used for the next token', async () => {
    const { server, tokens, world, known } = await startLogin();
    await tokens.token(SCOPE, null, NEVER);
    known.add('second-secret');
    world.text = 'second-secret';
    const renewed = await tokens.token(SCOPE, null, NEVER);
    expect(server.seen.map(secretOf)).toEqual(['first-secret', 'second-secret']);
    expect(await tokens.token(SCOPE, null, NEVER)).toBe(renewed);
    expect(server.seen).toHaveLength(2);
  });

  it('and is not known yet: the last token serves while it is good, and neither secret is shown', async () => {
    const { tokens, world, warned } = await startLogin();
    const token = await tokens.token(SCOPE, null, NEVER);
    world.text = 'second-secret';
    expect(await tokens.token(SCOPE, null, NEVER)).toBe(token);
    expect(warned).toMatchObject([
      { code: 'SOURCE_AUTH', error: expect.stringContaining('The client secret is wrong') },
    ]);
    expect(JSON.stringify(warned)).not.toMatch(/first-secret|second-secret/);
  });
});
