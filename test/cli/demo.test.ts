import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { DemoReport } from '../../src/cli/demo/report.ts';
import { SHIPPED_RULES } from '../../src/cli/demo/stage.ts';
import { demoSettings, runDemo } from '../../src/cli/demo.ts';
import { createFakeWorld } from './fake-world.ts';

const HOUR_MS = 3_600_000;
const TEXT = { keep: false, format: 'text' };
const FAST = { ...demoSettings(createFakeWorld(), TEXT), lastMs: 2 * HOUR_MS, patienceMs: 10 * HOUR_MS };

const usual = process.env.TMPDIR;
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'demo-test-'));
  process.env.TMPDIR = folder;
});

/** The demo leaves nothing behind, however it ended. */
afterEach(() => {
  expect(readdirSync(folder)).toEqual([]);
});

afterAll(() => {
  if (usual === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = usual;
  rmSync(folder, { recursive: true });
});

describe('the demo', () => {
  it('goes at a pace that a person can follow where one looks on', () => {
    const world = createFakeWorld();
    const onTerminal = { ...world, stdout: { ...world.stdout, isTTY: true } };
    const factors = [
      demoSettings(world, TEXT),
      demoSettings(onTerminal, TEXT),
      demoSettings(world, { ...TEXT, keep: true }),
    ].map(({ factor }) => factor);
    expect(factors).toEqual([600, 60, 60]);
  });

  it('finds every attack, delivers every alert twice over, and tells nothing else', async () => {
    const world = createFakeWorld();
    expect(await runDemo(world, { keep: false, format: 'json' }, FAST)).toBe(0);
    const report = JSON.parse(world.out()) as DemoReport;
    expect(report).toMatchObject({ ok: true, hung: false, refused: [], missing: { soar: [], siem: [] } });
    expect(report.otherAlerts).toEqual([]);
    expect(report.attacks.filter((attack) => !attack.foundBy || !attack.webhook || !attack.syslog)).toEqual([]);
    expect(report.rules.filter((rule) => rule.runs === 0 || rule.failed > 0 || rule.alerts === 0)).toEqual([]);
    for (const { alerts, delivered } of report.rules) expect(delivered).toEqual({ soar: alerts, siem: alerts });
    expect(world.err()).toBe('');
  });

  it('says what was missed, and fails', async () => {
    const world = createFakeWorld();
    const rules = join(SHIPPED_RULES, 'shadow-copies-deleted.yaml');
    expect(await runDemo(world, { keep: false, format: 'text' }, { ...FAST, rules, lastMs: 20 * 60_000 })).toBe(5);
    expect(world.out()).toMatch(/One password for everybody +\d\d:\d\d +missed/);
    expect(world.out()).toMatch(/[01] of 7 attacks found/);
    expect(world.out()).not.toContain('\u001b');
  });

  it('says that it was ended where it takes longer than anybody waits', async () => {
    const world = createFakeWorld();
    expect(await runDemo(world, { keep: false, format: 'text' }, { ...FAST, patienceMs: 0 })).toBe(5);
    expect(world.out()).toContain('This machine was too slow: the demo was ended after');
  });

  it('stays until it is stopped where it is asked to', async () => {
    const world = createFakeWorld();
    const playing = runDemo(world, { keep: true, format: 'text' }, { ...FAST, lastMs: 0 });
    while (!world.out().includes('Still running')) await world.clock.sleep(20);
    expect(world.out()).toMatch(/status --config \S+huntwire\.yaml/);
    const [, address = '', token = ''] = /(http:\S+\/console\/) \(sign in with (\S+)\)/.exec(world.out()) ?? [];
    const headers = { 'sec-fetch-site': 'same-origin' };
    const body = new URLSearchParams({ token });
    const signed = await fetch(`${address}sign-in`, { method: 'POST', body, headers, redirect: 'manual' });
    const cookie = (signed.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    expect(await (await fetch(`${address}rules`, { headers: { cookie } })).text()).toContain('6 rules');
    world.stop();
    expect(await playing).toBe(5);
  });

  it('ends at once where it was stopped before it began', async () => {
    const world = createFakeWorld();
    world.stop();
    await expect(runDemo(world, { keep: false, format: 'text' }, FAST)).rejects.toMatchObject({ name: 'AbortError' });
  });
});
