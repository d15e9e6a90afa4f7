import { editDistance } from '../../../lib/nearest.ts';
import type { Path } from '../../../lib/yaml/parse-yaml.ts';
import { type Translation, warnAt } from './translation.ts';
import { textList } from './vendor-map.ts';

/** Tactics by their names in small letters, without signs. */
export const TACTIC_BY_NAME: Readonly<Record<string, string>> = {
  reconnaissance: 'TA0043',
  resourcedevelopment: 'TA0042',
  initialaccess: 'TA0001',
  execution: 'TA0002',
  persistence: 'TA0003',
  privilegeescalation: 'TA0004',
  defenseevasion: 'TA0005',
  credentialaccess: 'TA0006',
  discovery: 'TA0007',
  lateralmovement: 'TA0008',
  collection: 'TA0009',
  commandandcontrol: 'TA0011',
  exfiltration: 'TA0010',
  impact: 'TA0040',
  impairprocesscontrol: 'TA0106',
  inhibitresponsefunction: 'TA0107',
};

/** ATT&CK ids, and what was named in their place: those become tags, so that nothing is lost. */
export interface VendorAttack {
  readonly ids: string[];
  readonly others: string[];
}

const TACTIC_ID = /^TA\d{4}$/i;
const TECHNIQUE = /\bT\d{4}(?:\.\d{3})?\b/i;
/** More letters apart than that is another word. */
const MOST_SLIPS = 2;

/** Adds tactics by their names, in any spelling. A slip of a letter or two is told, and so is a name of no tactic. */
export function addTactics(translation: Translation, attack: VendorAttack, value: unknown, path: Path): void {
  for (const name of textList(value).flatMap((text) => text.split(','))) {
    const word = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
    if (word === '') continue;
    if (TACTIC_ID.test(word)) add(attack.ids, word.toUpperCase());
    else addTactic(translation, attack, { name: name.trim(), word, path });
  }
}

interface NamedTactic {
  readonly name: string;
  readonly word: string;
  readonly path: Path;
}

function addTactic(translation: Translation, attack: VendorAttack, { name, word, path }: NamedTactic): void {
  const known = TACTIC_BY_NAME[word] !== undefined ? word : nearestTactic(word);
  if (known === null) {
    warnAt(translation, path, `"${name}" is no tactic of ATT&CK; it is kept as a tag.`);
    add(attack.others, name);
    return;
  }
  if (known !== word) warnAt(translation, path, `"${name}" is read as the tactic ${TACTIC_BY_NAME[known]} (${known}).`);
  add(attack.ids, TACTIC_BY_NAME[known] ?? '');
}

function nearestTactic(word: string): string | null {
  if (word.length <= 2 * MOST_SLIPS) return null;
  return Object.keys(TACTIC_BY_NAME).find((name) => editDistance(word, name) <= MOST_SLIPS) ?? null;
}

/** Adds techniques by their ids, wherever in a text they stand. */
export function addTechniques(translation: Translation, attack: VendorAttack, value: unknown, path: Path): void {
  for (const text of textList(value).flatMap((one) => one.split(/[,;\s]+(?=T\d)/i))) {
    const [technique] = TECHNIQUE.exec(text) ?? [];
    if (technique) add(attack.ids, technique.toUpperCase());
    else if (TACTIC_ID.test(text)) add(attack.ids, text.toUpperCase());
    else {
      warnAt(translation, path, `"${text}" is no technique of ATT&CK; it is kept as a tag.`);
      add(attack.others, text);
    }
  }
}

function add(list: string[], item: string): void {
  if (!list.includes(item)) list.push(item);
}
