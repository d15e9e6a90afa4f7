import type { Hover } from 'vscode-languageserver';
import { techniqueById } from '../../rules/attack/matrix.ts';
import type { Lookout } from '../look/lookout.ts';
import { linedText } from '../look/spans.ts';
import { placeInYaml } from './place-in-yaml.ts';
import { describeSchema, schemasAt } from './schema-at.ts';
import { schemaOf } from './schema-of.ts';

/** What the schema says of the key under the cursor; of a technique its name. */
export async function hoverYaml(lookout: Lookout, file: string, offset: number): Promise<Hover | null> {
  const text = lookout.held.get(file) ?? '';
  const schema = schemaOf(file, text, await lookout.deps.scopeOf(file, lookout.held));
  if (schema === null) return null;
  const start = offset - (/[\w.-]*$/.exec(text.slice(Math.max(0, offset - 200), offset))?.[0].length ?? 0);
  const word = /^[\w.-]+/.exec(text.slice(start, start + 400))?.[0] ?? '';
  const place = word === '' ? null : placeInYaml(text, start + word.length);
  if (place === null) return null;
  const isKey = place.part === 'key';
  const said = isKey ? describeSchema(schemasAt(schema, [...place.path, word])) : nameOf(place.path, word);
  if (said === null) return null;
  return { contents: { kind: 'markdown', value: said }, range: linedText(text).range(start, start + word.length) };
}

function nameOf([first]: readonly (string | number)[], word: string): string | null {
  return first === 'attack' ? (techniqueById(word)?.name ?? null) : null;
}
