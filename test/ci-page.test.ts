import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const PAGE = read('docs/ci.md');
const { inputs } = parse(read('action.yml')) as {
  readonly inputs: Readonly<Record<string, { readonly default: string; readonly description: string }>>;
};

describe('docs/ci.md and action.yml', () => {
  it('shows a workflow of three lines that calls the action as it is', () => {
    const [, text = ''] = /```yaml\n(jobs:[\s\S]*?)```/.exec(PAGE) ?? [];
    const { steps } = parse(text).jobs.rules;
    const [, step] = steps as readonly { readonly uses: string; readonly with: Readonly<Record<string, unknown>> }[];
    expect(step?.uses).toMatch(/^OWNER\/huntwire@v\d+$/);
    expect(Object.keys(step?.with ?? {}).filter((name) => !inputs[name])).toEqual([]);
  });

  it('lists every input with its default', () => {
    const rows = [...PAGE.matchAll(/^\| `([\w-]+)` \| (.+?) \| .+ \|$/gm)].map(([, name = '', given = '']) => [
      name,
      given,
    ]);
    const listed = Object.fromEntries(rows.filter(([name = '']) => inputs[name]));
    const wanted = Object.entries(inputs).map(([name, one]) => [
      name,
      one.default === '' ? 'the configured ones' : `\`${one.default}\``,
    ]);
    expect(listed).toEqual(Object.fromEntries(wanted));
  });
});
