import { describe, expect, it } from '@jest/globals';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { toHuntwireError } from '../../src/lib/errors.ts';
import { TARGETS } from '../../src/targets/registry.ts';
import { FILE, REGISTRIES } from './fake-plugins.ts';

const BASE = `source: {api: graph}
auth: {clientId: c, tenantId: t, clientSecret: hush}
targets:
  siem: {type: splunk-hec, url: "https://siem.example:8088", token: "\${env:TOKEN}"}
  hook: {type: webhook, url: "https://h.example", template: {body: {a: "title"}}}
  tickets: {type: jira, url: "https://j.example", project: SOC, issueType: Bug, auth: {bearer: "\${env:TOKEN}"}}
events: `;

function load(events: string): Config {
  const registries = { ...REGISTRIES, targets: TARGETS };
  return loadConfig(FILE, { registries, env: { TOKEN: 'x'.repeat(32) }, readFile: () => `${BASE}${events}\n` });
}

function problemsOf(events: string): string {
  try {
    load(events);
  } catch (thrown) {
    return toHuntwireError(thrown)
      .problems.map(({ line, message }) => `${line} ${message}`)
      .join('\n');
  }
  return '';
}

describe('events', () => {
  it('go to a file, to a target, or to both', () => {
    expect(load('{path: e.jsonl}').events).toEqual({ path: '/etc/huntwire/e.jsonl', target: null });
    expect(load('{target: siem}').events).toEqual({ path: null, target: 'siem' });
    expect(load('{path: /e, target: siem}').events).toEqual({ path: '/e', target: 'siem' });
  });

  it.each([
    ['{}', 'must not be empty'],
    ['{target: none}', 'There is no target "none".'],
    ['{target: hook}', '"hook" cannot take events: its template is made for alerts. Name another webhook without one.'],
    [
      '{target: tickets}',
      '"tickets" cannot take events: a target of type "jira" takes alerts only. Events go to webhook, syslog, file, stdout, elastic, splunk-hec, otlp.',
    ],
  ])('refuse %s', (events, why) => {
    expect(problemsOf(events)).toContain(why);
    expect(problemsOf(events)).toMatch(/^7 /);
  });
});
