import { describe, expect, it } from '@jest/globals';
import { load, problems } from './fake-plugins.ts';

const withHeartbeat = (heartbeat: string) => `source: {api: graph}
auth: {clientId: c, tenantId: t, clientSecret: hush}
heartbeat: ${heartbeat}
`;

describe('heartbeat', () => {
  it('names a target and how often', () => {
    const targets = 'targets: {watch: {type: hook, url: "https://h.example"}}\n';
    const { heartbeat } = load(withHeartbeat('{every: 5m, target: watch}') + targets);
    expect(heartbeat).toEqual({ everyMs: 300_000, target: 'watch' });
  });

  it.each([
    ['{every: 30s, target: none}', 'There is no target "none".'],
    ['{every: 30s, target: none}', '"30s" is out of bounds: write 1m to 1d.'],
    ['{every: 2d, target: none}', '"2d" is out of bounds'],
    ['{every: 5m}', 'target'],
    ['{every: soon, target: none}', 'write a duration such as 5m or 1h'],
  ])('refuses %s', (section, why) => {
    expect(problems(withHeartbeat(section)).join('\n')).toContain(why);
  });
});
