import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { loadConfig } from '../../src/config/load-config.ts';
import { FORMATS } from '../../src/formats/registry.ts';
import { HuntwireError } from '../../src/lib/errors.ts';
import { editDistance } from '../../src/lib/nearest.ts';
import { authSchema } from '../../src/sources/auth/auth-config.ts';
import { SOURCES } from '../../src/sources/registry.ts';
import { TARGETS } from '../../src/targets/registry.ts';
import { type ClosedKey, closedKeys, documentWith, type KeySchema, slipsOf } from '../key-slips.ts';

const REGISTRIES = { sources: SOURCES, targets: TARGETS, formats: FORMATS, auth: authSchema };
const WHOLE = JSON.parse(readFileSync(new URL('../../schemas/config.schema.json', import.meta.url), 'utf8'));

/** A closed map of the configuration, and what chooses the plugin whose it is. */
interface PlacedKey extends ClosedKey {
  readonly chosen: { readonly way: readonly string[]; readonly value: string } | null;
}

/** Keys of a plugin as they stand below `way`. */
function ofPlugins(
  plugins: ReadonlyMap<string, { readonly configSchema: object }>,
  way: readonly string[],
  by: string,
): readonly PlacedKey[] {
  return [...plugins].flatMap(([name, { configSchema }]) =>
    closedKeys(configSchema as KeySchema, way).map((key) => ({ ...key, chosen: { way: [...way, by], value: name } })),
  );
}

/** Those of the document itself; what plugins bring stands in its definitions. */
const OWN = closedKeys({ ...WHOLE, $defs: {} }).map((key) => ({ ...key, chosen: null }));
const KEYS: readonly PlacedKey[] = [
  ...OWN,
  ...ofPlugins(SOURCES, ['source'], 'api'),
  ...ofPlugins(TARGETS, ['targets', 'any'], 'type'),
  ...closedKeys(authSchema as KeySchema, ['auth']).map((key) => ({ ...key, chosen: null })),
];

function withChoice(document: unknown, chosen: PlacedKey['chosen']): unknown {
  const [first, ...rest] = chosen?.way ?? [];
  if (!chosen || first === undefined) return document;
  const map = (document ?? {}) as Readonly<Record<string, unknown>>;
  const inner = rest.length === 0 ? chosen.value : withChoice(map[first], { way: rest, value: chosen.value });
  return rest.length === 0 ? { [first]: inner, ...map } : { ...map, [first]: inner };
}

/** `line message` of what the loader says of a configuration. */
function told(text: string): readonly string[] {
  try {
    loadConfig('/etc/huntwire/huntwire.yaml', { registries: REGISTRIES, env: {}, readFile: () => text });
    return [];
  } catch (error) {
    if (!(error instanceof HuntwireError)) throw error;
    return error.problems.map(({ line, message }) => `${line} ${message}`);
  }
}

describe('a slip in a key of the configuration', () => {
  it('is looked for in every source, target and way to sign in', () => {
    expect(KEYS.length).toBeGreaterThan(150);
    const names = new Set(KEYS.map(({ chosen }) => chosen?.value));
    expect([...SOURCES.keys(), ...TARGETS.keys()].filter((name) => !names.has(name))).toEqual([]);
    expect(Math.max(...KEYS.map(({ way }) => way.length))).toBeGreaterThan(3);
  });

  it('is told where it stands, with the key that was meant, at any depth', () => {
    fc.assert(
      fc.property(fc.constantFrom(...KEYS), fc.nat(), ({ way, key, all, chosen }, pick) => {
        const slips = slipsOf(key);
        const slip = slips[pick % slips.length] ?? key;
        fc.pre(all.every((one) => one === key || editDistance(slip.toLowerCase(), one.toLowerCase()) > 1));
        const text = stringify(withChoice(documentWith([...way, slip]), chosen));
        const line = text.split('\n').findIndex((one) => one.trim().replace(/^- /, '').startsWith(`${slip}: null`)) + 1;
        expect([text, told(text)]).toEqual([
          text,
          expect.arrayContaining([`${line} Unknown key "${slip}". Did you mean "${key}"?`]),
        ]);
      }),
      { numRuns: 300 },
    );
  });
});
