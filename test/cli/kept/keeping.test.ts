import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lintKeeping, runnerKeeping } from '../../../src/cli/kept/keeping.ts';

let folder: string;
let state: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lint-keeping-'));
  state = join(folder, 'huntwire.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function keepOne(cacheFolder: string | null): Promise<void> {
  const keeping = lintKeeping(cacheFolder, state, 'build');
  await keeping?.cache.set('rule:a', 'kept');
  keeping?.save();
}

describe('where lint keeps what it found', () => {
  it('is a file beside the state, where there is one, which nobody touches', async () => {
    writeFileSync(state, 'a state');
    await keepOne(null);
    expect(readdirSync(folder).sort()).toEqual(['huntwire.db', 'huntwire.db.lint']);
    expect(readFileSync(state, 'utf8')).toBe('a state');
    expect(await lintKeeping(null, state, 'build')?.cache.get('rule:a')).toBe('kept');
  });

  it('is nowhere without a state, and no state is made', async () => {
    await keepOne(null);
    expect(lintKeeping(null, null, 'build')).toBeNull();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is the folder that was asked for, whatever there is of a state', async () => {
    writeFileSync(state, 'a state');
    await keepOne(join(folder, 'cache'));
    expect(existsSync(`${state}.lint`)).toBe(false);
    expect(await lintKeeping(join(folder, 'cache'), null, 'build')?.cache.get('rule:a')).toBe('kept');
  });

  it('is nowhere for a program that does not know its build', () => {
    writeFileSync(state, 'a state');
    expect(lintKeeping(join(folder, 'cache'), state)).toBeNull();
  });
});

describe('where a runner keeps the rules that it read', () => {
  it('is a file beside the state, whether it is there yet or not, and another than that of lint', async () => {
    const keeping = runnerKeeping(state, 'build');
    await keeping?.cache.set('rule:a', 'kept');
    keeping?.save();
    expect(readdirSync(folder)).toEqual(['huntwire.db.rules']);
    expect(await runnerKeeping(state, 'build')?.cache.get('rule:a')).toBe('kept');
  });

  it('is nowhere for a state in memory, and for a program that does not know its build', () => {
    expect(runnerKeeping(':memory:', 'build')).toBeNull();
    expect(runnerKeeping(state)).toBeNull();
  });
});
