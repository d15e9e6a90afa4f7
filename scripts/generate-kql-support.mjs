/** Writes docs/kql-support.md from the registries of the compiled engine: `npm run build && node scripts/generate-kql-support.mjs [dist]`. */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const dist = resolve(process.argv[2] ?? join(import.meta.dirname, '../dist'));
const { supportOf, supportPage } = await import(join(dist, 'engine/support.js'));
writeFileSync(join(import.meta.dirname, '../docs/kql-support.md'), supportPage(supportOf()));
