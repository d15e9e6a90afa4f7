/**
 * Writes schemas/attack.json from MITRE's STIX data: `node scripts/attack.mjs FOLDER --version 18.1 --date 2025-11-13`. FOLDER is a
 * checkout of github.com/mitre/cti (or a part of it): below `enterprise-attack`, `mobile-attack` and `ics-attack` it is asked for
 * techniques (`attack-pattern`), tactics, the matrix and what was replaced by what (`relationship`). Version and date are those of
 * the release, which the data themselves do not tell. MITRE's notice goes with the data, as its licence asks.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { matrixOf, otherIds } from './attack/matrix.mjs';
import { readStix } from './attack/read-stix.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { version: { type: 'string' }, date: { type: 'string' } },
});
const [folder] = positionals;
if (!folder || !values.version || !/^\d{4}-\d{2}-\d{2}$/.test(values.date ?? '')) {
  console.error('Usage: node scripts/attack.mjs FOLDER --version 18.1 --date 2025-11-13');
  process.exit(2);
}

const licence = readFileSync(join(folder, 'LICENSE.txt'), 'utf8').split(/^CAPEC/m)[0];
const [notice] = /©[^"]*/.exec(licence) ?? [''];
if (notice === '') throw new Error('LICENSE.txt has no notice of MITRE.');

const data = {
  source: 'https://github.com/mitre/cti',
  version: values.version,
  date: values.date,
  notice: notice.replace(/\s+/g, ' ').trim(),
  licence: licence.trim(),
  ...matrixOf(readStix(join(folder, 'enterprise-attack'))),
  elsewhere: {
    mobile: otherIds(readStix(join(folder, 'mobile-attack'))),
    ics: otherIds(readStix(join(folder, 'ics-attack'))),
  },
};

const lines = Object.entries(data.techniques).map(([id, one]) => `    ${JSON.stringify(id)}: ${JSON.stringify(one)}`);
const { techniques: _, ...rest } = data;
const head = JSON.stringify(rest, null, 2).replace(/\n\}$/, '');
const path = resolve(import.meta.dirname, '../schemas/attack.json');
writeFileSync(path, `${head},\n  "techniques": {\n${lines.join(',\n')}\n  }\n}\n`);
console.log(`${data.tactics.length} tactics, ${lines.length} techniques of ATT&CK ${data.version}`);
