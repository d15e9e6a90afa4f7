import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { runCli } from '../../src/cli/cli.ts';
import { verbsFor } from '../../src/cli/verbs.ts';
import { describeWith, programProblem } from '../e2e/receivers.ts';
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

/** For what hangs, not for what is slow. */
const PATIENCE_MS = 100_000;

/** Does something in a folder that is the home of a shell. */
async function atHome<Found>(shell: string, look: (home: string, script: string) => Found): Promise<Found> {
  const home = mkdtempSync(join(tmpdir(), 'huntwire-shell-'));
  try {
    const script = join(home, 'script');
    writeFileSync(script, (await scriptOf(shell)).out);
    return look(home, script);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** A user's zsh on a terminal of its own, in which the key for completion is pressed behind each line; it leaves what stands there then. */
const ZSHRC = `source $ZDOTDIR/script
press() {
  for line in "\${(@f)$(<$ZDOTDIR/lines)}"; do
    BUFFER=$line CURSOR=$#line
    zle complete-word
    print -r -- $BUFFER >>$ZDOTDIR/out
  done
  BUFFER=exit
  zle accept-line
}
zle -N zle-line-init press
`;
const ON_A_TERMINAL = 'zmodload zsh/zpty; zpty shell zsh -i; while zpty -r shell line; do :; done';

describeWith(programProblem('zsh'), 'completion in a zsh', () => {
  it('completes verbs, parts, options, their values and files, where nothing turned it on before', async () => {
    const written = [
      'statu',
      'silence exp',
      'once --format j',
      'silence add --rea',
      'completion f',
      'sta',
      'once --config scr',
    ];
    const out = await atHome('zsh', (home) => {
      writeFileSync(join(home, '.zshrc'), ZSHRC);
      writeFileSync(join(home, 'lines'), written.map((words) => `huntwire ${words}\n`).join(''));
      const env = { PATH: process.env.PATH, HOME: home, ZDOTDIR: home };
      spawnSync('zsh', ['-fc', ON_A_TERMINAL], { cwd: home, env, timeout: PATIENCE_MS });
      return readFileSync(join(home, 'out'), 'utf8').split('\n');
    });
    expect(out.map((line) => line.replace('huntwire ', ''))).toEqual([
      'status ',
      'silence expire ',
      'once --format json ',
      'silence add --reason ',
      'completion fish ',
      'stat',
      'once --config script ',
      '',
    ]);
  });
});

describeWith(programProblem('fish'), 'completion in a fish', () => {
  it('offers verbs, parts, options, their values and files', async () => {
    const lines = ['sta', 'silence ', 'once --format ', 'silence add --rea', 'completion ', 'once --config scr'];
    const found = await atHome('fish', (home, script) => {
      const asked = lines.map((words) => `complete -C 'huntwire ${words}'; echo;`).join('\n');
      const env = { PATH: process.env.PATH, HOME: home };
      return spawnSync('fish', ['--no-config', '-c', `source ${script}\n${asked}`], {
        cwd: home,
        env,
        encoding: 'utf8',
        timeout: PATIENCE_MS,
      }).stdout;
    });
    const words = found.split('\n\n').map((part) => part.split('\n').map((line) => line.split('\t')[0]));
    expect(words).toEqual([
      ['state', 'status'],
      ['add', 'expire', 'list'],
      ['json', 'text'],
      ['--reason'],
      ['bash', 'fish', 'zsh'],
      ['script'],
      [''],
    ]);
  });
});
