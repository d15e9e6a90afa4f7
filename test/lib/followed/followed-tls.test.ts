import { copyFileSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createManualClock, type ManualClock } from '../../../src/lib/clock.ts';
import { followFiles } from '../../../src/lib/followed/followed-files.ts';
import { followTls } from '../../../src/lib/followed/followed-tls.ts';
import { type LogFields, silentLog } from '../../../src/lib/log.ts';
import { type Certificates, makeCertificates } from '../../targets/certificates.ts';

let folder: string;
let clock: ManualClock;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'huntwire-followed-'));
  clock = createManualClock(0);
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (name: string): string => join(folder, name);

describe('files that are followed', () => {
  it('have their new text once two looks a second apart have found it', async () => {
    writeFileSync(at('a'), 'one');
    const files = followFiles([at('a'), undefined], clock);
    writeFileSync(at('a'), 'two');
    expect(files.texts()).toEqual(['one']);
    await clock.advance(1000);
    expect(files.texts()).toEqual(['one']);
    await clock.advance(999);
    expect(files.texts()).toEqual(['one']);
    await clock.advance(1);
    expect(files.texts()).toEqual(['two']);
  });

  it('wait for whoever writes in parts', async () => {
    writeFileSync(at('a'), 'one');
    const files = followFiles([at('a')], clock);
    for (const part of ['t', 'tw', 'two']) {
      writeFileSync(at('a'), part);
      await clock.advance(1000);
      expect(files.texts()).toEqual(['one']);
    }
    await clock.advance(1000);
    expect(files.texts()).toEqual(['two']);
  });

  it('are seen behind a symbolic link that leads elsewhere', async () => {
    writeFileSync(at('old'), 'one');
    writeFileSync(at('new'), 'two');
    symlinkSync(at('old'), at('a'));
    const files = followFiles([at('a')], clock);
    unlinkSync(at('a'));
    symlinkSync(at('new'), at('a'));
    for (let look = 0; look < 2; look += 1) {
      await clock.advance(1000);
      files.texts();
    }
    expect(files.texts()).toEqual(['two']);
  });

  it.each([
    ['gone', () => unlinkSync(at('a')), /a cannot be read \(ENOENT\)/],
    ['empty', () => writeFileSync(at('a'), ''), /a is empty/],
  ])('hold their last text while one is %s', async (_, spoil, trouble) => {
    writeFileSync(at('a'), 'one');
    const files = followFiles([at('a')], clock);
    expect(files.trouble()).toBeNull();
    spoil();
    for (let look = 0; look < 3; look += 1) {
      await clock.advance(1000);
      expect(files.texts()).toEqual(['one']);
    }
    expect(files.trouble()).toMatch(trouble);
    writeFileSync(at('a'), 'one');
    await clock.advance(1000);
    files.texts();
    expect(files.trouble()).toBeNull();
  });
});

describe('certificates that are followed', () => {
  let first: Certificates;
  let second: Certificates;
  beforeAll(async () => {
    [first, second] = await Promise.all([makeCertificates(), makeCertificates()]);
  });
  afterAll(() => {
    first.remove();
    second.remove();
  });

  function stage() {
    const tls = { caFile: at('ca'), certFile: at('cert'), keyFile: at('key') };
    const put = (from: Certificates, ...names: readonly (keyof typeof tls)[]): void => {
      for (const name of names) copyFileSync(from.files[name], tls[name]);
    };
    put(first, 'caFile', 'certFile', 'keyFile');
    const told: (readonly [string, string, unknown])[] = [];
    const tell = (level: string) => (message: string, fields?: LogFields) => {
      told.push([level, message, fields?.reason]);
    };
    const followed = followTls(tls, 'targets.soar.tls', clock, {
      ...silentLog,
      warn: tell('warn'),
      info: tell('info'),
    });
    const later = async () => {
      for (let look = 0; look < 2; look += 1) {
        await clock.advance(1000);
        followed.current();
      }
      return followed.current();
    };
    return { tls, put, told, followed, later };
  }

  it('stay one object until a file has changed', async () => {
    const { put, told, followed, later } = stage();
    const before = followed.current();
    expect(await later()).toBe(before);
    put(second, 'caFile', 'certFile', 'keyFile');
    expect(await later()).toMatchObject({ ca: second.ca.cert, cert: second.client.cert, key: second.client.key });
    expect(told).toEqual([['info', 'A file of certificates has changed and is used from now on', undefined]]);
  });

  it('wait for the key where the certificate came first, and tell so once', async () => {
    const { put, told, followed, later } = stage();
    const before = followed.current();
    put(second, 'certFile');
    expect(await later()).toBe(before);
    expect(await later()).toBe(before);
    expect(told).toEqual([
      [
        'warn',
        'A file of certificates has changed to what cannot be used: what it held before is used',
        expect.stringContaining('targets.soar.tls: the certificate files do not fit'),
      ],
    ]);
    put(second, 'keyFile');
    expect(await later()).toMatchObject({ ca: first.ca.cert, cert: second.client.cert, key: second.client.key });
  });

  it('stay as they are where a new file is none, or cannot be read, which is told', async () => {
    const { tls, told, followed, later } = stage();
    const before = followed.current();
    writeFileSync(tls.caFile, 'not a certificate');
    expect(await later()).toBe(before);
    unlinkSync(tls.caFile);
    expect(await later()).toBe(before);
    expect(told.map(([level, , reason]) => [level, reason])).toEqual([
      ['warn', 'targets.soar.tls.caFile: the file holds no certificate in PEM form.'],
      ['warn', `The file ${tls.caFile} cannot be read (ENOENT).`],
    ]);
  });

  it('stay as they are where somebody who writes stops half way, until the rest is there', async () => {
    const { tls, told, followed, later } = stage();
    const before = followed.current();
    const bundle = `${first.ca.cert}${second.ca.cert}`;
    for (const length of [200, first.ca.cert.length + 200]) {
      writeFileSync(tls.caFile, bundle.slice(0, length));
      expect(await later()).toBe(before);
    }
    const cut =
      'targets.soar.tls.caFile: a certificate in the file is cut: its line -----END CERTIFICATE----- is missing.';
    expect(told.map(([, , reason]) => reason)).toEqual([cut, cut]);
    writeFileSync(tls.caFile, bundle);
    expect(await later()).toMatchObject({ ca: bundle });
  });

  it('are refused at once where they cannot be used from the beginning', () => {
    const tls = { caFile: at('nowhere') };
    expect(() => followTls(tls, 'source', clock, silentLog)).toThrow(/source\.caFile: cannot read/);
  });
});
