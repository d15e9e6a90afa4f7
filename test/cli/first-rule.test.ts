import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { runCli } from '../../src/cli/cli.ts';
import { verbsFor } from '../../src/cli/verbs.ts';
import { freePort } from '../lib/free-port.ts';
import { createFakeWorld, type FakeWorld } from './fake-world.ts';

const PAGE = readFileSync(new URL('../../docs/first-rule.md', import.meta.url), 'utf8');
/** The commands of the page, and its one edit. */
const COMMANDS = [...PAGE.matchAll(/```sh\n\s*(.*)\n/g)].map(([, command = '']) => command.trim());
const [, BEFORE = '', AFTER = ''] = /```diff\n\s*-(.*)\n\s*\+(.*)\n/.exec(PAGE) ?? [];
const EDITED = /`(first-rule\/rules\/[^`]+)`/.exec(PAGE)?.[1] ?? '';

let folder = '';
const standIns: { readonly world: FakeWorld; readonly ended: Promise<number> }[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'first-rule-'));
});
afterEach(async () => {
  for (const { world, ended } of standIns.splice(0)) {
    world.stop();
    await ended;
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

/** One line as it stands on the page, `cd` included. */
async function typed(line: string, port: number): Promise<FakeWorld & { readonly code: number }> {
  const [, place, command = ''] = /^(?:cd (\S+) && )?huntwire (.*)$/.exec(line) ?? [];
  const world = createFakeWorld(join(folder, place ?? '.'));
  const argv = command.replace('8480', String(port)).split(' ');
  const code = await runCli(argv, world, await verbsFor(argv));
  return { ...world, code };
}

/** Starts what goes on until it is stopped, and waits for its first line. */
async function started(line: string, port: number): Promise<FakeWorld> {
  const world = createFakeWorld(folder);
  const argv = line.replace('huntwire ', '').replace('8480', String(port)).split(' ');
  const ended = runCli(argv, world, await verbsFor(argv));
  standIns.push({ world, ended });
  while (!world.out().includes('\n')) await world.clock.sleep(10);
  return world;
}

describe('the page of the first rule', () => {
  it('has three commands and one edit', () => {
    expect(COMMANDS).toHaveLength(3);
    expect([BEFORE, AFTER, EDITED].every((text) => text.length > 10)).toBe(true);
  });

  it('leads from an empty folder to an alert of an own rule, and everything on the way is green', async () => {
    const port = await freePort();
    const [initLine = '', emulateLine = '', onceLine = ''] = COMMANDS;
    expect((await typed(`${initLine} --port 8480`, port)).code).toBe(0);
    const standIn = await started(emulateLine, port);
    for (const verb of ['lint --fail-on info', 'test', 'doctor']) {
      const world = await typed(`cd first-rule && huntwire ${verb}`, port);
      expect([verb, world.code, world.code === 0 ? '' : world.out() + world.err()]).toEqual([verb, 0, '']);
    }
    const rule = readFileSync(join(folder, EDITED), 'utf8');
    expect(rule.split(BEFORE)).toHaveLength(2);
    writeFileSync(join(folder, EDITED), rule.replace(BEFORE, AFTER));
    expect((await typed('cd first-rule && huntwire test', port)).code).toBe(0);
    const once = await typed(onceLine, port);
    expect([once.code, once.out()]).toEqual([0, expect.stringMatching(/receiver +[1-9]/)]);
    const received = standIn.err().trim().split('\n');
    expect(received.every((line) => /^received {2}medium {2}PowerShell on srv-/.test(line))).toBe(true);
    expect(new Set(received).size).toBe(received.length);
    expect((await typed(onceLine, port)).code).toBe(0);
    expect(standIn.err().trim().split('\n')).toEqual(received);
  });
});
