import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCli } from '../../../src/cli/cli.ts';
import { nextStep } from '../../../src/cli/doctor/next-step.ts';
import { doctor } from '../../../src/cli/doctor.ts';
import { init } from '../../../src/cli/init.ts';
import { failed } from '../../../src/lib/check-result.ts';
import { createFakeWorld } from '../fake-world.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'next-step-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the next step', () => {
  it('leads through what init left to fill in, one thing at a time', async () => {
    const env: Record<string, string> = {};
    await runCli(['init'], createFakeWorld(folder), [init]);
    for (const [name, is] of [
      ['HUNTWIRE_TENANT_ID', 'the tenant ID'],
      ['HUNTWIRE_CLIENT_ID', 'the application'],
      ['HUNTWIRE_CLIENT_SECRET', 'the value of a client secret'],
    ] as const) {
      const world = { ...createFakeWorld(folder), env };
      expect(await runCli(['doctor'], world, [doctor])).toBe(2);
      const said = world.out().match(/^Next: .*/gms)?.[0] ?? '';
      expect(said.replace(/\s+/g, ' ')).toMatch(new RegExp(`^Next: .*${name}.* It is ${is}`));
      env[name] = 'set';
    }
  });

  it('is the first failure where no secret is missing, and nothing where nothing fails', () => {
    const failures = [failed('dns', 'a', 'no name', 'Check DNS.'), failed('tls', 'b', 'no trust', null)];
    expect(nextStep(failures, [])).toBe('a: Check DNS.');
    expect(nextStep(failures.slice(1), [])).toBe('b: no trust');
    expect(nextStep([], [])).toBeNull();
  });

  it('says of a secret of no known kind only that it is missing', () => {
    const missing = { path: ['targets', 'soar', 'signing'], file: null, line: 1, column: 1, message: 'It is gone.' };
    expect(nextStep([], [missing as never])).toBe('It is gone. Then call doctor again.');
  });
});
