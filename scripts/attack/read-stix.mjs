import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const KINDS = ['attack-pattern', 'x-mitre-tactic', 'x-mitre-matrix', 'relationship'];

/** The objects of a folder of STIX bundles, by their kinds; those of kinds that nobody asks for are not read. */
export function readStix(folder) {
  return Object.fromEntries(KINDS.map((kind) => [kind, objectsIn(join(folder, kind))]));
}

function objectsIn(folder) {
  return namesIn(folder).flatMap((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')).objects ?? []);
}

function namesIn(folder) {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort();
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}
