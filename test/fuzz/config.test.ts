import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { REGISTRIES } from '../../src/cli/read-config.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { createSecretsOf } from '../../src/config/secrets-of.ts';
import { weakSettings } from '../../src/config/weak-settings.ts';
import { anyCharacter } from '../any-character.ts';
import { fuzzRuns, mangledText, refusedOr } from './fuzz.ts';

const SECRET = 'xK9-hush-hush';
const VALID = `tenants:
  - name: contoso
    source: {api: graph, proxy: "http://u:${SECRET}@p.example", limits: {maxRows: 10}}
    auth: {tenantId: t, clientId: c, clientSecret: "\${env:S}"}
    rules: [rules/]
targets:
  soar: {type: webhook, url: "https://soar.example/${SECRET}", headers: {X-A: "${SECRET}"}, signing: {secrets: ["\${file:s}"]}}
  siem: {type: syslog, host: siem.example, protocol: tls, format: cef, tls: {servername: x}}
  copy: {type: file, path: alerts.jsonl}
defaultTargets: [soar]
state: {path: data/huntwire.db}
log: {level: info, format: text}
`;

const inputs = (text: string) => ({
  registries: REGISTRIES,
  env: { S: SECRET },
  readFile: (path: string) => (path.endsWith('huntwire.yaml') ? text : SECRET),
});

describe('any configuration', () => {
  it('is read or refused, and what was read shows no secret', async () => {
    await fc.assert(
      fc.asyncProperty(mangledText(VALID), async (text) => {
        const config = await refusedOr(/^CONFIG_/, () => loadConfig('/etc/huntwire.yaml', inputs(text)));
        if (config === null) return;
        expect(JSON.stringify([config.tenants, [...config.targets]])).not.toContain(`"clientSecret":"${SECRET}"`);
        expect(createSecretsOf(config, {})().every((secret) => typeof secret === 'string')).toBe(true);
        expect(weakSettings(config, {})).toEqual(expect.any(Array));
      }),
      fuzzRuns(60),
    );
  });

  it('of anything at all is refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: anyCharacter }), async (text) => {
        expect(await refusedOr(/^CONFIG_/, () => loadConfig('/etc/huntwire.yaml', inputs(text)))).toBeNull();
      }),
      fuzzRuns(100),
    );
  });
});
