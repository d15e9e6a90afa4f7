import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FORMATS } from '../src/formats/registry.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '..');

/** The package as its users have it: installed in a folder of theirs, compiled, seen through its `exports` only. */
describe('the library', () => {
  let folder = '';

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'huntwire-consumer-'));
    mkdirSync(join(folder, 'node_modules/@types'), { recursive: true });
    symlinkSync(root, join(folder, 'node_modules/huntwire'));
    symlinkSync(join(root, 'node_modules/@types/node'), join(folder, 'node_modules/@types/node'));
    copyFileSync(join(root, 'test/consumer/consumer.mjs'), join(folder, 'consumer.mjs'));
    writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
    const compilerOptions = {
      strict: true,
      allowJs: true,
      checkJs: true,
      noEmit: true,
      module: 'nodenext',
      target: 'es2023',
      types: ['node'],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.mjs'] }));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('runs queries, rules and their tests', async () => {
    const { stdout } = await run(process.execPath, ['consumer.mjs'], { cwd: folder });
    expect(JSON.parse(stdout)).toEqual({
      rows: [{ DeviceName: 'pc2', Logons: 9, At: expect.stringMatching(/^2026-01-01T00:00:00/) }],
      failure: 'KQL_SYNTAX',
      known: true,
      shape: 'set',
      findings: expect.arrayContaining(['attack-missing']),
      tested: {
        rule: 'many-logons',
        name: 'two are many',
        file: 'rule.yaml',
        line: 8,
        column: 5,
        ok: true,
        differences: [],
        branches: [26, 115].map((start) => expect.objectContaining({ part: 'where', start, held: true })),
      },
      formats: [...FORMATS.keys()],
      schema: true,
    });
  });

  it('has types that a strict program compiles against', async () => {
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const { stdout } = await run(process.execPath, [compiler, '-p', 'tsconfig.json', '--singleThreaded'], {
      cwd: folder,
      env: { ...process.env, GOGC: '400' },
    });
    expect(stdout).toBe('');
  });

  it('keeps everything else to itself', async () => {
    const reach = "await import('huntwire/dist/app.js').catch((error) => process.stdout.write(error.code))";
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', reach], { cwd: folder });
    expect(stdout).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });
});
