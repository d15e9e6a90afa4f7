import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { judgeAll } from './all-cases.mjs';

/**
 * Runs the recorded cases on the compiled engine (HUNTWIRE_DIST, else dist/) and prints their outcomes as one JSON document.
 * With --list, prints what did not pass, one a line: `node test/engine/run-conformance.mjs --list [hunting]`.
 */
const dist = resolve(process.env.HUNTWIRE_DIST ?? resolve(import.meta.dirname, '../../dist'));
const { createKqlEngine } = await import(pathToFileURL(resolve(dist, 'engine/kql-engine.js')).href);
const outcomes = await judgeAll(createKqlEngine);

if (!process.argv.includes('--list')) {
  process.stdout.write(JSON.stringify(outcomes));
} else {
  for (const [name, list] of Object.entries(outcomes)) {
    const shown = list.filter((one) => one.hunting || !process.argv.includes('hunting'));
    console.log(`${name}: ${shown.filter((one) => one.verdict === 'pass').length} of ${shown.length}`);
    for (const one of shown.filter((each) => each.verdict !== 'pass'))
      console.log(`  ${one.verdict} ${one.id} ${one.detail}`);
  }
}
