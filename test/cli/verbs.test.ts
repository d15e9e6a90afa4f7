import { describe, expect, it } from '@jest/globals';
import { runCli } from '../../src/cli/cli.ts';
import { VERBS, verbsFor } from '../../src/cli/verbs.ts';
import { createFakeWorld } from './fake-world.ts';

async function helpOf(...argv: readonly string[]): Promise<string> {
  const world = createFakeWorld();
  expect(await runCli(argv, world, await verbsFor(argv))).toBe(0);
  return world.out();
}

describe('the help', () => {
  it('tells every verb in one line, in groups, without loading it', async () => {
    const help = await helpOf('--help');
    for (const { name, summary } of VERBS) {
      const [first = ''] = summary.split(' ');
      expect(help).toMatch(new RegExp(`^  ${name} +${first} `, 'm'));
    }
    expect(help.match(/^\w+:$/gm)).toEqual(expect.arrayContaining(['Write:', 'Run:', 'Watch:', 'Hosts:']));
  });

  it.each([[['lint', '--help']], [['help', 'lint']]])(
    'tells the options of a verb that is asked for: %j',
    async (argv) => {
      const help = await helpOf(...argv);
      expect(help).toContain('Usage: huntwire lint [options] [paths...]');
      expect(help).toContain('--config <file>');
    },
  );

  it('names the verb that may be meant', async () => {
    const world = createFakeWorld();
    expect(await runCli(['lnit'], world, await verbsFor(['lnit']))).toBe(2);
    expect(world.err()).toContain('Did you mean "init" or "lint"?');
  });
});

describe('what is loaded', () => {
  it('is the verb that is asked for, whatever stands around it', async () => {
    for (const argv of [
      ['init', 'lint'],
      ['--version', 'init'],
      ['help', 'init'],
    ]) {
      const world = createFakeWorld();
      await runCli([...argv, '--help'], world, await verbsFor(argv));
      expect([argv, world.out().includes('--force') || argv[0] === '--version']).toEqual([argv, true]);
    }
  });
});
