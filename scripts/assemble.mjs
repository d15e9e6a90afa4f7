/**
 * Writes the bytes of src/sources/decode/row-reader.wat into row-reader-code.ts beside it, in base64. Run `node scripts/assemble.mjs`
 * after a change of that file; a test tells where it was forgotten.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { assemble } from './assemble/assemble.mjs';

const folder = resolve(import.meta.dirname, '../src/sources/decode');
const code = assemble(readFileSync(resolve(folder, 'row-reader.wat'), 'utf8')).toString('base64');
const lines = code.match(/.{1,110}/g).map((line) => `  '${line}'`);
writeFileSync(
  resolve(folder, 'row-reader-code.ts'),
  `/** row-reader.wat as bytes in base64: written by scripts/assemble.mjs. */\nexport const ROW_READER_CODE =\n${lines.join(' +\n')};\n`,
);
