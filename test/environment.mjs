import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { transformSync } from '@swc/core';
import { TestEnvironment } from 'jest-environment-node';

/**
 * The Node environment, plus Microsoft's KQL parser handed in from the outer realm when a file asks for it with
 * `@jest-environment-options {"kql": true}`: a worker then builds the grammar once (1 s) and not once a file.
 */
export default class Environment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.wantsKql = config.projectConfig.testEnvironmentOptions.kql === true;
  }

  async setup() {
    await super.setup();
    if (!this.wantsKql) return;
    if (!globalThis.Kusto) await loadParser();
    Object.assign(this.global, { Bridge: globalThis.Bridge, System: globalThis.System, Kusto: globalThis.Kusto });
  }
}

/** As src/kql/parser/runtime.ts does; what it changes about the parser must live as long as the worker, not as one file's realm. */
async function loadParser() {
  const require = createRequire(import.meta.url);
  require('@kusto/language-service-next/bridge.min.js');
  require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
  const { shareParsers } = await import(
    `data:text/javascript,${encodeURIComponent(parserSource('shared-parsers.ts'))}`
  );
  shareParsers(globalThis.Kusto.Language);
}

/** One file of the parser's folder as JavaScript; its one import stands in front. */
function parserSource(name) {
  const folder = new URL('../src/kql/parser/', import.meta.url);
  const texts = ['foreign.ts', name].map((file) => readFileSync(new URL(file, folder), 'utf8'));
  const text = texts.join('\n').replace(/^import .*$/gm, '');
  return transformSync(text, { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } })
    .code;
}
