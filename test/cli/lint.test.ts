import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCli } from '../../src/cli/cli.ts';
import { lint } from '../../src/cli/lint.ts';
import { createFakeWorld } from './fake-world.ts';

const rule = (id: string, query: string, more = ''): string =>
  `id: ${id}\nname: A rule\ndescription: A rule.\nseverity: low\nattack: [T1059]\n${more}query: |\n  ${query}\nschedule: {every: 1h}\n`;
const TESTS =
  'tests:\n  - {name: a, rows: [{DeviceId: e}], alerts: []}\n  - {name: b, rows: [{DeviceId: d, ReportId: 1}], alerts: [{}]}\n';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lint-test-'));
  mkdirSync(join(folder, 'rules'));
  const files = {
    'good.yaml': rule('good', 'DeviceEvents | where ActionType has "x"', TESTS),
    'untested.yaml': rule('untested', 'DeviceEvents | where ActionType has "x"'),
    'column.yaml': rule('column', 'DeviceProcessEvents | where FileNam has "x"', TESTS),
    'table.yaml': rule('table', 'DeviceProcesEvents | take 1', TESTS),
    'own.yaml': rule('own', 'DeviceEvents | where Custom == 1', TESTS),
    'broken.yaml': 'id: broken\nname: C\n description: d\nseverity: hihg\n',
    'cron.yaml': rule('cron', 'DeviceEvents | where ActionType has "x"', TESTS).replace(
      '{every: 1h}',
      '{cron: "* * *"}',
    ),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, 'rules', name), text);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function lintFiles(names: readonly string[], ...options: readonly string[]) {
  const world = createFakeWorld(folder);
  const paths = names.map((name) => `rules/${name}.yaml`);
  const exitCode = await runCli(['lint', ...paths, ...options], world, [lint]);
  return { exitCode, out: world.out(), err: world.err() };
}

describe('lint', () => {
  it('exits 1 on a misspelt column of a known table, and says which was meant', async () => {
    const { exitCode, out } = await lintFiles(['column']);
    expect(out).toContain('10:31  error');
    expect(out).toContain('Did you mean "FileName"?');
    expect(exitCode).toBe(1);
  });

  it('exits 1 on a target that the configuration does not have, and asks for none where it has no targets', async () => {
    writeFileSync(
      join(folder, 'rules/aimed.yaml'),
      rule('aimed', 'DeviceEvents | where ActionType has "x"', `targets: [saor]\n${TESTS}`),
    );
    writeFileSync(join(folder, 'bare.yaml'), 'source: {api: local, path: .}\nrules: [rules/]\n');
    writeFileSync(
      join(folder, 'full.yaml'),
      'source: {api: local, path: .}\nrules: [rules/]\ntargets: {soar: {type: stdout}}\n',
    );
    const { exitCode, out } = await lintFiles(['aimed', 'good'], '--config', 'full.yaml');
    expect(exitCode).toBe(1);
    expect(out).toContain('There is no target "saor". Did you mean "soar"?');
    expect(out).toContain('The rule "good" has no target');
    expect((await lintFiles(['aimed', 'good'], '--config', 'bare.yaml')).exitCode).toBe(0);
  });

  it('exits 1 on a misspelt table, and says which was meant', async () => {
    const { exitCode, out } = await lintFiles(['table']);
    expect(out).toContain('Did you mean "DeviceProcessEvents"?');
    expect(exitCode).toBe(1);
  });

  it('mends with --fix what comes to light once something else was mended', async () => {
    const file = join(folder, 'rules/twice.yaml');
    writeFileSync(file, rule('twice', 'DeviceprocessEvents | where Filename has "x"', TESTS));
    const { exitCode, out } = await lintFiles(['twice'], '--fix');
    expect([exitCode, out]).toEqual([0, expect.stringContaining('2 fixed in 1 file.')]);
    expect(readFileSync(file, 'utf8')).toContain('DeviceProcessEvents | where FileName has "x"');
  });

  it('warns of a name that may be of the tenant', async () => {
    const { exitCode, out } = await lintFiles(['own']);
    expect(out).toContain('warning');
    expect(exitCode).toBe(0);
  });

  it('groups findings by file under relative paths, one line for one mistake, and counts first', async () => {
    const { out } = await lintFiles(['broken', 'cron', 'good']);
    expect(out).toBe(
      [
        '3 files, 1 rule: 2 errors, 0 warnings.',
        'rules/broken.yaml',
        '  3:2  error    This line is indented further than the one above it, which holds a value already: begin both in the same column. [RULE_INVALID]',
        '                3 │  description: d',
        '                  │  ^^^^^^^^^^^',
        'rules/cron.yaml',
        '  11:18  error    "cron" has 3 fields and needs five: minute, hour, day of the month, month and weekday, such as "*/15 6-20 * * 1-5". [RULE_INVALID]',
        '                  11 │ schedule: {cron: "* * *"}',
        '                     │                  ^',
        '',
      ].join('\n'),
    );
  });

  it.each<[string, readonly string[], number, string]>([
    ['warnings pass', [], 0, '1 file, 1 rule: 0 errors, 1 warning.\n'],
    ['unless they are to fail', ['--fail-on', 'warning'], 1, '1 warning; failed, as --fail-on warning asks.\n'],
    ['which is strict', ['--strict'], 1, '1 warning; failed, as --fail-on warning asks.\n'],
    ['or are too many', ['--max-warnings', '0'], 1, '1 warning; failed, as --max-warnings allows 0.\n'],
    ['or just as many', ['--max-warnings', '1'], 0, '1 warning.\n'],
  ])('%s', async (_, options, code, text) => {
    const { exitCode, out } = await lintFiles(['untested'], ...options);
    expect(out).toContain(text);
    expect(exitCode).toBe(code);
  });

  it('says in JSON what the exit code says', async () => {
    const { exitCode, out } = await lintFiles(['untested'], '--strict', '--format', 'json');
    expect([exitCode, JSON.parse(out)]).toMatchObject([1, { errors: 0, warnings: 1, infos: 0, passed: false }]);
  });

  it('refuses what is no number of warnings', async () => {
    const { exitCode, err } = await lintFiles(['good'], '--max-warnings', 'many');
    expect([exitCode, err]).toEqual([
      2,
      'huntwire: --max-warnings: "many" is no number of warnings; write 0 or more. [USAGE]\n',
    ]);
  });
});
