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
  for (const item of itemsOf(value, path)) {
    for (const name of item.text.split(',')) {
      const word = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
      if (TACTIC_ID.test(word)) addId(translation, attack, word, item.path);
      else if (word !== '') addTactic(translation, attack, { name: name.trim(), word, path: item.path });
    }
  }
}

/** Each text of a list, or one alone, with its place. */
function itemsOf(value: unknown, path: Path): readonly { readonly text: string; readonly path: Path }[] {
  if (!Array.isArray(value)) return textList(value).map((text) => ({ text, path }));
  return value.flatMap((item, index) => textList(item).map((text) => ({ text, path: [...path, index] })));
}

function addId({ places }: Translation, { ids }: VendorAttack, id: string, path: Path): void {
  if (ids.includes(id.toUpperCase())) return;
  places.push({ ours: ['attack', ids.length], theirs: path });
  ids.push(id.toUpperCase());
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
    keep(attack, name);
    return;
  }
  if (known !== word) warnAt(translation, path, `"${name}" is read as the tactic ${TACTIC_BY_NAME[known]} (${known}).`);
  addId(translation, attack, TACTIC_BY_NAME[known] ?? '', path);
}

function nearestTactic(word: string): string | null {
  if (word.length <= 2 * MOST_SLIPS) return null;
  return Object.keys(TACTIC_BY_NAME).find((name) => editDistance(word, name) <= MOST_SLIPS) ?? null;
}

/** Adds techniques by their ids, wherever in a text they stand. */
export function addTechniques(translation: Translation, attack: VendorAttack, value: unknown, path: Path): void {
  for (const item of itemsOf(value, path)) {
    for (const text of item.text.split(/[,;\s]+(?=T\d)/i)) addTechnique(translation, attack, text, item.path);
  }
}

function addTechnique(translation: Translation, attack: VendorAttack, text: string, path: Path): void {
  const [technique] = TECHNIQUE.exec(text) ?? [];
  if (technique) addId(translation, attack, technique, path);
  else if (TACTIC_ID.test(text)) addId(translation, attack, text, path);
  else {
    warnAt(translation, path, `"${text}" is no technique of ATT&CK; it is kept as a tag.`);
    keep(attack, text);
  }
}

function keep({ others }: VendorAttack, name: string): void {
  if (!others.includes(name)) others.push(name);
}
