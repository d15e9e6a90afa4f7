import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const DIST = resolve(process.env.HUNTWIRE_DIST ?? 'dist');

/** What the built program loads as ES modules until it has ended, by URL. */
function loadedBy(...args: readonly string[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'huntwire-loaded-'));
  const LOADED = join(folder, 'loaded');
  try {
    const teller = pathToFileURL(join(import.meta.dirname, 'tell-loaded.mjs')).href;
    execFileSync(process.execPath, ['--import', teller, join(DIST, 'main.js'), ...args], {
      env: { ...process.env, LOADED },
    });
    return readFileSync(LOADED, 'utf8').trim().split('\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the built program', () => {
  it('starts its largest verb from few files, all of the bundle', () => {
    const loaded = loadedBy('run', '--help');
    const own = loaded.filter((url) => url.startsWith(pathToFileURL(DIST).href));
    const loose = own.filter((url) => !url.includes('/dist/bundle/')).map((url) => url.split('/dist/')[1]);
    expect(loose).toEqual(['main.js']);
    expect(own.length).toBeGreaterThan(5);
    // It was 875 of its own and some 500 of packages, each nearly a millisecond of processor time.
    expect(own.length).toBeLessThan(MOST);
    expect(loaded.filter((url) => /node_modules\/(ajv|kysely|winston|yaml)\//.test(url))).toEqual([]);
  });

  it('knows for each module that looks beside itself where the compiler put it, and finds what is there', () => {
    const bundle = join(DIST, 'bundle');
    const files = readdirSync(bundle).filter((name) => name.endsWith('.js'));
    const text = files.map((name) => readFileSync(join(bundle, name), 'utf8')).join('\n');
    const found = [...text.matchAll(PLACE)].map(([, beside = '', place = '']) =>
      fileURLToPath(new URL(beside, new URL(place, pathToFileURL(join(bundle, 'any.js'))))),
    );
    expect(found.length).toBeGreaterThan(15);
    expect(found.filter((path) => !KEPT_LATER.test(path) && !existsSync(path))).toEqual([]);
    expect(found).toContain(join(DIST, 'build-id'));
    expect(found).toContain(resolve('rules'));
  });
});

const MOST = 160;
/** The place of a module, and before it what it takes from beside that, where it says so at once. */
const PLACE = /(?:new URL\("([^"]+)", )?new URL\("([^"]+)", import\.meta\.url\)/g;
/** Folders that are made when there is something to keep. */
const KEPT_LATER = /\b(compiled|images)$/;
