import { describe, expect, it } from '@jest/globals';
import { documentSchema } from '../../src/config/config-schema.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { carriedFormats } from '../../src/config/registries.ts';
import { FORMATS } from '../../src/formats/registry.ts';
import { HuntwireError } from '../../src/lib/errors.ts';
import { authSchema } from '../../src/sources/auth/auth-config.ts';
import { SOURCES } from '../../src/sources/registry.ts';
import { TARGETS } from '../../src/targets/registry.ts';

const registries = { sources: SOURCES, targets: TARGETS, formats: FORMATS, auth: authSchema };

/** What is wrong with a target that is to write `cloudevents-binary`; nothing where it can. */
function problemsOf(target: string): readonly string[] {
  const yaml = `source: {api: local, path: data}\ntargets: {one: {${target}, format: cloudevents-binary}}\n`;
  try {
    loadConfig('/etc/huntwire/huntwire.yaml', { registries, env: {}, readFile: () => yaml });
    return [];
  } catch (thrown) {
    if (thrown instanceof HuntwireError) return thrown.problems.map(({ line, message }) => `${line} ${message}`);
    throw thrown;
  }
}

describe('a format that says something in headers', () => {
  it('is for webhooks', () => {
    expect(problemsOf('type: webhook, url: "https://a.example"')).toEqual([]);
  });

  it.each([
    ['syslog', 'type: syslog, host: a.example'],
    ['file', 'type: file, path: a'],
    ['stdout', 'type: stdout'],
  ])('is refused at the configuration for %s', (type, target) => {
    expect(problemsOf(target)).toEqual([
      `2 "cloudevents-binary" says something in headers, and a target of type "${type}" sends none. Choose another format.`,
    ]);
  });

  it('is refused for batches, which are one request for many alerts', () => {
    expect(problemsOf('type: webhook, url: "https://a.example", batch: {as: array}')).toEqual([
      '2 "cloudevents-binary" has headers for each alert, and a batch is one request. Leave out batch, or choose another format.',
    ]);
  });

  it('is offered by editors where it can be sent', () => {
    const choices = [...TARGETS].map(([type, { configSchema }]) => [type, carriedFormats(configSchema, FORMATS)]);
    const offering = choices.filter(([, names]) => names?.includes('cloudevents-binary')).map(([type]) => type);
    expect(offering).toEqual(['webhook']);
    expect(JSON.stringify(documentSchema(registries))).not.toContain('x-headers');
  });
});
