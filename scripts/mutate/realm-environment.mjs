import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { transformSync } from '@swc/core';
import { TestEnvironment } from 'jest-environment-node';
import { makeRealmsLean } from './lean-realms.mjs';

/** What Microsoft's KQL parser sets in the realm that loads it. */
const PARSER_GLOBALS = ['Bridge', 'System', 'Kusto'];

makeRealmsLean();

/**
 * A realm of its own for each file of tests, since each mutant needs modules of its own; and Microsoft's KQL parser from the outer realm, loaded when a
 * file first looks for it: a worker then builds the grammar once (1 s) and not once a file.
 */
export default class RealmEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    for (const name of PARSER_GLOBALS) {
      const get = () => {
        loadParser();
        return globalThis[name];
      };
      Object.defineProperty(this.global, name, { configurable: true, get });
    }
  }
}

/** As src/kql/parser/runtime.ts does; what it changes about the parser must live as long as the worker, not as one file's realm. */
function loadParser() {
  if (globalThis.Kusto) return;
  const require = createRequire(import.meta.url);
  require('@kusto/language-service-next/bridge.min.js');
  require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
  partOf('shared-parsers.ts', ['foreign.ts']).shareParsers(globalThis.Kusto.Language);
  partOf('quick-runtime.ts', []).quickenRuntime(globalThis.Bridge, globalThis.System);
}

/** What a file of the parser's folder exports, with the files that it imports from there. */
function partOf(name, imported) {
  const folder = new URL('../../src/kql/parser/', import.meta.url);
  const texts = [...imported, name].map((file) => readFileSync(new URL(file, folder), 'utf8'));
  const text = texts.join('\n').replace(/^import .*$/gm, '');
  const jsc = { parser: { syntax: 'typescript' }, target: 'es2022' };
  const { code } = transformSync(text, { jsc, module: { type: 'commonjs' } });
  const exported = {};
  new Function('exports', code)(exported);
  return exported;
}
