import { describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import fc from 'fast-check';
import { wordsOf } from '../../../src/cli/action/words-of.ts';

const PROPERTIES = {
  rule: { 'x-cli': '<rule>' },
  more: { 'x-cli': '[more...]' },
  at: { 'x-cli': '--at' },
  ids: { 'x-cli': '--id' },
  all: { 'x-cli': '--all' },
  isOff: { 'x-cli': '--off' },
};

describe('the words of an action', () => {
  it('say to a verb what was given, and nothing else, whatever it is', () => {
    const text = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.constantFrom('--all', '-x', '--', '--at=now', '--config=/etc/x'),
    );
    fc.assert(
      fc.property(text, fc.array(text), text, fc.array(text, { minLength: 1 }), (rule, more, at, ids) => {
        let seen: unknown = null;
        const command = new Command()
          .exitOverride()
          .argument('<rule>')
          .argument('[more...]')
          .option('--at <time>')
          .option('--id <id>', '', (value: string, before: string[]) => [...before, value], [])
          .option('--all')
          .option('--off')
          .option('--config <file>')
          .action((first: string, rest: string[], options: object) => {
            seen = { rule: first, more: rest, ...options };
          });
        command.parse(wordsOf(PROPERTIES, { rule, more, at, ids, all: true, isOff: false }), { from: 'user' });
        expect(seen).toEqual({ rule, more, at, id: ids, all: true });
      }),
      { numRuns: 100 },
    );
  });
});
