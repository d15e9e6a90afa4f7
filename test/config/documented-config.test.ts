import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { documentSchema } from '../../src/config/config-schema.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { FORMATS } from '../../src/formats/registry.ts';
import { authSchema } from '../../src/sources/auth/auth-config.ts';
import { SOURCES } from '../../src/sources/registry.ts';
import { TARGETS } from '../../src/targets/registry.ts';

const registries = { sources: SOURCES, targets: TARGETS, formats: FORMATS, auth: authSchema };
const root = resolve(import.meta.dirname, '../..');

/** The examples of the pages about configuration, sources and the console: what a reader copies must load. */
function documented(): string[] {
  return ['configuration', 'sources', 'console'].flatMap((name) => {
    const page = readFileSync(resolve(root, `docs/${name}.md`), 'utf8');
    return [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
  });
}

/** Names of all settings, at any depth. */
function settingsOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) =>
    key === 'properties' ? [...Object.keys(value), ...settingsOf(Object.values(value))] : settingsOf(value),
  );
}

describe('docs/configuration.md and the pages of the targets', () => {
  it('name every setting', () => {
    const pages = ['configuration', 'lint', 'targets', ...[...TARGETS.keys()].map((type) => `targets/${type}`)];
    const text = pages.map((page) => readFileSync(resolve(root, `docs/${page}.md`), 'utf8')).join('\n');
    const names = new Set(settingsOf(documentSchema(registries)));
    expect([...names].filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([]);
  });
});

describe('the documented configurations', () => {
  it.each(documented())('%s', (yaml) => {
    const readFile = (path: string) => (path.endsWith('huntwire.yaml') ? yaml : 'a-secret-of-some-length');
    const env = { HUNTWIRE_CLIENT_SECRET: 'hush', SIEM_HOST: 'siem.example', SIEM_PORT: '6514' };
    const config = loadConfig('/etc/huntwire/huntwire.yaml', { registries, env, readFile });
    expect(config.tenants.length).toBeGreaterThan(0);
    expect(JSON.stringify(config)).not.toMatch(/hush|a-secret/);
  });
});
