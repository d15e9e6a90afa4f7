import { describe, expect, it } from '@jest/globals';
import { createApart } from '../../../src/cli/run/perform-apart.ts';

const { signal } = new AbortController();

describe('a process that does an action', () => {
  it('is given the action, the configuration and the input, and gives its document', async () => {
    const asked: unknown[] = [];
    const apart = createApart('/etc/huntwire.yaml', async (args, input) => {
      asked.push([args, input]);
      return '{"checks":[]}\n';
    });
    expect(await apart('test_connection', { offline: true }, signal)).toEqual({ checks: [] });
    expect(asked).toEqual([[['action', 'test_connection', '--config', '/etc/huntwire.yaml'], '{"offline":true}']]);
  });

  it('fails with what it says that it failed with', async () => {
    const problem = { file: 'a.yaml', line: 1, column: 2, code: 'RULE_INVALID', message: 'no id' };
    const error = { code: 'RULE_INVALID', message: 'wrong', problems: [problem] };
    const apart = createApart('c', async () => JSON.stringify({ error }));
    await expect(apart('validate_rules', {}, signal)).rejects.toMatchObject(error);
  });

  it.each(['', 'Killed', '{"files":'])('that ends without its document fails: "%s"', async (text) => {
    const apart = createApart('c', async () => text);
    await expect(apart('validate_rules', {}, signal)).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  it('is one of two at a time, failed ones not counted', async () => {
    const ends: ((text: string) => void)[] = [];
    const apart = createApart('c', () => new Promise((resolve) => ends.push(resolve)));
    const going = [apart('get_status', {}, signal), apart('get_status', {}, signal)];
    await expect(apart('get_status', {}, signal)).rejects.toMatchObject({ code: 'ACTION_BUSY', retryable: true });
    ends[0]?.('no document');
    await expect(going[0]).rejects.toMatchObject({ code: 'INTERNAL' });
    const third = apart('get_status', {}, signal);
    for (const end of ends) end('{}');
    expect(await Promise.all([going[1], third])).toEqual([{}, {}]);
  });
});
