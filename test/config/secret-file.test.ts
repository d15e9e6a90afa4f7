import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { followSecretFile, type SecretFiles } from '../../src/config/secret-file.ts';
import { createManualClock, type ManualClock } from '../../src/lib/clock.ts';
import type { SecretOrigin } from '../../src/lib/secret.ts';

let folder: string;
let clock: ManualClock;
let reads: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'huntwire-secret-'));
  clock = createManualClock(Date.now() + 3_600_000);
  reads = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (name: string): string => join(folder, name);
const modifiedAt: SecretFiles['modifiedAt'] = (path) => (statSync(path).isFile() ? statSync(path).mtimeMs : null);

function follow(path: string, first = 'old'): SecretOrigin {
  const readFile = (name: string): string => {
    reads += 1;
    return readFileSync(name, 'utf8');
  };
  return followSecretFile({ path, first, files: { clock, modifiedAt }, readFile });
}

describe('a file of a secret', () => {
  it('is read again when it has been written, without the line break at its end', async () => {
    writeFileSync(at('key'), 'old\n');
    const origin = follow(at('key'));
    writeFileSync(at('key'), 'new key\r\n');
    await clock.advance(1000);
    expect([origin.text(), origin.trouble()]).toEqual(['new key', null]);
  });

  it('is read at most once a second', async () => {
    writeFileSync(at('key'), 'old');
    const origin = follow(at('key'));
    for (let call = 0; call < 50; call += 1) origin.text();
    expect(reads).toBe(0);
    await clock.advance(1000);
    for (let call = 0; call < 50; call += 1) origin.text();
    expect(reads).toBe(1);
  });

  it('is seen to change although size and time stay the same', async () => {
    writeFileSync(at('key'), 'old');
    const { mtime } = statSync(at('key'));
    const origin = follow(at('key'));
    writeFileSync(at('key'), 'neu');
    utimesSync(at('key'), mtime, mtime);
    await clock.advance(1000);
    expect(origin.text()).toBe('neu');
  });

  it('is seen to change when an editor puts another in its place', async () => {
    writeFileSync(at('key'), 'old');
    const origin = follow(at('key'));
    writeFileSync(at('key~'), 'new');
    renameSync(at('key~'), at('key'));
    await clock.advance(1000);
    expect(origin.text()).toBe('new');
  });

  it('is seen to change when Kubernetes turns the link of its folder', async () => {
    for (const [version, text] of [
      ['..1', 'old'],
      ['..2', 'new'],
    ] as const) {
      mkdirSync(at(version));
      writeFileSync(join(at(version), 'key'), text);
    }
    symlinkSync('..1', at('..data'));
    symlinkSync(join('..data', 'key'), at('key'));
    const origin = follow(at('key'));
    await clock.advance(1000);
    expect(origin.text()).toBe('old');
    symlinkSync('..2', at('..data_tmp'));
    renameSync(at('..data_tmp'), at('..data'));
    rmSync(at('..1'), { recursive: true });
    await clock.advance(1000);
    expect(origin.text()).toBe('new');
  });
});

describe('the text before holds', () => {
  it.each<[string, () => void, RegExp]>([
    ['is gone', () => unlinkSync(at('key')), /^The file \S+key cannot be read \(ENOENT\)\.$/],
    ['is empty', () => writeFileSync(at('key'), '\n'), /^The file \S+key is empty\.$/],
    [
      'has become a folder',
      () => {
        unlinkSync(at('key'));
        symlinkSync(join(at('key'), 'loop'), at('key'));
      },
      /cannot be read \(E(LOOP|NOTDIR)\)/,
    ],
  ])('while the file %s', async (_what, spoil, trouble) => {
    writeFileSync(at('key'), 'old');
    const origin = follow(at('key'));
    spoil();
    await clock.advance(1000);
    expect([origin.text(), origin.trouble()]).toEqual(['old', expect.stringMatching(trouble)]);
    rmSync(at('key'), { force: true });
    writeFileSync(at('key'), 'new');
    await clock.advance(1000);
    expect([origin.text(), origin.trouble()]).toEqual(['new', null]);
  });

  it('while somebody is writing: what has just been written counts when it reads the same a second later', async () => {
    writeFileSync(at('key'), 'old');
    clock = createManualClock(0);
    const now = (): void => utimesSync(at('key'), clock.now() / 1000, clock.now() / 1000);
    const origin = follow(at('key'));
    await clock.advance(1000);
    writeFileSync(at('key'), 'half of the ne');
    now();
    expect(origin.text()).toBe('old');
    await clock.advance(1000);
    writeFileSync(at('key'), 'half of the new one');
    now();
    expect(origin.text()).toBe('old');
    await clock.advance(1000);
    expect(origin.text()).toBe('half of the new one');
  });

  it('where a pipe stands, which can be read only once', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    const origin = follow(at('pipe'), 'from the pipe');
    await clock.advance(5000);
    expect([origin.text(), origin.trouble(), reads]).toEqual(['from the pipe', null, 0]);
  });
});
