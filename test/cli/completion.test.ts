import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { runCli } from '../../src/cli/cli.ts';
import { verbsFor } from '../../src/cli/verbs.ts';
import { createFakeWorld } from './fake-world.ts';

async function scriptOf(shell: string) {
  const world = createFakeWorld();
  const argv = ['completion', shell];
  const exitCode = await runCli(argv, world, await verbsFor(argv));
  return { exitCode, out: world.out(), err: world.err() };
}

/** What bash offers behind these words, of which the last one is being written. */
function offered(script: string, words: readonly string[]): readonly string[] {
  const line = words.map((word) => `'${word}'`).join(' ');
  const call = `${script}\nCOMP_WORDS=(huntwire ${line}); COMP_CWORD=${words.length}; _huntwire; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = spawnSync('bash', ['-c', call], { encoding: 'utf8' });
  return stdout.trimEnd().split('\n');
}

describe('completion', () => {
  let bash = '';
  beforeAll(async () => {
    bash = (await scriptOf('bash')).out;
  });

  it('offers verbs, their parts and their options in bash', () => {
    expect(offered(bash, ['sta'])).toEqual(['status', 'state']);
    expect(offered(bash, ['silence', 'e'])).toEqual(['expire']);
    expect(offered(bash, ['silence', 'add', '--rea'])).toEqual(['--reason']);
    expect(offered(bash, ['once', '--rule', 'x', '--dry'])).toEqual(['--dry-run']);
    expect(offered(bash, ['lint', 'rules/', '--form'])).toEqual(['--format']);
    expect(offered(bash, ['completion', ''])).toEqual(expect.arrayContaining(['bash', 'zsh', 'fish', '--help']));
  });

  it('offers what the value of an option may be, and leaves files to those that take any', () => {
    expect(offered(bash, ['once', '--format', ''])).toEqual(['text', 'json']);
    expect(offered(bash, ['silence', 'list', '--format', 'j'])).toEqual(['json']);
    expect(offered(bash, ['once', '--config', ''])).toEqual(['']);
    expect(offered(bash, ['once', '--dry-run', '--fo'])).toEqual(['--format']);
  });

  it('is a script of zsh over the same, and of fish', async () => {
    const { out } = await scriptOf('zsh');
    expect(out).toContain(bash);
    expect(out.slice(0, -bash.length).split('\n')).toEqual([
      expect.stringContaining('compinit'),
      'autoload -U +X bashcompinit && bashcompinit',
      '',
    ]);
    const fish = (await scriptOf('fish')).out;
    expect(fish).toContain("complete -c huntwire -n '__fish_use_subcommand' -a status -d '");
    expect(fish).toMatch(/seen_subcommand_from silence; and __fish_seen_subcommand_from add' -l reason -r/);
    expect(fish).toContain("complete -c huntwire -n '__fish_use_subcommand' -f\n");
    expect(fish).toMatch(/seen_subcommand_from once' -l format -x -a 'text json'\n/);
    expect(fish).toMatch(/seen_subcommand_from completion' -a 'bash zsh fish'\n/);
    expect(fish.split('\n').every((line) => (line.match(/(?<!\\)'/g) ?? []).length % 2 === 0)).toBe(true);
  });

  it('refuses a shell that it does not know', async () => {
    expect((await scriptOf('tcsh')).exitCode).toBe(2);
  });
});
