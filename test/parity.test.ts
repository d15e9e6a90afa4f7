import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { HEALTH_CODES } from '../src/alerts/alert.ts';
import { EXIT, exitCodeOf } from '../src/cli/exit-codes.ts';
import type { World } from '../src/cli/terminal/world.ts';
import { VERBS } from '../src/cli/verbs.ts';
import { FORMATS } from '../src/formats/registry.ts';
import { ERROR_CODES } from '../src/lib/errors.ts';
import { LINT_CHECKS } from '../src/rules/lint/registry.ts';
import { SOURCES } from '../src/sources/registry.ts';
import { TARGETS } from '../src/targets/registry.ts';
import { EXTRA, TABLE } from './import-table.ts';
import { brokenLinks, commandsOf, linkedPages, type Page, readPage, root, rowsOf, section } from './markdown.ts';

const packageJson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md'))
  .map((name) => readPage(`docs/${name}`));
const readme = readPage('README.md');
const pages = [readme, readPage('CHANGELOG.md'), ...docs];

const architecture = readPage('docs/architecture.md');
const configuration = readPage('docs/configuration.md');

function namesIn(page: Page, title: string): string[] {
  return rowsOf(page, title).map(([name]) => name ?? '');
}

function codeWords(text: string | undefined): string[] {
  return [...(text ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
}

function testsBelow(folder: string): Page[] {
  return readdirSync(join(root, 'test', folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => readPage(`test/${folder}/${name}`));
}

describe('docs/architecture.md', () => {
  it('has the import table that is enforced', () => {
    const documented = rowsOf(architecture, 'folder').map(([folder, , imports = '']) => {
      const names = imports === '–' ? [] : imports.split(',').map((name) => name.trim().replace(' (t)', '(t)'));
      return [folder, names];
    });
    expect(Object.fromEntries(documented)).toEqual(TABLE);
  });

  it('says what every folder does and may not', () => {
    const empty = rowsOf(architecture, 'folder').filter(([, does, , mayNot]) => !does || !mayNot);
    expect(empty).toEqual([]);
  });

  it('names every file that may more than its folder, and what', () => {
    const words = Object.entries(EXTRA).flatMap(([file, more]) => [file, ...more]);
    expect(words.filter((word) => !architecture.text.includes(`\`${word}\``))).toEqual([]);
  });

  it('gives a reason for the dependencies, and for no others', () => {
    expect(namesIn(architecture, 'package').sort()).toEqual(Object.keys(packageJson.dependencies).sort());
  });

  it('names the sources in its words', () => {
    const words = new Map(rowsOf(architecture, 'word').map(([word, meaning]) => [word, meaning]));
    expect(codeWords(words.get('source'))).toEqual([...SOURCES.keys()]);
  });
});

describe('docs/errors.md', () => {
  const rows = rowsOf(readPage('docs/errors.md'), 'code');

  it('has a row for every code, in the order of the list', () => {
    expect(rows.map(([code]) => code)).toEqual([...ERROR_CODES]);
  });

  it('says the exit codes that verbs have', () => {
    expect(rows.map(([code, , , , exit]) => `${code} ${exit}`)).toEqual(
      ERROR_CODES.map((code) => `${code} ${exitCodeOf(code)}`),
    );
  });
});

describe('the health codes', () => {
  const alertSchema = JSON.parse(readFileSync(join(root, 'schemas/alert.schema.json'), 'utf8'));

  it('are told in alerts.md, the checklist of operations.md and the schema', () => {
    const checklist = section(readPage('docs/operations.md'), '## When a health alert comes');
    const alerts = section(readPage('docs/alerts.md'), '## Health alerts');
    expect(namesIn(alerts, 'code')).toEqual([...HEALTH_CODES]);
    expect(namesIn(checklist, 'code')).toEqual([...HEALTH_CODES]);
    expect(alertSchema.properties.health.properties.code.enum).toEqual([...HEALTH_CODES]);
  });
});

describe('sources, targets, formats', () => {
  it.each([...TARGETS.keys()])('every target has a page that says what delivered means: %s', (type) => {
    const { text } = readPage(`docs/targets/${type}.md`);
    expect(text.startsWith(`# ${type}\n`)).toBe(true);
    expect(text).toContain('**Delivered** means ');
  });

  it('configuration.md names every source', () => {
    const [, , meaning] = rowsOf(section(configuration, '## source'), 'key').find(([key]) => key === 'api') ?? [];
    expect(codeWords(meaning)).toEqual([...SOURCES.keys()]);
  });
});

describe('tests', () => {
  it.each([...TARGETS.keys()])('every target has a test on the shared contract: %s', (type) => {
    expect(readPage(`test/targets/${type}.test.ts`).text).toContain('describeTarget(');
  });

  it.each([...FORMATS.keys()])('every format has a test of its own: %s', (name) => {
    expect(existsSync(join(root, `test/formats/${name}.test.ts`))).toBe(true);
  });

  it('every format is held to the shared contract', () => {
    expect(testsBelow('formats').some((page) => page.text.includes('describeFormat('))).toBe(true);
  });

  it.each([...SOURCES.keys()])('every source has a test on the shared contract: %s', (name) => {
    const tests = testsBelow('sources').filter((page) => page.text.includes('describeSource('));
    expect(tests.filter((page) => page.text.includes(`'${name}'`)).length).toBeGreaterThan(0);
  });

  it.each(LINT_CHECKS.map((check) => check.id))('every lint check has a test: %s', (id) => {
    expect(testsBelow('rules/lint').filter((page) => page.text.includes(`'${id}'`)).length).toBeGreaterThan(0);
  });
});

describe('the command line', () => {
  const program = new Command();
  for (const verb of VERBS) verb(program, {} as World, () => undefined);

  /** What is wrong with a documented command, or null. */
  function complaint([, name = '', ...rest]: readonly string[]): string | null {
    if (name === '' || name.startsWith('-') || name === 'VERB') return null;
    const verb = program.commands.find((one) => one.name() === name);
    if (!verb) return `there is no verb ${name}`;
    const inner = verb.commands.find((one) => one.name() === rest[0]) ?? verb;
    const known = [...inner.options.map((option) => option.long), '--help', '--version'];
    const unknown = rest
      .map((word) => word.split('=')[0])
      .filter((word) => word?.startsWith('--') && !known.includes(word));
    return unknown.length > 0 ? `${name} has no ${unknown.join(', ')}` : null;
  }

  it('has a row for every verb in README.md', () => {
    const rows = namesIn(readme, 'verb').map((name) => name.split(' ')[0]);
    expect(rows.sort()).toEqual(program.commands.map((command) => command.name()).sort());
  });

  it('has every verb and option that the documentation names', () => {
    const wrong = pages.flatMap((page) =>
      commandsOf(page, 'huntwire').flatMap((words) => {
        const said = complaint(words);
        return said ? [`${page.name}: ${words.join(' ')}: ${said}`] : [];
      }),
    );
    expect(wrong).toEqual([]);
  });

  it('has the exit codes that operations.md lists', () => {
    const listed = namesIn(section(readPage('docs/operations.md'), '## Exit codes'), 'code');
    expect(listed).toEqual(Object.values(EXIT).map(String));
  });
});

describe('package.json', () => {
  const { scripts } = packageJson;

  it('has the scripts that people are told of, and none that runs at install', () => {
    expect(Object.keys(scripts).sort()).toEqual(['bench', 'build', 'check', 'demo', 'lint', 'test', 'typecheck']);
  });

  it.each(['demo', 'test', 'bench'])('builds before %s', (name) => {
    expect(scripts[name]).toMatch(/^npm run build --silent && /);
  });

  it('has every script that the documentation names', () => {
    const named = pages.flatMap((page) =>
      commandsOf(page, 'npm').flatMap(([, verb, script]) =>
        verb === 'run' ? [script ?? ''] : verb === 'test' ? ['test'] : [],
      ),
    );
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !scripts[name])).toEqual([]);
  });

  it('packs files that exist', () => {
    const made = ['dist'];
    expect(packageJson.files.filter((name: string) => !made.includes(name) && !existsSync(join(root, name)))).toEqual(
      [],
    );
  });

  it('is licensed as LICENSE says', () => {
    expect(packageJson.license).toBe('Apache-2.0');
    expect(readPage('LICENSE').text).toMatch(/Apache License\s+Version 2\.0, January 2004/);
  });

  it('has its version in the changelog, or its next one', () => {
    const changelog = readPage('CHANGELOG.md').text;
    expect(changelog).toMatch(new RegExp(`^## (Unreleased|${packageJson.version.replaceAll('.', '\\.')}\\b)`, 'm'));
  });
});

describe('docs/benchmarks.md', () => {
  it('has a row for every benchmark', () => {
    const files = readdirSync(join(root, 'bench')).filter((name) => name.endsWith('.mjs') && name !== 'all.mjs');
    const rows = namesIn(readPage('docs/benchmarks.md'), 'benchmark');
    expect([...new Set(rows)].sort()).toEqual(files.map((name) => name.replace('.mjs', '')).sort());
  });
});

describe('the documentation', () => {
  it.each(pages.map((page) => [page.name, page] as const))('has no broken link in %s', (_, page) => {
    expect(brokenLinks(page)).toEqual([]);
  });

  it('is found from README.md, every page of it', () => {
    const found = new Set([readme.name]);
    for (const name of found) for (const link of linkedPages(readPage(name))) found.add(link);
    expect(docs.map((page) => page.name).filter((name) => !found.has(name))).toEqual([]);
  });

  it('sees a link that leads nowhere', () => {
    const planted = {
      name: 'docs/planted.md',
      text: '[a](nowhere.md) [b](errors.md#nothing) [c](errors.md#errors) `[d](x.md)`',
    };
    expect(brokenLinks(planted)).toEqual(['nowhere.md', 'errors.md#nothing']);
  });
});
