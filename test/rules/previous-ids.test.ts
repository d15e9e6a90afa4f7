import { describe, expect, it } from '@jest/globals';
import { loadRules } from '../../src/rules/load-rules.ts';
import type { RuleIo } from '../../src/rules/rule-files.ts';
import { toRulePlaces } from '../../src/rules/rule-places.ts';
import { ruleText } from './rule-text.ts';

/** Files in memory. */
function ioOf(files: Readonly<Record<string, string>>): RuleIo {
  return {
    kind: async (path) => (path in files ? 'file' : 'absent'),
    list: async () => [],
    identity: async (path) => path,
    read: async (path) => Buffer.from(files[path] ?? ''),
  };
}

async function problemsOf(files: Readonly<Record<string, string>>, overlays: readonly string[] = []) {
  const paths = Object.keys(files).filter((path) => !overlays.includes(path));
  const { problems, rules } = await loadRules({ ...toRulePlaces(paths), overlays }, ioOf(files));
  return { problems: problems.map(({ file, line, message }) => `${file}:${line} ${message}`), rules };
}

const named = (id: string, previousIds: readonly string[] = []) =>
  `${previousIds.length > 0 ? `previousIds: [${previousIds.join(', ')}]\n` : ''}${ruleText({ id })}`;

describe('previousIds', () => {
  it('are read, and no part of the hash', async () => {
    const { rules, problems } = await problemsOf({
      'a.yaml': named('new', ['oldest', 'old']),
      'b.yaml': named('other'),
    });
    expect(problems).toEqual([]);
    expect(rules.map(({ previousIds }) => previousIds)).toEqual([['oldest', 'old'], undefined]);
    expect(new Set(rules.map(({ hash }) => hash)).size).toBe(1);
  });

  it.each([
    [
      'an id that is still there',
      { 'a.yaml': named('new', ['OLD']), 'b.yaml': named('old') },
      'a.yaml:1 The rule "OLD" is still there (b.yaml:1).',
    ],
    [
      'two rules that claim one',
      { 'a.yaml': named('new', ['old']), 'b.yaml': named('newer', ['old']) },
      'b.yaml:1 The rule "new" (a.yaml:2) has "old" in its previousIds, too.',
    ],
    ['its own id', { 'a.yaml': named('new', ['new']) }, `a.yaml:1 "new" is the rule's own id.`],
    ['an id twice', { 'a.yaml': named('new', ['old', 'Old']) }, 'a.yaml:1 "Old" stands twice in previousIds.'],
    [
      'a chain whose middle is there',
      { 'a.yaml': named('c', ['b']), 'b.yaml': named('b', ['a']) },
      'a.yaml:1 The rule "b" is still there (b.yaml:2).',
    ],
  ])('refuse %s', async (_, files, message) => {
    expect((await problemsOf(files)).problems).toEqual([expect.stringContaining(message)]);
  });

  it('are set by overlays, too, for files that are not edited', async () => {
    const overlay = 'overlays:\n  - match: {ids: [new]}\n    set: {previousIds: [old]}\n';
    const files = { 'a.yaml': named('new'), 'b.yaml': named('other'), 'o.yaml': overlay };
    const { rules, problems } = await problemsOf(files, ['o.yaml']);
    expect(problems).toEqual([]);
    expect(rules.map(({ previousIds }) => previousIds)).toEqual([['old'], undefined]);
    const all = overlay.replace('ids: [new]', 'globs: ["*"]');
    const { problems: clashes } = await problemsOf({ ...files, 'o.yaml': all }, ['o.yaml']);
    expect(clashes).toEqual([expect.stringContaining('has "old" in its previousIds, too.')]);
  });
});
