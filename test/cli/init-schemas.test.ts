import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse, parseAllDocuments } from 'yaml';
import { REPOSITORY_FILES } from '../../src/cli/init/repository-files.ts';

const root = resolve(import.meta.dirname, '../..');
const textOf = (name: string): string => REPOSITORY_FILES.find((one) => one.name === name)?.text ?? '';
const globs: Readonly<Record<string, readonly string[]>> = JSON.parse(textOf('.vscode/settings.json'))['yaml.schemas'];

/** A glob of the editor's settings as the language server takes it: in `!(…)`, and for what stands there, `*` is any text, slashes included. */
function patternOf(glob: string): RegExp {
  const [, head = glob, not, tail = ''] = /^(.*?)!\((.*)\)(.*)$/.exec(glob) ?? [];
  const dots = (text: string): string => text.replaceAll('.', '\\.');
  const end = dots(tail);
  const any = not === undefined ? '' : `(?!(?:${dots(not).replaceAll(/\*+/g, '.*')})${end}$).+${end}`;
  const folders = dots(head).split('**/');
  return new RegExp(`(?:^|/)${folders.map((part) => part.replaceAll('*', '[^/]*')).join('(?:.+/)?')}${any}$`);
}

/** The schemas of the package that the settings name for a file. */
function schemasFor(file: string): readonly string[] {
  const found = Object.entries(globs).filter(([, all]) => all.some((glob) => patternOf(glob).test(file)));
  return found.map(([path]) => path.replace('./node_modules/huntwire/schemas/', '').replace('.schema.json', ''));
}

const validators = new Map(
  ['config', 'rule', 'test', 'defaults', 'overlay'].map((name) => {
    const schema = JSON.parse(readFileSync(resolve(root, `schemas/${name}.schema.json`), 'utf8'));
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    expect(ajv.validateSchema(schema)).toBe(true);
    return [name, ajv.compile(schema)] as const;
  }),
);

/** What the editor has against a file; null: no schema is named for it, or several are. */
function toldBy(file: string, text: string): readonly string[] | null {
  const [name, ...others] = schemasFor(file);
  const validate = validators.get(name ?? '');
  if (!validate || others.length > 0) return null;
  return parseAllDocuments(text, { merge: true })
    .map((document) => document.toJS())
    .flatMap((value) => (validate(value) ? [] : (validate.errors ?? []).map(({ message }) => `${message}`)));
}

const TESTS = 'tests:\n  - {name: one, tables: {DeviceEvents: [{DeviceName: a}]}, alerts: []}\n';
const SET =
  'targets: [soar]\nsuppress: 1h\nexceptions: [{where: {A: [b]}, reason: r, owner: o, expires: 2099-01-01}]\n';

describe('editor settings of init --repository', () => {
  it.each([
    ['rules/a.yaml', ['rule']],
    ['rules/windows/a.b.yaml', ['rule']],
    ['rules/test.yaml', ['rule']],
    ['rules/my-defaults.yaml', ['rule']],
    ['rules/a.test.yaml', ['test']],
    ['rules/windows/a.test.yaml', ['test']],
    ['rules/vendor/a.test.yaml', ['test']],
    ['rules/defaults.yaml', ['defaults']],
    ['rules/windows/defaults.yaml', ['defaults']],
    ['rules/vendor/defaults.yaml', ['defaults']],
    ['rules/vendor/sentinel/a.yaml', []],
    ['overlays/soc/a.yaml', ['overlay']],
    ['huntwire.yaml', ['config']],
    ['.github/workflows/rules.yml', []],
  ])('give %s the schema of what it is', (file, schemas) => {
    expect(schemasFor(file)).toEqual(schemas);
  });

  it('have nothing against the files that init writes', () => {
    const written = REPOSITORY_FILES.filter(({ name }) => name.endsWith('.yaml'));
    expect(written.length).toBeGreaterThan(2);
    expect(written.map(({ name, text }) => [name, toldBy(name, text)])).toEqual(written.map(({ name }) => [name, []]));
  });

  it.each([
    ['rules/a.test.yaml', `${TESTS}---\nrule: b\n${TESTS}`],
    ['rules/defaults.yaml', SET],
    ['overlays/a.yaml', `overlays:\n  - match: {tags: [office]}\n    set:\n${SET.replaceAll(/^(?=.)/gm, '      ')}`],
  ])('have nothing against a sound %s', (file, text) => {
    expect(parse(text.split('---')[0] ?? '')).toBeTruthy();
    expect(toldBy(file, text)).toEqual([]);
  });

  it.each([
    ['rules/a.test.yaml', TESTS.replace('alerts', 'alert')],
    ['rules/a.test.yaml', 'rule: a\n'],
    ['rules/a.test.yaml', 'id: a\nquery: T\n'],
    ['rules/defaults.yaml', 'query: T\n'],
    ['rules/defaults.yaml', 'severity: middle\n'],
    ['rules/defaults.yaml', '{}\n'],
    ['overlays/a.yaml', 'overlays: [{match: {id: [a]}, set: {suppress: 1h}}]\n'],
    ['overlays/a.yaml', 'suppress: 1h\n'],
  ])('tell what is wrong in %s: %j', (file, text) => {
    expect(toldBy(file, text)).not.toEqual([]);
    expect(toldBy(file, text)).not.toBeNull();
  });
});
