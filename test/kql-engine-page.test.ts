import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readPage, root } from './markdown.ts';

const run = promisify(execFile);
const EXAMPLE = /```js\n([\s\S]*?)```\n\n```text\n([\s\S]*?)```/g;
const examples = [...readPage('docs/kql-engine.md').text.matchAll(EXAMPLE)].map(([, code = '', printed = '']) => ({
  code,
  printed,
}));

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'huntwire-kql-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/huntwire'));
  mkdirSync(join(folder, 'events'));
  writeFileSync(join(folder, 'events/Proxy.csv'), 'Timestamp,Host,Bytes\n02/04/2026,pc1,10\n03/04/2026,pc2,250\n');
  writeFileSync(join(folder, 'events/notes.txt'), 'x');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The examples of the page, one after the other in one process, as somebody who installed the package runs them. */
it('every example of the page prints what stands below it', async () => {
  const lines = examples.map((_, index) => `console.log('---');\nawait import('./example-${index}.mjs');`);
  for (const [index, { code }] of examples.entries()) writeFileSync(join(folder, `example-${index}.mjs`), code);
  writeFileSync(join(folder, 'all.mjs'), lines.join('\n'));
  const { stdout } = await run(process.execPath, ['all.mjs'], { cwd: folder });
  expect(examples.length).toBeGreaterThan(5);
  expect(stdout.split('---\n').slice(1)).toEqual(examples.map(({ printed }) => printed));
});
