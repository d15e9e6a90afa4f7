import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { transformSync } from '@swc/core';

const SOURCE = new URL('../../../src/kql/parser/compiled-scripts.ts', import.meta.url);
const OWN_FILE = new URL('../../../src/lib/files/own-file.ts', import.meta.url);

const OWN = "globalThis.told = 'own';";
const ODD = "globalThis.told = 'odd';";

let place: string;
let folder: string;
let script: string;
let kept: string;
/** What is kept of two scripts that are as long, each made by a process once: to start one takes longer than a test. */
let made: { readonly name: string; readonly own: Buffer; readonly odd: Buffer };

beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'huntwire-compiled-'));
  writeFileSync(join(place, 'own-file.mjs'), compiled(OWN_FILE));
  const code = compiled(SOURCE).replace('../../lib/files/own-file.ts', './own-file.mjs');
  writeFileSync(join(place, 'compiled-scripts.mjs'), code);
  begin();
  const [own, odd] = [OWN, ODD].map((text) => {
    writeFileSync(script, text);
    told();
    return readFileSync(keptFile());
  }) as [Buffer, Buffer];
  made = { name: basename(keptFile()), own, odd };
});

beforeEach(begin);

function begin(): void {
  folder = mkdtempSync(join(place, 'folder-'));
  script = join(folder, 'script.js');
  kept = join(folder, 'kept');
}

function compiled(source: URL): string {
  return transformSync(readFileSync(source, 'utf8'), {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'es6' },
  }).code;
}

afterEach(() => rmSync(folder, { recursive: true }));
afterAll(() => rmSync(place, { recursive: true }));

/** What a process prints that runs scripts which set `told`. */
function told(files: readonly string[] = [script], keptIn: string | null = kept): string {
  const program = `
    import { runScripts } from '../compiled-scripts.mjs';
    runScripts(${JSON.stringify(files)}, ${JSON.stringify(keptIn)});
    process.stdout.write(String(globalThis.told));`;
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', program], { cwd: folder, encoding: 'utf8' });
  return `${child.stdout}${child.stderr}`;
}

/** The one file that is kept. */
function keptFile(): string {
  const names = readdirSync(kept);
  expect(names).toEqual([expect.stringMatching(/^script\.js-[0-9a-f]+$/)]);
  return join(kept, String(names[0]));
}

function keep(bytes: Buffer): string {
  mkdirSync(kept, { recursive: true });
  writeFileSync(join(kept, made.name), bytes, { mode: 0o644 });
  return join(kept, made.name);
}

/** A script that says `own`, and with its checksum what was compiled of the one that says `odd`. */
function keepForeign(): string {
  writeFileSync(script, OWN);
  return keep(Buffer.concat([made.own.subarray(0, 4), made.odd.subarray(4)]));
}

/** With the checksum that belongs to the bytes, so that only V8 can refuse them. */
function sealed(bytes: Buffer): Buffer {
  const whole = Buffer.from(bytes);
  whole.writeUInt32LE(crc32(whole.subarray(8)), 4);
  return whole;
}

describe('runScripts', () => {
  it('runs scripts in their order and leaves what was compiled, for its owner to write', () => {
    const second = join(folder, 'second.js');
    writeFileSync(script, 'globalThis.told = 1;');
    writeFileSync(second, 'globalThis.told += 1;');
    expect(told([script, second])).toBe('2');
    const names = readdirSync(kept);
    expect(names).toHaveLength(2);
    for (const name of names) expect(statSync(join(kept, name)).mode & 0o777).toBe(0o644);
    expect(told([script, second])).toBe('2');
  });

  it('runs what is kept, without compiling the text again', () => {
    keepForeign();
    expect(told()).toBe('odd');
  });

  it('compiles again where the text is another, though it is as long', () => {
    const before = keep(made.own);
    writeFileSync(script, ODD);
    expect(told()).toBe('odd');
    expect(readFileSync(before).equals(made.own)).toBe(false);
    expect(told()).toBe('odd');
  });

  it.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, 40)],
    ['empty', () => Buffer.alloc(0)],
    ['changed in a byte', (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -1), Buffer.from([1])])],
    ['made by another V8', (bytes: Buffer) => sealed(Buffer.concat([bytes.subarray(0, 12), bytes.subarray(8)]))],
  ])('compiles again where what is kept is %s, and mends it', (_, damage) => {
    writeFileSync(script, OWN);
    const damaged = keep(damage(made.own));
    expect(told()).toBe('own');
    expect(readFileSync(damaged).length).toBe(made.own.length);
  });

  it('does not run what another user could have written', () => {
    const place = keepForeign();
    chmodSync(place, 0o664);
    expect(told()).toBe('own');
    chmodSync(keepForeign(), 0o646);
    expect(told()).toBe('own');
  });

  it('keeps no more than a few, of old versions neither', () => {
    writeFileSync(script, 'globalThis.told = 5;');
    mkdirSync(kept);
    for (let old = 0; old < 12; old += 1) writeFileSync(join(kept, `script.js-${old}`), 'of a version of before');
    expect(told()).toBe('5');
    expect(readdirSync(kept)).toHaveLength(1);
  });

  it('runs as well where nothing can be kept, and keeps nothing where it shall not', () => {
    writeFileSync(script, 'globalThis.told = 4;');
    expect(told([script], null)).toBe('4');
    expect(readdirSync(folder)).not.toContain('kept');
    writeFileSync(kept, 'a file in the place of the folder');
    expect(told()).toBe('4');
  });
});
