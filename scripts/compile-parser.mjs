/**
 * Last step of the build: loads the built KQL parser and analyzes the shipped rules, so that this process leaves what V8 compiled of
 * it beside the build (src/kql/parser/compiled-scripts.ts) and the first `lint` of a checkout need not compile it; and makes the parser
 * image, from which workers start (src/kql/parser/parser-image.ts).
 * node scripts/compile-parser.mjs
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cachedDataVersionTag } from 'node:v8';

const root = join(import.meta.dirname, '..');
const kept = join(root, 'dist/kql/parser/compiled');
const tag = cachedDataVersionTag().toString(16);

if (!existsSync(kept) || !readdirSync(kept).some((name) => name.endsWith(`-${tag}`))) {
  const { createAnalyst } = await import('../dist/kql/analyst.js');
  const { loadRules } = await import('../dist/rules/load-rules.js');
  const { prepareRules } = await import('../dist/rules/prepare-rules.js');
  const { rules } = await loadRules([join(root, 'rules')]);
  await prepareRules(rules, createAnalyst({ form: 'in-process' }));
}

const { findImage, makeImage } = await import('../dist/kql/parser/parser-image.js');
if (!findImage() && !(await makeImage())) console.error('No parser image was made: workers start slower without.');
