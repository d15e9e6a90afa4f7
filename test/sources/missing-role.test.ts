import { expect, it } from '@jest/globals';
import { askEmulator } from './emulated.ts';
import { depsOf, grantToken, makeSource, secretAuth, sendJson, startStandIn } from './stand-in.ts';

const WORKSPACES = { workspaces: ['12345678-1234-1234-1234-1234567890ab'] };
const KUSTO = { cluster: 'https://c.kusto.windows.net', database: 'Security' };

it.each([
  ['loganalytics', WORKSPACES, 'role Log Analytics Reader on each workspace'],
  ['kusto', KUSTO, 'role Viewer on source.database'],
  ['lake', {}, 'role Log Analytics Reader on the workspace'],
])('%s: doctor names the role that is missing', async (api, settings, fix) => {
  const { source, close } = await askEmulator(api, settings, { application: { roles: [] } });
  const failed = (await source.check(new AbortController().signal)).filter(({ ok }) => !ok);
  await close();
  expect(failed).toMatchObject([{ name: 'permission', fix: expect.stringContaining(fix) }]);
});

const SEMANTIC = {
  code: 'Forbidden',
  '@message': "Principal 'aadapp=1' is not authorized to read database 'X'.",
  '@permanent': true,
};

/** What the pages of the services say of who may not read, and what helps. */
it.each<[string, object, number, object, string, string]>([
  [
    'loganalytics',
    WORKSPACES,
    403,
    { code: 'InsufficientAccessError', message: 'x' },
    'permission',
    'Log Analytics Reader',
  ],
  ['loganalytics', WORKSPACES, 403, { code: 'InvalidAuthenticationToken', message: 'x' }, 'token', 'scope'],
  ['loganalytics', WORKSPACES, 401, { code: 'AuthenticationFailed', message: 'x' }, 'token', 'scope'],
  ['loganalytics', WORKSPACES, 400, { code: 'FailedToResolveResource', message: 'x' }, 'query', 'source.workspaces'],
  ['loganalytics', WORKSPACES, 404, { code: 'PathNotFoundError', message: 'x' }, 'query', 'source.baseUrl'],
  ['kusto', KUSTO, 403, SEMANTIC, 'permission', 'role Viewer'],
  ['kusto', KUSTO, 401, {}, 'token', 'scope'],
  [
    'kusto',
    KUSTO,
    400,
    { code: 'BadRequest_EntityNotFound', message: "Entity ID 'X' of kind 'Database' was not found." },
    'query',
    'the database',
  ],
  ['lake', {}, 403, { code: 'Forbidden', message: 'x' }, 'permission', 'az role assignment create'],
])('%s %j: doctor tells what %d %j means', async (api, settings, status, error, name, says) => {
  const server = await startStandIn((seen, response) => {
    if (seen.path.includes('/oauth2/')) return grantToken(seen, response, []);
    if (seen.method === 'HEAD') return void response.writeHead(404).end();
    return sendJson(response, status, { error });
  });
  const source = makeSource(api, { baseUrl: server.origin, ...settings }, depsOf(secretAuth(server.origin)));
  const failed = (await source.check(new AbortController().signal)).filter(({ ok }) => !ok);
  await source.close();
  await server.close();
  expect(failed).toMatchObject([{ name }]);
  expect(`${failed[0]?.message} ${failed[0]?.fix}`).toContain(says);
});
