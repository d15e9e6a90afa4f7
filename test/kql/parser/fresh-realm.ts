import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants, createContext, Script } from 'node:vm';
import { type Foreign, member } from '../../../src/kql/parser/foreign.ts';

const require = createRequire(import.meta.url);

const scripts = ['bridge.min.js', 'Kusto.Language.Bridge.min.js'].map((file) => {
  const filename = require.resolve(`@kusto/language-service-next/${file}`);
  return new Script(readFileSync(filename, 'utf8'), { filename });
});

export interface FreshRuntime {
  readonly Bridge: Foreign;
  readonly System: Foreign;
}

/** Its global is an object like any other: each look at one that Node stands behind is a call, and the parser takes three times as long. */
function run(parts: readonly Script[]): FreshRuntime & { readonly Kusto: Foreign } {
  const realm = createContext(constants.DONT_CONTEXTIFY) as unknown as FreshRuntime & { readonly Kusto: Foreign };
  Object.assign(realm, { console });
  for (const script of parts) script.runInContext(realm);
  return realm;
}

/** The runtime of the parser in a realm of its own, as it comes. */
export function freshRuntime(): FreshRuntime {
  return run(scripts.slice(0, 1));
}

/** The same with the parser in it. */
export function freshRealm(): FreshRuntime & { readonly language: Foreign } {
  const { Bridge, System, Kusto } = run(scripts);
  return { Bridge, System, language: member(Kusto, 'Language') };
}

let plain: ReturnType<typeof freshRealm> | null = null;

/** One for all tests of a file, who see to their order where they change it. */
export function plainRealm(): ReturnType<typeof freshRealm> {
  plain ??= freshRealm();
  return plain;
}
