import { expect, it } from '@jest/globals';
import { createRowTeller } from '../../../src/cli/run/row-apart.ts';

it('asks for a row of one tenant in a process of its own, two at a time, and gives what that tells', async () => {
  const asked: { readonly args: readonly string[]; readonly input: string }[] = [];
  let answer = (_: string): void => {};
  const tell = createRowTeller('/c/huntwire.yaml', (args, input) => {
    asked.push({ args, input });
    return new Promise((resolve) => {
      answer = resolve;
    });
  });
  const of = { tenant: 'contoso', rule: 'rule-a' };
  const signal = new AbortController().signal;
  const [first, second] = [tell(of, 'A,B', signal), tell(of, 'x', signal)];
  await expect(tell(of, 'y', signal)).rejects.toMatchObject({ code: 'ACTION_BUSY' });
  answer(JSON.stringify({ rule: 'rule-a', row: [{ tenant: 'contoso', says: ['s'] }] }));
  expect(await second).toEqual({ tenant: 'contoso', says: ['s'] });
  const third = tell(of, 'z', signal);
  answer(JSON.stringify({ error: { code: 'USAGE', message: 'The row cannot be read.' } }));
  await expect(third).rejects.toMatchObject({ code: 'USAGE', message: 'The row cannot be read.' });
  expect(asked[0]).toEqual({
    args: ['explain', '--config=/c/huntwire.yaml', '--format=json', '--row=-', '--tenant=contoso', '--', 'rule-a'],
    input: 'A,B',
  });
  void first.catch(() => undefined);
});
