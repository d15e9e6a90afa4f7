import { inspect } from 'node:util';
import { expect, it } from '@jest/globals';
import { loadConfig } from '../../src/config/load-config.ts';
import { createSecretsOf } from '../../src/config/secrets-of.ts';
import { toHuntwireError } from '../../src/lib/errors.ts';
import { createLog } from '../../src/observe/log.ts';
import { configOf, FIELDS } from './config-of.ts';
import { REGISTRIES } from './secret-fields.ts';

const FILE = '/etc/huntwire/huntwire.yaml';

function load(document: unknown) {
  return loadConfig(FILE, { registries: REGISTRIES, env: {}, readFile: () => JSON.stringify(document) });
}

/** What loading fails with. */
function failureOf(document: unknown): string {
  try {
    load(document);
    return '';
  } catch (thrown) {
    const { message, problems, stack } = toHuntwireError(thrown);
    return inspect([message, problems, stack, thrown], { depth: 9 });
  }
}

it('there are fields of every source, of credentials, of every target over a network, and of sections', () => {
  const names = FIELDS.map(({ name }) => name);
  for (const one of ['source.graph.proxy', 'auth.clientSecret', 'targets.email.password', 'state.url', 'redact.key'])
    expect(names).toContain(one);
});

it.each(FIELDS.map((field) => [field.name, field] as const))('%s is shown nowhere', (_, field) => {
  const config = load(configOf(field));
  const lines: string[] = [];
  const secrets = createSecretsOf(config, {});
  const log = createLog({ level: 'debug', format: 'json', write: (line) => lines.push(line), now: () => 0, secrets });
  for (const canary of field.canaries) log.info(`it is ${canary}`, { reason: `${canary}, said twice: ${canary}` });
  log.error('all of it', { config: JSON.stringify(field.settings) });
  const shown = [JSON.stringify(config), inspect(config, { depth: 20 }), ...lines].join('\n');
  for (const canary of field.canaries) expect(shown).not.toContain(canary);
});

it.each(FIELDS.map((field) => [field.name, field] as const))('%s stands in no error', (_, field) => {
  const broken = JSON.parse(JSON.stringify(configOf(field)), (_key, value) =>
    typeof value === 'string' && field.canaries.some((canary) => value.includes(canary))
      ? `ftp:\u0007//${field.canaries.join('/')}`
      : value,
  );
  const failures = [failureOf({ ...broken, nonsense: 1 }), failureOf({ ...configOf(field), nonsense: 1 })];
  expect(failures.every(Boolean)).toBe(true);
  for (const canary of field.canaries) expect(failures.join('\n')).not.toContain(canary);
});
