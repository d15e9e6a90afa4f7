import { describe, expect, it } from '@jest/globals';
import { readRuleFiles } from '../../src/rules/load-rules.ts';
import type { RuleIo } from '../../src/rules/rule-files.ts';
import { sentinelText } from './readers/sentinel-text.ts';
import { ruleText } from './rule-text.ts';

const BOMB = `a: &a [x, x, x, x, x, x, x, x, x]\n${[...'bcdefg'].map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefg'[at]}`).join(', ')}]`).join('\n')}\nqueryFrequency: 1h\n`;
const utf16 = (text: string): Uint8Array => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
const good = (id: string): string => sentinelText({ id });

const FILES: Readonly<Record<string, string | Uint8Array>> = {
  'bom.yaml': `\uFEFF${good('bom')}`,
  'crlf.yaml': good('crlf').replaceAll('\n', '\r\n'),
  'unmarked.json': Buffer.from(JSON.stringify({ query: 'DeviceEvents' }), 'utf16le').swap16(),
  'unmarked.yaml': Buffer.from(good('unmarked'), 'utf16le'),
  'utf16.yaml': utf16(good('utf16')),
  'binary.json': new Uint8Array([0x7b, 0xc3, 0x28, 0x00]),
  'bomb.yaml': BOMB,
  'deep.json': `{"resources": ${'['.repeat(5000)}${']'.repeat(5000)}}`,
  'large.json': new Uint8Array(17 * 1024 * 1024).fill(0x20),
  'list.yaml': 'entityMappings: 1\nqueryFrequency: [1h]\nquery: {a: 1}\n',
  'tabs.yaml': 'queryFrequency: 1h\nquery: |\n\tDeviceEvents\n',
  'twice.yaml': `${good('twice')}severity: Low\n`,
};

function folderOf(files: Readonly<Record<string, string | Uint8Array>>): RuleIo {
  return {
    kind: async (path) => (path === '/r' ? 'folder' : files[path.slice(3)] === undefined ? 'absent' : 'file'),
    list: async () => Object.keys(files).sort(),
    identity: async (path) => path,
    read: async (path) => Buffer.from(files[path.slice(3)] ?? ''),
  };
}

describe('files in a rules folder that are no rules', () => {
  const ours = ruleText({ id: 'ours' });
  const OTHERS: Readonly<Record<string, string | Uint8Array>> = {
    'binary.yaml': new Uint8Array([0x00, 0xff, 0xfe, 0x80]),
    'bomb.yaml': BOMB.replace('queryFrequency: 1h\n', ''),
    'empty.yaml': '# nothing\n',
    'list.yaml': '- a\n- b\n',
    'moved.yaml': 'name: moved elsewhere\ndescription: see there\n',
    'ours.yaml': ours,
    'prose.yaml': 'just words',
    'template.yaml': '{{ broken\n\t- yes',
    'workflow.yml': 'name: ci\non: [push]\njobs: {test: {steps: [{run: make}]}}\n',
  };

  it('each get a verdict, and stop nobody', async () => {
    const { rules, verdicts, problems, refusals } = await readRuleFiles(['/r'], folderOf(OTHERS));
    expect([rules.map(({ id }) => id), problems]).toEqual([['ours'], []]);
    expect(verdicts.map(({ file, verdict }) => `${file.slice(3)} ${verdict}`)).toEqual(
      Object.keys(OTHERS).map((name) => `${name} ${name === 'ours.yaml' ? 'loaded' : 'refused'}`),
    );
    expect([...new Set(refusals.map(({ file }) => file?.slice(3)))]).toEqual([
      'binary.yaml',
      'bomb.yaml',
      'template.yaml',
    ]);
  });

  it.each([
    ['a key is missing', 'id: a\nname: A\nseverity: low\nquery: DeviceEvents\n'],
    ['the query is missing', 'id: a\nname: A\nseverity: low\nschedule: {every: 1h}\n'],
    ['both are', 'id: a\nname: A\nseverity: low\n'],
    ['it is in a list', `- ${ours.replaceAll('\n', '\n  ')}`],
    ['a key is there twice', `${ours}severity: low\n`],
    ['it is no YAML', `${ours}alert: [\n`],
  ])('one of our own that is broken is a problem: %s', async (_, text) => {
    const { problems, refusals } = await readRuleFiles(['/r'], folderOf({ 'a.yaml': text }));
    expect([problems.length > 0, refusals]).toEqual([true, []]);
  });
});

describe('bad files of other products', () => {
  it('each gets a verdict, and the others load', async () => {
    const { rules, verdicts, problems } = await readRuleFiles(['/r'], folderOf(FILES));
    const told = verdicts.map(({ file, verdict, reason }) => `${file.slice(3)} ${reason ?? verdict}`);
    expect(told).toEqual([
      'binary.json The file cannot be read: it holds the character 0 and is no text.',
      'bom.yaml loaded',
      expect.stringMatching(/^bomb\.yaml The document has more than 250000 values/),
      'crlf.yaml loaded',
      'deep.json Values are nested more than 64 levels deep.',
      expect.stringMatching(/^large\.json The file cannot be read: it is larger than/),
      'list.yaml The rule has no query.',
      expect.stringMatching(/^tabs\.yaml /),
      'twice.yaml The key stands here a second time.',
      'unmarked.json The file cannot be read: it is UTF-16 without a mark (BOM): save it as UTF-8.',
      'unmarked.yaml The file cannot be read: it is UTF-16 without a mark (BOM): save it as UTF-8.',
      'utf16.yaml loaded',
    ]);
    expect(rules.map(({ id }) => id)).toEqual(['bom', 'crlf', 'utf16']);
    expect(new Set(rules.map(({ query }) => query)).size).toBe(1);
    expect(problems).toEqual([]);
  });
});
