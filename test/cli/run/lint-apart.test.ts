import { existsSync, readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { createLintApart } from '../../../src/cli/run/lint-apart.ts';
import type { Starter } from '../../../src/cli/run/perform-apart.ts';
import { createManualClock } from '../../../src/lib/clock.ts';
import { MINUTE_MS } from '../../../src/lib/duration.ts';

const place = { severity: 'warning', endLine: null, suggestion: null } as const;

function open(start: Starter) {
  const clock = createManualClock(0);
  return { clock, lint: createLintApart('/etc/h.yaml', { clock, signal: new AbortController().signal }, start) };
}

function documentOf(...findings: readonly object[]): string {
  return JSON.stringify({ files: 1, findings, errors: 0 });
}

describe('the checks of a rule file in a process of their own', () => {
  it('look at one file at a time, and what they say is known until the text is another or ten minutes are over', async () => {
    const asked: string[][] = [];
    const own = { ...place, check: 'c', line: 2, column: 3, message: 'm' };
    const { lint, clock } = open(async (args) => {
      asked.push([...args]);
      return documentOf({ ...own, file: 'rules/a.yaml' }, { ...own, file: 'rules/b.yaml' });
    });
    expect(lint.ofFile('/r/rules/a.yaml', 'x')).toEqual({ kind: 'coming' });
    expect(lint.ofFile('/r/rules/b.yaml', 'x')).toEqual({ kind: 'coming' });
    expect(asked).toEqual([['lint', '--config=/etc/h.yaml', '--format=json', '--', '/r/rules/a.yaml']]);
    await setImmediate();
    const { line, column, check, severity, message, suggestion } = own;
    const findings = [{ check, severity, line, column, message, suggestion }];
    expect(lint.ofFile('/r/rules/a.yaml', 'x')).toEqual({ kind: 'known', findings });
    expect(lint.ofFile('/r/rules/a.yaml', 'y')).toEqual({ kind: 'coming' });
    await setImmediate();
    expect(lint.ofFile('/r/rules/a.yaml', 'y')).toEqual({ kind: 'known', findings });
    await clock.advance(10 * MINUTE_MS);
    expect(lint.ofFile('/r/rules/a.yaml', 'y')).toEqual({ kind: 'coming' });
    expect(asked).toHaveLength(3);
  });

  it('that fail say why, and are tried again a minute later', async () => {
    const { lint, clock } = open(async () => JSON.stringify({ error: { code: 'CONFIG_INVALID', message: 'No.' } }));
    lint.ofFile('/r/a.yaml', 'x');
    await setImmediate();
    expect(lint.ofFile('/r/a.yaml', 'x')).toEqual({ kind: 'failed', why: 'No.' });
    await clock.advance(MINUTE_MS);
    expect(lint.ofFile('/r/a.yaml', 'x')).toEqual({ kind: 'coming' });
  });
});

describe('the checks of a query', () => {
  it('count its own lines and columns, say nothing of the rule around it, and leave no file behind', async () => {
    const files: string[] = [];
    const { lint } = open(async (args) => {
      const file = args.at(-1) ?? '';
      files.push(file);
      const lines = readFileSync(file, 'utf8').split('\n');
      const line = lines.findIndex((one) => one.includes('| where')) + 1;
      const found = { ...place, check: 'c', file, line, column: (lines[line - 1] ?? '').indexOf('where') + 1 };
      return documentOf({ ...found, message: 'm' }, { ...found, line: 1, message: 'of the rule' });
    });
    const found = await lint.ofQuery('  T\r\n| where x', new AbortController().signal);
    expect(found).toEqual([{ check: 'c', severity: 'warning', line: 2, column: 3, message: 'm', suggestion: null }]);
    expect(files.map((file) => existsSync(file))).toEqual([false]);
  });

  it('are two at once at most', async () => {
    const waiting: (() => void)[] = [];
    const { lint } = open(async () => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      return documentOf();
    });
    const two = [lint.ofQuery('a', new AbortController().signal), lint.ofQuery('b', new AbortController().signal)];
    await expect(lint.ofQuery('c', new AbortController().signal)).rejects.toMatchObject({ code: 'ACTION_BUSY' });
    while (waiting.length < 2) await setImmediate();
    for (const go of waiting) go();
    expect(await Promise.all(two)).toEqual([[], []]);
  });
});
