import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from './markdown.ts';
import { sourceFolder } from './source-files.ts';

/** scripts/generate/files.mjs and parts.mjs, as far as they are used here. */
interface Generator {
  loadParts(folder: string, ending: 'ts' | 'js'): Promise<object>;
  generatedFiles(parts: object, read: (path: string) => string): ReadonlyMap<string, string>;
}

const scripts = resolve(root, 'scripts/generate');
const { loadParts } = (await import(join(scripts, 'parts.mjs'))) as Generator;
const { generatedFiles } = (await import(join(scripts, 'files.mjs'))) as Generator;

const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const parts = await loadParts(sourceFolder, 'ts');

describe('generated files', () => {
  it.each([...generatedFiles(parts, read)])(
    '%s is what the registries say (else: node scripts/generate.mjs)',
    (path, text) => {
      const isDocument = path.endsWith('.json');
      expect(isDocument ? JSON.parse(read(path)) : read(path)).toEqual(isDocument ? JSON.parse(text) : text);
    },
  );

  it('a page without the marks is told', () => {
    const unmarked = (path: string): string => (path === 'docs/rules.md' ? '# Rules\n' : read(path));
    expect(() => generatedFiles(parts, unmarked)).toThrow('no place for "lint checks"');
  });
});
