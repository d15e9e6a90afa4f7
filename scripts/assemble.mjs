/**
 * Writes the bytes of our WebAssembly text in base64 into a file beside it. Run `node scripts/assemble.mjs` after a change of one; tests tell
 * where it was forgotten.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { assemble } from './assemble/assemble.mjs';

const TEXTS = {
  'sources/decode/row-reader': 'ROW_READER_CODE',
  'engine/data/json/quick-scan': 'QUICK_SCAN_CODE',
  'engine/runtime/quick-codes': 'QUICK_CODES_CODE',
};

for (const [name, constant] of Object.entries(TEXTS)) {
  const path = resolve(import.meta.dirname, '../src', name);
  const code = assemble(readFileSync(`${path}.wat`, 'utf8')).toString('base64');
  const lines = code.match(/.{1,110}/g).map((line) => `  '${line}'`);
  const about = `/** ${name.split('/').at(-1)}.wat as bytes in base64: written by scripts/assemble.mjs. */`;
  writeFileSync(`${path}-code.ts`, `${about}\nexport const ${constant} =\n${lines.join(' +\n')};\n`);
}
