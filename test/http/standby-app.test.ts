import { expect, it } from '@jest/globals';
import { createStandbyApp } from '../../src/http/standby-app.ts';

it.each(['/livez', '/readyz'])('a process that stands by answers %s', async (path) => {
  const response = await createStandbyApp('/hunt').request(`/hunt${path}`);
  expect([response.status, await response.json()]).toEqual([200, expect.objectContaining({ standby: true })]);
});

it.each([
  ['GET', '/metrics'],
  ['POST', '/v1/actions/list_rules'],
  ['GET', '/'],
])('a process that stands by leaves %s %s to the one that runs', async (method, path) => {
  const response = await createStandbyApp('/').request(path, { method });
  expect([response.status, await response.json()]).toEqual([
    503,
    { error: expect.objectContaining({ code: 'STATE_LOCKED', message: expect.stringContaining('stands by') }) },
  ]);
});
