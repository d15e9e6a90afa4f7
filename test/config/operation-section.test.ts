import { describe, expect, it } from '@jest/globals';
import { REGISTRIES } from '../../src/cli/read-config.ts';
import { loadConfig } from '../../src/config/load-config.ts';

const DAY = 86_400_000;

function load(more: string) {
  const text = `source: {api: local, path: data}\nrules: [rules]\n${more}`;
  return loadConfig('/x/huntwire.yaml', { registries: REGISTRIES, env: {}, readFile: () => text });
}

describe('retention', () => {
  it('has defaults for what is not named', () => {
    expect(load('retention: {runs: 400d}').retention).toEqual({
      alertsMs: 90 * DAY,
      runsMs: 400 * DAY,
      deadLettersMs: 90 * DAY,
      auditMs: 365 * DAY,
    });
  });

  it.each([
    ['alerts: 6d', '7d to 3650d'],
    ['deadLetters: 1h', '7d to 3650d'],
    ['runs: 12h', '1d to 3650d'],
    ['alerts: 4000d', '7d to 3650d'],
    ['alerts: 90', 'duration'],
    ['rows: 1d', 'rows'],
  ])('refuses {%s}', (section, why) => {
    expect(() => load(`retention: {${section}}`)).toThrow(why);
  });
});

describe('digests of sections', () => {
  it('are the same whatever the order of keys, and others once a value is, a secret, too', () => {
    const secret = (text: string) => load(`targets: {a: {type: webhook, url: "https://h.example/${text}"}}`).digests;
    expect(secret('one')).toEqual(secret('one'));
    expect(secret('one').targets).not.toBe(secret('two').targets);
    expect(load('log: {level: info, format: json}').digests).toEqual(load('log: {format: json, level: info}').digests);
  });

  it('tell tokens apart from where it listens', () => {
    const http = (more: string) => load(`http: {port: 1, ${more}}`).digests;
    const [one, two] = ['a', 'b'].map((letter) => http(`tokens: [{name: x, token: ${letter.repeat(16)}}]`));
    expect(one?.http).toBe(two?.http);
    expect(one?.['http.tokens']).not.toBe(two?.['http.tokens']);
    expect(Object.keys(http('host: localhost'))).not.toContain('http.tokens');
  });
});
