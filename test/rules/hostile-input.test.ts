import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Problem } from '../../src/lib/errors.ts';
import { lintRules } from '../../src/rules/lint/lint-rules.ts';
import { loadRules } from '../../src/rules/load-rules.ts';
import { analyzed, LINT_SETTINGS } from './analyzed.ts';
import { ruleOf, ruleText } from './rule-text.ts';

let folder = '';
const write = (name: string, text: string | Uint8Array) => writeFileSync(join(folder, name), text);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bad-input-'));
  const good = ruleText({ id: 'good' });
  write('a-good.yaml', good);
  write('binary.yaml', Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919) % 256)));
  write('not-yaml.yaml', 'id: [a\nname: "b\n\t- {');
  write('bom.yaml', `\uFEFF${ruleText({ id: 'bom' })}`);
  write('crlf.yaml', ruleText({ id: 'crlf' }).replaceAll('\n', '\r\n'));
  write('tabs.yaml', 'id: a\n\tname: b\n');
  write('twice.yaml', `${good}id: twice\n`);
  write('utf16.yaml', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('just text', 'utf16le')]));
  const levels = Array.from(
    { length: 12 },
    (_, index) => `x${index + 1}: &x${index + 1} [${'*x'.concat(String(index), ', ').repeat(9)}]`,
  );
  write('bomb.yaml', `x0: &x0 [a]\n${levels.join('\n')}\n`);
  write('huge.yaml', '');
  truncateSync(join(folder, 'huge.yaml'), 100 * 1024 * 1024);
  write('unreadable.yaml', good);
  chmodSync(join(folder, 'unreadable.yaml'), 0o000);
  mkdirSync(join(folder, 'below'));
  symlinkSync('..', join(folder, 'below', 'up'));
  symlinkSync('circle', join(folder, 'circle'));
  symlinkSync('circle.yaml', join(folder, 'circle.yaml'));
  write('z-last.yaml', ruleText({ id: 'last' }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a folder of rules with everything wrong', () => {
  it('gives a problem a file and never stops the others', async () => {
    const { rules, problems, refusals, verdicts } = await loadRules([folder]);
    const ids = rules.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['good', 'bom', 'crlf', 'last']));
    const toldOf = (list: readonly Problem[]) => list.map(({ file }) => file?.slice(folder.length + 1));
    // Who may read everything reads the file without permission, too, which then has an id twice.
    expect(toldOf(problems).filter((file) => file !== 'unreadable.yaml')).toEqual(['twice.yaml']);
    const told = new Set(toldOf(refusals));
    const bad = ['binary', 'not-yaml', 'tabs', 'bomb', 'huge', 'circle'];
    expect(bad.filter((name) => !told.has(`${name}.yaml`))).toEqual([]);
    const judged = new Set(verdicts.map(({ file }) => file.slice(folder.length + 1)));
    expect(bad.filter((name) => !judged.has(`${name}.yaml`))).toEqual([]);
    const messages = [...problems, ...refusals].map(({ message }) => message);
    expect(messages.filter((message) => message.length > 2000)).toEqual([]);
  });
});

describe('a query of any size and depth', () => {
  it.each<[string, string]>([
    ['deep brackets', `DeviceEvents | where ${'('.repeat(3000)}A${')'.repeat(3000)}`],
    [
      'long chains of or',
      `DeviceEvents | where ${Array.from({ length: 2000 }, (_, index) => `FileName == "${index}"`).join(' or ')}`,
    ],
    ['many pipes', `DeviceEvents ${'| where FileName == "x" '.repeat(400)}`],
    ['as long as it may be', `DeviceEvents // ${'x'.repeat(99_000)}`],
    ['many joins', `DeviceEvents ${'| join (DeviceInfo) on DeviceId '.repeat(40)}`],
    ['nothing but a quote', '"'],
    ['nothing', ' '],
  ])('%s', async (_, query) => {
    const rule = ruleOf({ query: JSON.stringify(query) });
    const prepared = await analyzed(query);
    const found = lintRules([{ rule, prepared }], LINT_SETTINGS);
    expect(found.length).toBeLessThan(2000);
  });
});
