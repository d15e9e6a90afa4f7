import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadRules, parseRules } from '../../src/rules/load-rules.ts';
import { diskRules } from '../../src/rules/rule-files.ts';
import { ruleText } from './rule-text.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rules-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
}

async function load(...paths: string[]) {
  const { rules, problems, files } = await loadRules(
    paths.map((path) => join(folder, path)),
    diskRules,
  );
  return {
    ids: rules.map((rule) => rule.id),
    files: files.map((file) => relative(folder, file)),
    problems: problems.map((one) => `${relative(folder, one.file ?? '')}:${one.line}:${one.column} ${one.message}`),
  };
}

describe('loadRules', () => {
  it('reads files and folders recursively, in the order of names, each file once', async () => {
    write('b.yml', ruleText({ id: 'b' }));
    write('a/deep/a.yaml', `${ruleText({ id: 'a1' })}---\n${ruleText({ id: 'a2' })}`);
    write('c.YAML', ruleText({ id: 'c' }));
    write('notes.txt', 'not a rule');
    write('.git/x.yaml', 'not: a rule');
    symlinkSync(folder, join(folder, 'a', 'loop'));
    symlinkSync(join(folder, 'b.yml'), join(folder, 'again.yml'));
    expect(await load('b.yml', 'a/deep', 'c.YAML', 'again.yml')).toEqual({
      ids: ['b', 'a1', 'a2', 'c'],
      files: ['b.yml', 'a/deep/a.yaml', 'c.YAML'],
      problems: [],
    });
  });

  it('visits each folder once, however many links lead in circles', async () => {
    write('a/a.yaml', ruleText());
    symlinkSync(folder, join(folder, 'a', 'loop'));
    for (const name of ['one', 'two', 'three']) symlinkSync(folder, join(folder, name));
    const { ids, problems } = await load('.');
    expect(ids).toEqual(['some-rule']);
    expect(problems).toEqual([]);
  });

  it('tells what is missing, empty, not text and twice there', async () => {
    write('ok.yaml', ruleText());
    write('empty.yaml', '# nothing\n');
    write('bytes.yaml', new Uint8Array([0x69, 0xff, 0xfe]));
    write('twice.yaml', `# first\n${ruleText({ name: 'Twin' })}`);
    mkdirSync(join(folder, 'none'));
    const { ids, problems } = await load(
      'ok.yaml',
      'absent',
      'none',
      'empty.yaml',
      'bytes.yaml',
      'twice.yaml',
      'ok.yaml',
    );
    expect(ids).toEqual(['some-rule']);
    expect(problems).toEqual([
      'absent:null:null There is no such file or folder.',
      'none:null:null There is no rule file (*.yaml, *.yml, *.json) here.',
      `twice.yaml:2:1 The id "some-rule" is already taken by ${join(folder, 'ok.yaml')}:1.`,
    ]);
  });

  it('says what a pipe, a device or a link to nothing is, and loads what lies beside it', async () => {
    write('ok.yaml', ruleText());
    execFileSync('mkfifo', [join(folder, 'pipe.yaml')]);
    symlinkSync('/dev/zero', join(folder, 'zero.yaml'));
    symlinkSync(join(folder, 'gone'), join(folder, 'dangling.yaml'));
    const { rules, problems, refusals } = await loadRules([folder]);
    expect([rules.map(({ id }) => id), problems]).toEqual([['some-rule'], []]);
    expect(refusals.map(({ file, message }) => [basename(file ?? ''), message])).toEqual([
      ['dangling.yaml', 'There is no such file or folder.'],
      ['pipe.yaml', 'It is a device, pipe or socket: only files and folders are read.'],
      ['zero.yaml', 'It is a device, pipe or socket: only files and folders are read.'],
    ]);
    expect((await loadRules([join(folder, 'pipe.yaml')])).problems).toHaveLength(1);
  });

  it('waits in an empty folder for the first overlay and function, but not for the first rule', async () => {
    write('rules/ok.yaml', ruleText());
    for (const name of ['overlays', 'functions', 'none']) mkdirSync(join(folder, name));
    write('overlays/.gitkeep', '');
    const [overlays, functions] = [[join(folder, 'overlays')], [join(folder, 'functions')]];
    const places = { paths: [join(folder, 'rules')], roots: [], folder: '', overlays, functions };
    expect((await loadRules(places)).problems).toEqual([]);
    expect((await loadRules({ ...places, paths: [join(folder, 'none')] })).problems).toHaveLength(1);
  });

  it('tells an unreadable file and goes on', async () => {
    write('a.yaml', ruleText({ id: 'a' }));
    write('b.yaml', ruleText({ id: 'b' }));
    const read = (file: string) =>
      file.endsWith('a.yaml') ? Promise.reject(new Error('EACCES: permission denied')) : diskRules.read(file);
    const { rules, problems, refusals } = await loadRules([folder], { ...diskRules, read });
    expect([rules.map((rule) => rule.id), problems]).toEqual([['b'], []]);
    expect(refusals).toEqual([
      expect.objectContaining({ message: 'The file cannot be read: EACCES: permission denied.', code: 'RULE_INVALID' }),
    ]);
  });
});

describe('parseRules', () => {
  it('never throws, whatever the text', () => {
    const pieces = fc.constantFrom(
      ...['id: a\n', 'query: |\n', '  T\n', '- ', '{', '}', '[', ']', ': ', '&a ', '*a', '"', "'", '\n', '\t', '---\n'],
      ...[
        '!!binary x',
        '? ',
        '<<: *a',
        'threshold: ">',
        'schedule: {every: 1m}\n',
        '\u0000',
        '\uFEFF',
        'alert: {per: ',
      ],
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        const { verdicts, problems } = parseRules('x.yaml', parts.join(''));
        expect(verdicts.length).toBeGreaterThan(0);
        for (const one of problems) expect(one.line ?? 1).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });
});
