import { describe, expect, it } from '@jest/globals';
import { LINT_CHECKS } from '../../../src/rules/lint/registry.ts';
import { parseRules } from '../../../src/rules/load-rules.ts';
import type { Rule } from '../../../src/rules/rule.ts';
import { loadSet } from '../overlays/overlay-folder.ts';
import { lintOf, marked, spanOf } from './lint-text.ts';
import { NOT_OF_VENDORS, sentinelFile, VENDOR_CASES, type VendorCase } from './vendor-cases.ts';

async function rulesOf({ file, text, beside, apart }: VendorCase): Promise<readonly Rule[]> {
  const files = [{ file, text }, ...(beside ? [beside] : [])].map((one) => ({ ...one, text: marked(one.text).text }));
  if (apart) return files.flatMap((one) => parseRules(`/set/rules/${one.file}`, one.text).rules);
  const { rules, problems, refusals } = await loadSet(
    Object.fromEntries(files.map((one) => [`rules/${one.file}`, one.text])),
  );
  expect([...problems, ...refusals]).toEqual([]);
  return rules;
}

describe('each check on a file of another product', () => {
  it.each(VENDOR_CASES)('%s finds what it is for, where it stands, and nothing else', async (check, one) => {
    const { file, text } = one.beside && !marked(one.text).spans.length ? one.beside : one;
    const found = await lintOf(check, await rulesOf(one), one.settings);
    const told = found.map((finding) => `${finding.file} ${spanOf(finding)}`);
    const wanted = marked(text).spans.map((span, at) => {
      const isOpen = found[at]?.endLine === null;
      return `/set/rules/${file} ${isOpen ? span.split('-')[0] : span}`;
    });
    expect([wanted.length, told]).toEqual([1, wanted]);
  });

  it('never says that a file said what its format means', async () => {
    const [, one] = VENDOR_CASES.find(([check]) => check === 'own-filter') ?? [];
    const text = one?.text.replace(/\n( *)\| where «.*»/, '$&\n$1| summarize n = count() by DeviceName') ?? '';
    const [rule] = await rulesOf({ file: 'r.yaml', text });
    expect(rule?.query).toContain('summarize');
    const [found] = await lintOf('own-filter', rule ? [rule] : []);
    expect(found?.message).toContain('rules of other products keep their own where the query joins or aggregates');
    expect(`${found?.message}`).not.toContain('keepFilters');
    expect(found?.severity).toBe('info');
  });

  it('never says that a file stated a shape that its threshold asks for', async () => {
    const [rule] = await rulesOf({ file: 'r.yaml', text: sentinelFile({ triggerThreshold: '5' }) });
    expect(rule?.shape).toBe('set');
    expect(await lintOf('shape-contradicted', rule ? [rule] : [])).toEqual([]);
  });

  it('takes a column of a union to be there where the type of one side is not known', async () => {
    const query =
      '|\n  union (SecurityEvent | extend Who = Account), (DeviceProcessEvents | extend Who = AccountName)\n  | where Who != "x"';
    const alert = '\n  alertDisplayNameFormat: "{{Who}} and {{Whom}}"';
    const [rule] = await rulesOf({ file: 'r.yaml', text: sentinelFile({ query, alertDetailsOverride: alert }) });
    const found = await lintOf('column-missing', rule ? [rule] : []);
    expect(found.map(({ suggestion }) => suggestion)).toEqual([expect.stringContaining('Did you mean "Who"?')]);
  });

  it('is tried for every check of the registry, or says why it cannot find anything there', () => {
    const tried = new Set(VENDOR_CASES.map(([check]) => check));
    const names = LINT_CHECKS.map(({ id }) => id);
    expect(names.filter((id) => !tried.has(id) && !NOT_OF_VENDORS[id])).toEqual([]);
    expect(Object.keys(NOT_OF_VENDORS).filter((id) => tried.has(id) || !names.includes(id))).toEqual([]);
  });
});
