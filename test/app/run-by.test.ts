import { expect, it } from '@jest/globals';
import { createRunBy } from '../../src/app/run-by.ts';
import type { HttpConfig } from '../../src/config/config.ts';
import { requireRunHere } from '../../src/run/desk/run-here.ts';
import type { LeaseName } from '../../src/state/lease.ts';

const HTTP: HttpConfig = { host: '0.0.0.0', port: 8484, tokens: [], console: false, basePath: '/hunt/' };
const book = {
  holder: ({ kind, name }: LeaseName) => (kind === 'tenant' && name === 'north' ? { machine: 'web-2', pid: 17 } : null),
};

function refusal(name: string, http: HttpConfig | null): unknown {
  const runBy = createRunBy(book, () => http);
  try {
    return requireRunHere({ name, runBy: () => runBy(name) });
  } catch (thrown) {
    return thrown;
  }
}

it.each([
  ['north', HTTP, 'is run by process 17 on web-2 (http://web-2:8484/hunt/) at the moment; ask that one.'],
  ['north', { ...HTTP, host: '127.0.0.1' }, 'is run by process 17 on web-2 at the moment; ask that one.'],
  ['north', { ...HTTP, port: 0 }, 'is run by process 17 on web-2 at the moment; ask that one.'],
  ['north', null, 'is run by process 17 on web-2 at the moment; ask that one.'],
  ['south', HTTP, '("huntwire status" tells which); ask that one.'],
])('who asks for a tenant of another process is told who that is: %s, %j', (name, http, words) => {
  expect(refusal(name, http)).toMatchObject({
    code: 'STATE_LOCKED',
    retryable: true,
    message: expect.stringContaining(words),
  });
});
