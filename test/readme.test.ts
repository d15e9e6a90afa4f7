import { describe, expect, it } from '@jest/globals';
import { createAnalyst } from '../src/kql/analyst.ts';
import { createMemoryCache } from '../src/lib/cache.ts';
import { DAY_MS } from '../src/lib/duration.ts';
import { parseRules } from '../src/rules/load-rules.ts';
import { prepareRules } from '../src/rules/prepare-rules.ts';
import { DEFAULT_WINDOW_SETTINGS } from '../src/run/windows.ts';
import { openMemoryStore } from '../src/state/sqlite-store.ts';
import { testRule } from '../src/trial/test-rule.ts';
import { readPage } from './markdown.ts';

const { text } = readPage('README.md');
const block = (language: string): string => new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(text)?.[1] ?? '';

async function exampleRule() {
  const analyst = createAnalyst({ form: 'in-process', cache: createMemoryCache() });
  const { rules, problems } = await prepareRules(
    parseRules('README.md', block('yaml')).rules,
    analyst,
    () => undefined,
  );
  await analyst.close();
  const [rule] = rules;
  const [test] = rule?.tests ?? [];
  if (!rule || !test) throw new Error('README.md has no rule with a test.');
  return { rule, test, problems };
}

describe('README.md', () => {
  it('promises of rows that arrive late what is done about them', () => {
    const [, days, rest] =
      /arrive late are found by the next run when they are at most (\d+) days([\s\S]*?)\n\*/.exec(text) ?? [];
    expect(Number(days)).toBe(DEFAULT_WINDOW_SETTINGS.latenessMs / DAY_MS);
    expect(rest).toMatch(/daily\s+sweep[\s\S]*`late-arrivals`/);
    expect(readPage('docs/operations.md').text).toContain('| `late-arrivals` |');
  });

  it('shows a rule that passes its test, and the alert that it makes', async () => {
    const { rule, test, problems } = await exampleRule();
    const deps = { openStore: (clock: Parameters<typeof openMemoryStore>[0]['clock']) => openMemoryStore({ clock }) };
    expect(problems).toEqual([]);
    expect(await testRule(rule, test, deps)).toMatchObject({ ok: true, differences: [] });
    const shown = JSON.parse(block('json'));
    expect(await testRule(rule, { ...test, alerts: [shown] }, deps)).toMatchObject({ ok: true, differences: [] });
    const other = await testRule(rule, { ...test, alerts: [{ ...shown, rowCount: 2 }] }, deps);
    expect(other.ok).toBe(false);
  });
});
