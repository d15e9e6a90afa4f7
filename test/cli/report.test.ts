import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCli } from '../../src/cli/cli.ts';
import { reportDays } from '../../src/cli/report.ts';
import { createFakeWorld } from './fake-world.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'report-test-'));
  writeFileSync(
    join(folder, 'huntwire.yaml'),
    `source: {api: graph}\nauth: {tenantId: t, clientId: c, clientSecret: "\${env:NOT_SET}"}\nrules: []\ntargets: {soar: {type: stdout}}\ndefaultTargets: [soar]\n`,
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(isTTY: boolean, ...words: readonly string[]) {
  const world = createFakeWorld(folder);
  const exitCode = await runCli(['report', ...words], { ...world, stdout: { ...world.stdout, isTTY } }, [reportDays]);
  return { exitCode, out: world.out(), err: world.err() };
}

describe('report', () => {
  it('gives figures of a state that does not exist yet, without secrets', async () => {
    const { exitCode, out } = await run(false, '--format', 'json', '--since', '2d');
    expect(exitCode).toBe(0);
    const document = JSON.parse(out);
    expect(document.totals).toMatchObject({ runs: 0, alerts: 0 });
    expect(Date.parse(document.to) - Date.parse(document.from)).toBe(2 * 86_400_000);
    expect(document.quota).toMatchObject([{ tenant: 'default', callsPerHour: 1400 }]);
  });

  it('says which rule files it does not know', async () => {
    const config = readFileSync(join(folder, 'huntwire.yaml'), 'utf8');
    writeFileSync(join(folder, 'broken.yaml'), 'id: broken\nquery: [\n');
    writeFileSync(join(folder, 'huntwire.yaml'), config.replace('rules: []', 'rules: [broken.yaml]'));
    const { exitCode, err } = await run(false, '--format', 'json');
    writeFileSync(join(folder, 'huntwire.yaml'), config);
    expect([exitCode, err]).toEqual([0, expect.stringMatching(/^left out: broken.yaml:/)]);
  });

  it('writes the page into a file, and says where', async () => {
    const { exitCode, out, err } = await run(true, '--output', 'page.html');
    expect([exitCode, out]).toEqual([0, '']);
    expect(err).toBe(`written to ${join(folder, 'page.html')}\n`);
    expect(readFileSync(join(folder, 'page.html'), 'utf8')).toMatch(/^<!doctype html>.*Nothing ran\./s);
  });

  it('refuses a page on a terminal, a time to come, and a folder that is not there', async () => {
    expect(await run(true)).toMatchObject({ exitCode: 2, err: expect.stringContaining('A page is for a browser') });
    expect((await run(false, '--since', '2999-01-01')).err).toContain('is not in the past');
    expect((await run(false, '--output', 'none/page.html')).err).toContain('cannot be written');
    expect((await run(false, '--since', 'soon')).err).toContain('"soon" is no time');
  });
});
