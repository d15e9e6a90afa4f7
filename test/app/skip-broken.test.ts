import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadRuleFiles } from '../../src/app/app-rules.ts';
import { readConfig } from '../../src/cli/read-config.ts';
import { silentLog } from '../../src/lib/log.ts';
import { createFakeWorld } from '../cli/fake-world.ts';

const GOOD = 'id: good\nname: G\nseverity: low\nquery: DeviceEvents\nschedule: {every: 1h}\n';
const CONFIG =
  'source: {api: local, path: data}\nrules: [rules/]\ntargets: {out: {type: stdout}}\ndefaultTargets: [out]\nstate: {path: s.db}\n';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'skip-broken-'));
  mkdirSync(join(folder, 'rules'));
  write('huntwire.yaml', CONFIG);
  write('rules/good.yaml', GOOD);
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);

async function loaded(skipsBroken: boolean) {
  const told: string[] = [];
  const log = { ...silentLog, error: (message: string, fields?: object) => told.push(JSON.stringify(fields)) };
  const rules = await loadRuleFiles(readConfig(createFakeWorld(folder), 'huntwire.yaml'), { log, skipsBroken });
  return { ids: rules.map(({ id }) => id), told };
}

describe('a host that skips what is broken', () => {
  it('leaves a broken rule out and tells it, and an id that is there twice', async () => {
    write('rules/broken.yaml', GOOD.replace('good', 'broken').replace('schedule', 'schedul'));
    write('rules/twice.yaml', GOOD);
    const { ids, told } = await loaded(true);
    expect(ids).toEqual(['good']);
    expect(told.join('\n')).toContain('Unknown key \\"schedul\\"');
    expect(told.join('\n')).toContain('The id \\"good\\" is already taken by');
    await expect(loaded(false)).rejects.toMatchObject({ code: 'RULE_INVALID' });
  });

  it.each([
    [
      'an overlay',
      () => write('huntwire.yaml', `${CONFIG}overlays: [o.yaml]\n`),
      () => write('o.yaml', 'overlays: 5\n'),
    ],
    [
      'a path that leads nowhere',
      () => write('huntwire.yaml', CONFIG.replace('rules/]', 'rules/, no/]')),
      () => undefined,
    ],
    ['all there is', () => write('rules/good.yaml', GOOD.replace('schedule', 'schedul')), () => undefined],
  ])('does not start where it is %s', async (_, one, other) => {
    one();
    other();
    await expect(loaded(true)).rejects.toMatchObject({ code: 'RULE_INVALID' });
  });
});
